// `npm test`: finds what the tests need beyond npm, runs them, and ends with one line of counts. A service that is
// missing is installed where that is possible, and otherwise named; with CI set it fails the run.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';

const resultsFile = 'node_modules/.cache/test-results.json';

/** Services by the program that has to be on the PATH; `variable` tells the tests where it is. */
const services = [
  { name: 'Chromium', program: 'chromium', package: 'chromium', variable: 'CARDEA_CHROMIUM' },
  { name: 'OpenSSL', program: 'openssl', package: 'openssl', variable: 'CARDEA_OPENSSL' },
  { name: 'curl', program: 'curl', package: 'curl', variable: 'CARDEA_CURL' },
  { name: 'Redis', program: 'redis-server', package: 'redis-server', variable: 'CARDEA_REDIS_SERVER' },
];

function find(program) {
  const { status, stdout } = spawnSync('which', [program], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function install(debianPackage) {
  if (process.getuid?.() !== 0 || find('apt-get') === undefined) return;
  console.error(`Installing ${debianPackage} from Debian's packages, once.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
  const flags = ['install', '-y', '-qq', '--no-install-recommends', debianPackage];
  spawnSync('apt-get', flags, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

function locate(service) {
  const given = process.env[service.variable];
  if (given) return given;
  if (find(service.program) === undefined) install(service.package);
  return find(service.program);
}

const env = { ...process.env };
for (const service of services) {
  const path = locate(service);
  if (path !== undefined) env[service.variable] = path;
  else
    console.error(
      `${service.name} is not installed: its tests are skipped. Install it or set ${service.variable}.`,
    );
  if (path === undefined && process.env.CI) process.exitCode = 1;
}

function runJest() {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const flags = [...process.argv.slice(2), '--json', `--outputFile=${resultsFile}`];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...jest, ...flags], {
      env,
      stdio: ['inherit', 'ignore', 'inherit'],
    });
    child.on('close', resolve);
  });
}

mkdirSync('node_modules/.cache', { recursive: true });
rmSync(resultsFile, { force: true });
const code = await runJest();
const results = JSON.parse(readFileSync(resultsFile, 'utf8'));
// A suite that could not start ran no test: it counts as one that failed.
const failures = results.numFailedTests + results.numRuntimeErrorTestSuites;
const skipped = results.numPendingTests + results.numTodoTests;
console.log(
  `${results.numPassedTests} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
);
if (code !== 0) process.exitCode = code;
