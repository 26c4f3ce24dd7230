// Every link in the documents leads somewhere, and every command of the README's blocks exists in package.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const documents = [
  'README.md',
  ...listMarkdown('docs'),
  ...listMarkdown('policies'),
  ...listMarkdown('examples'),
];
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

function listMarkdown(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
}

function headingsOf(text) {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function checkLink(document, target) {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path, anchor] = target.split('#');
  const file = path === '' ? document : normalize(join(dirname(document), path));
  if (!existsSync(file)) return `${document}: ${target} leads nowhere`;
  if (!anchor || !file.endsWith('.md')) return undefined;
  return headingsOf(readFileSync(file, 'utf8')).includes(anchor)
    ? undefined
    : `${document}: no heading for ${target}`;
}

const problems = documents.flatMap((document) => {
  const text = readFileSync(document, 'utf8');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => checkLink(document, target));
  const commands = [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)]
    .filter(([, name]) => !(name in scripts))
    .map(([, name]) => `${document}: npm run ${name} does not exist`);
  return [...links, ...commands].filter((problem) => problem !== undefined);
});
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
