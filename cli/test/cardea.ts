// The real command as a child process, in the folder of fixtures, without a terminal.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const fixtures = fileURLToPath(new URL('../test-fixtures', import.meta.url));
export const command = fileURLToPath(new URL('../bin/cardea.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function start(words: readonly string[], folder: string = fixtures): ChildProcess {
  return spawn(process.execPath, [command, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs to its end. */
export function cardea(...words: string[]): Promise<Ended> {
  return collect(start(words));
}

/** Waits for texts on standard output, each behind the one before. */
export function follow(child: ChildProcess): (text: string) => Promise<void> {
  const out = child.stdout as NodeJS.EventEmitter;
  let unseen = '';
  out.on('data', (text: string) => (unseen += text));
  return async (text) => {
    while (!unseen.includes(text)) await once(out, 'data');
    unseen = unseen.slice(unseen.indexOf(text) + text.length);
  };
}

export function collect(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, out, err });
    });
  });
}
