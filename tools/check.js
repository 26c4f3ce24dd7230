// `npm run check`: everything that can be judged without running the product. Each step is one command; all of them
// run, so that one pass shows every finding.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const { workspaces: packages } = JSON.parse(readFileSync('package.json', 'utf8'));
const node = process.execPath;
const bin = (name) => ['node_modules/.bin/' + name];

const steps = [
  { name: 'types', command: [...bin('tsc')] },
  { name: 'lint', command: [...bin('eslint'), '.'] },
  { name: 'walls', command: [...bin('depcruise'), ...packages, '--output-type', 'json'], judge: judgeWalls },
  { name: 'unused code', command: [...bin('knip')] },
  { name: 'generated files', command: [node, 'tools/generate.js', '--check'] },
  { name: 'documents', command: [node, 'tools/checkDocuments.js'] },
  { name: 'format', command: [...bin('prettier'), '--check', '--log-level', 'warn', '.'] },
];

function run([program, ...flags]) {
  return new Promise((resolve) => {
    const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    const out = [];
    const all = [];
    child.stdout.on('data', (chunk) => (out.push(chunk), all.push(chunk)));
    child.stderr.on('data', (chunk) => all.push(chunk));
    child.on('close', (code) =>
      resolve({ code, out: String(Buffer.concat(out)), all: String(Buffer.concat(all)) }),
    );
  });
}

/** A cruise that saw nothing finds nothing: the walls count only when every source file was looked at. */
function judgeWalls({ out }) {
  const { modules, summary } = JSON.parse(out);
  const seen = new Set(modules.map((module) => module.source));
  const missed = packages.flatMap(listSources).filter((file) => !seen.has(file));
  const found = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`);
  const problems = [...found, ...missed.map((file) => `not looked at: ${file}`)];
  return { ok: problems.length === 0, text: problems.join('\n'), note: `${seen.size} modules` };
}

function listSources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => `${entry.parentPath}/${entry.name}`);
}

let failed = 0;
for (const { name, command, judge } of steps) {
  const start = performance.now();
  const result = await run(command);
  const { ok, text, note } = judge?.(result) ?? { ok: result.code === 0, text: result.all, note: '' };
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${[note, `${seconds} s`].filter(Boolean).join(', ')})`);
  if (!ok) {
    failed += 1;
    console.log(text.trimEnd().replace(/^/gm, '     '));
  }
}
console.log(`check: ${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
