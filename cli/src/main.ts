// The cardea command: composes the verbs with the process that they run in.
import { readFile } from 'node:fs/promises';
import { runCommand } from './frame/runCommand.ts';
import { openTerminal } from './frame/terminal.ts';
import { verbs } from './verbs/index.ts';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

endWithParent();
process.exitCode = await runCommand(process.argv.slice(2), {
  verbs,
  version,
  terminal: openTerminal(process),
  untilStopped,
  onHangup: (listener) => process.on('SIGHUP', listener),
  environment: process.env,
});

/** bin/cardea.js on an old Node hands over to us: what kills it must not leave us behind. */
function endWithParent(): void {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening alone must not keep the process running.
  process.channel?.unref();
}

function untilStopped(): AbortSignal {
  const controller = new AbortController();
  // The handler goes with the first signal: a second one ends the process as usual.
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      controller.abort();
    });
  return controller.signal;
}
