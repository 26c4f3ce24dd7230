// `npm run generate`: writes the files that are made from code; with --check it only compares. What each file holds is
// decided beside the table that it shows.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { generatedFiles } from './generatedFiles.js';

const checking = process.argv.includes('--check');
const stale = [];
for (const [path, content] of Object.entries(await generatedFiles())) {
  const wanted = path.endsWith('.md')
    ? await format(content, { ...(await resolveConfig(path)), filepath: path })
    : content;
  const present = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (present === wanted) continue;
  stale.push(path);
  if (checking) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wanted);
}
if (stale.length > 0) console.log(`${checking ? 'out of date: ' : 'written: '}${stale.join(', ')}`);
process.exitCode = checking && stale.length > 0 ? 1 : 0;
