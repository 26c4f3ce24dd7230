// The same echo for proxies that stand before a process: one message a line. Ends with its input.
import { answerMessage } from './echo.ts';

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (part: string) => {
  const lines = (rest + part).split('\n');
  rest = lines.pop() ?? '';
  const answers = lines.flatMap((line) => (line === '' ? [] : (answerMessage(line) ?? [])));
  if (answers.length > 0) process.stdout.write(`${answers.join('\n')}\n`);
});
process.on('SIGTERM', () => process.exit(0));
