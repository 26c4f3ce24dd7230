// A publisher that goes on until it is killed: `publishLoop.ts ARCHIVE KEYFILE ROUNDS`. Every round changes many files,
// so that a kill can hit any step. Prints a line when it begins, and one for each head that it moved.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseSignerKey } from '@cardea/schemas/note';
import { DirectoryArchive } from '../src/archive/directoryArchive.ts';
import { publish } from '../src/publish.ts';
import { engine, guardrails, makeSources } from './sample.ts';

const [directory = '', keyFile = '', rounds = ''] = process.argv.slice(2);
const signer = parseSignerKey(readFileSync(keyFile, 'utf8'));
const filesARound = 8;

process.stdout.write('begins\n');
for (let round = 0; round < Number(rounds); round += 1) {
  const added = Array.from({ length: filesARound }, (_, at) => [
    `policies/p${at}.cedar`,
    `// ${randomUUID()}\n`,
  ]);
  const result = await publish(makeSources(Object.fromEntries(added) as Record<string, string>), {
    archive: new DirectoryArchive(directory),
    signer,
    publishers: [signer.verifier],
    engine,
    guardrails,
    runTests: () => Promise.resolve([]),
  });
  if (result.kind === 'refused') throw new Error('the sample was refused');
  process.stdout.write(`${result.head.seq}\n`);
}
