// A server on standard streams that does what a test asks of it, in its arguments or in the name of a tool: well-behaved in
// what it answers, and otherwise anything that a process can be.
import { spawn } from 'node:child_process';

const [, , ...habits] = process.argv;
const has = (habit: string): boolean => habits.includes(habit);

if (has('exits')) process.exit(3);
if (has('ignores-term')) process.on('SIGTERM', () => undefined);
if (has('noisy')) process.stdout.write('Listening on stdio\n{"not": "a message"}\nnull\n{broken\n\n');
if (has('complains')) process.stderr.write('x'.repeat(1_000_000));
if (has('forks')) {
  // One stays in the group, one leaves it; neither listens to anybody.
  const sleeper = ['-e', "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)"];
  for (const detached of [false, true])
    spawn(process.execPath, sleeper, { stdio: 'ignore', detached }).unref();
}
// Its input may end: it does not.
if (has('stays')) setInterval(() => undefined, 1_000);

interface Incoming {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: {
    readonly name?: string;
    readonly arguments?: Readonly<Record<string, unknown>>;
    readonly requestId?: unknown;
    readonly _meta?: { readonly progressToken?: unknown };
  };
}

const cancelled: unknown[] = [];
const answers: unknown[] = [];
let questions = 0;

const say = (message: object): void => {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
};
const text = (id: Incoming['id'], value: string): void => {
  say({ id, result: { content: [{ type: 'text', text: value }] } });
};

const tools: Readonly<Record<string, (message: Incoming) => void>> = {
  echo: ({ id, params }) => {
    text(id, String(params?.arguments?.['text']));
  },
  environment: ({ id }) => {
    text(id, JSON.stringify({ ...process.env, ids: [process.getuid?.(), process.getgid?.()] }));
  },
  pid: ({ id }) => {
    text(id, String(process.pid));
  },
  cancelled: ({ id }) => {
    text(id, JSON.stringify(cancelled));
  },
  answers: ({ id }) => {
    text(id, JSON.stringify(answers));
  },
  progress: ({ id, params }) => {
    say({
      method: 'notifications/progress',
      params: { progressToken: params?._meta?.progressToken, progress: 1 },
    });
    text(id, 'done');
  },
  log: ({ id }) => {
    say({ method: 'notifications/message', params: { level: 'info', data: 'said' } });
    text(id, 'logged');
  },
  change: ({ id }) => {
    say({ method: 'notifications/tools/list_changed' });
    text(id, 'changed');
  },
  ask: ({ id }) => {
    questions += 1;
    say({ id: `question ${questions}`, method: 'roots/list' });
    text(id, 'asked');
  },
  never: () => undefined,
  later: ({ id, params }) => {
    setTimeout(text, Number(params?.arguments?.['ms']), id, 'late');
  },
  exit: () => process.exit(1),
  long: ({ id, params }) => {
    const bytes = Number(params?.arguments?.['bytes']);
    const piece = 'x'.repeat(1_000_000);
    for (let left = bytes; left > 0; left -= piece.length) process.stdout.write(piece);
    process.stdout.write('\n');
    text(id, 'after a long line');
  },
  flood: ({ id, params }) => {
    const token = params?._meta?.progressToken;
    for (let at = 1; at <= 1_000; at += 1)
      say({
        method: 'notifications/progress',
        params: { progressToken: token, progress: at, message: 'x'.repeat(1_000) },
      });
    text(id, 'flooded');
  },
  unasked: ({ id }) => {
    say({ id: 4711, result: {} });
    text(id, 'and this');
  },
};

function handle(line: string): void {
  const message = JSON.parse(line) as Incoming | Incoming[];
  if (Array.isArray(message)) {
    for (const one of message) answer(one);
    return;
  }
  answer(message);
}

function answer(message: Incoming): void {
  const { id, method, params } = message;
  if (method === 'initialize') {
    const capabilities = { tools: { listChanged: true }, logging: {} };
    const result = {
      protocolVersion: '2025-11-25',
      capabilities,
      serverInfo: { name: 'stdio', version: '1' },
    };
    say({ id, result });
  } else if (method === 'notifications/cancelled') cancelled.push(params?.requestId);
  else if (method === undefined) answers.push(message);
  else if (method === 'tools/call') tools[params?.name ?? '']?.(message);
  else if (id !== undefined) say({ id, result: { tools: Object.keys(tools).map(describe) } });
}

function describe(name: string): object {
  const properties = { text: { type: 'string' }, ms: { type: 'number' }, bytes: { type: 'number' } };
  return { name, description: `Does ${name}.`, inputSchema: { type: 'object', properties } };
}

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (part: string) => {
  const lines = (rest + part).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) handle(line);
});
