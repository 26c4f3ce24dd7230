#!/usr/bin/env node
// Plain JavaScript for Node 20: finds a runtime that runs TypeScript as it stands, then hands over to src/main.ts.
// Node 22.18 and later strip types; `npm ci` installs such a Node beside us where its optional download succeeded.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

if (process.features.typescript) {
  rememberCode();
  await import('../src/main.ts');
} else handOver(findInstalledNode());

/**
 * Stripped and compiled once, not in every thread of every start. Beside the sources: whoever can write there can write
 * those too, which is not so of a folder for temporary files.
 */
function rememberCode() {
  const folder = findAbove('node_modules');
  if (folder === undefined) return;
  // Threads read it from the environment.
  process.env.NODE_COMPILE_CACHE ??= join(folder, '.cache', 'cardea', 'code');
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
}

/** The pinned runtime of the nearest node_modules above this file, unless it is the one that runs already. */
function findInstalledNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidate = findAbove('node_modules', 'node', 'bin', name);
  return candidate !== undefined && realpathSync(candidate) === realpathSync(process.execPath)
    ? undefined
    : candidate;
}

function findAbove(...names) {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, ...names);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
    folder = dirname(folder);
  }
}

function handOver(node) {
  if (node === undefined) return refuse();
  // Over the channel it notices when we are killed, and ends too.
  const child = spawn(node, process.argv.slice(1), { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  // A supervisor signals only us. A terminal signals the whole group: passed on, its SIGINT would arrive twice, and
  // the second one ends a verb that is ending in good order.
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGHUP'])
    process.on(signal, () => process.stdin.isTTY || child.kill(signal));
  child.on('error', refuse);
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

function refuse() {
  console.error(
    `cardea needs Node 22.18 or later and found ${process.version}: install a newer one, or run \`npm ci\` again.`,
  );
  process.exitCode = 1;
}
