// A publisher that goes on until it is killed: `publishForever.ts ARCHIVE KEYFILE`. Every round is a bundle that nobody
// has seen, open and closed in turn, over many files, so that a kill can hit any step. Prints a line for each head.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DirectoryArchive, loadInstalledEngine, publish } from '@cardea/bundles';
import { parseSignerKey } from '@cardea/schemas/note';
import { pinGuardrail } from '../../../pdp/test/mcpSources.ts';
import type { SourceFiles } from '../../../pdp/test/testArchive.ts';
import { closedSources, openSources } from './twoBundles.ts';

const [directory = '', keyFile = ''] = process.argv.slice(2);
const signer = parseSignerKey(readFileSync(keyFile, 'utf8'));
const engine = await loadInstalledEngine();
const guardrails = await pinGuardrail();
const filesARound = 8;

process.stdout.write('begins\n');
for (let round = 0; ; round += 1) {
  const notes = Array.from({ length: filesARound }, (_, at): [string, string] => [
    `policies/note${at}.cedar`,
    `// ${randomUUID()}\n`,
  ]);
  const sources: SourceFiles = {
    ...(round % 2 === 0 ? openSources : closedSources),
    ...Object.fromEntries(notes),
  };
  const files = Object.entries(sources).map(([path, text]) => [path, Buffer.from(text)] as const);
  const result = await publish(
    { files: new Map(files), tests: new Map() },
    {
      archive: new DirectoryArchive(directory),
      signer,
      publishers: [signer.verifier],
      engine,
      guardrails,
      runTests: () => Promise.resolve([]),
    },
  );
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
  process.stdout.write(`${result.head.seq}\n`);
}
