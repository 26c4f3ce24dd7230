// The engine in a real browser, unchanged: Chromium loads the very sources through an import map, decides a table of
// requests, and its verdicts have to be those of this process, byte for byte.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideAll } from './decideAll.ts';

const chromium = process.env['CARDEA_CHROMIUM'];
const answerTimeoutMs = 60_000;
const wasmUrl = new URL('cedar_wasm_bg.wasm', import.meta.resolve('@cedar-policy/cedar-wasm'));
const root = new URL('../../../', import.meta.url);

const importMap = {
  imports: {
    '@cardea/engine': '/engine/src/index.ts',
    '@cardea/schemas/cedar': '/schemas/src/cedar/index.ts',
    '@cardea/schemas/codes': '/schemas/src/codes/index.ts',
    '@cardea/schemas/json': '/schemas/src/json/index.ts',
  },
};

const page = `<!doctype html><title>engine</title>
<script type="importmap">${JSON.stringify(importMap)}</script>
<script type="module">
const post = (text) => fetch('/answer', { method: 'POST', body: text });
try {
  const { decideAll } = await import('/integration-tests/src/browser/decideAll.ts');
  const bytes = await (await fetch('/engine.wasm')).arrayBuffer();
  await post(decideAll(await WebAssembly.compile(bytes)));
} catch (error) { await post('failed: ' + (error.stack ?? error)); }
</script>`;

describe('the engine in a browser', () => {
  let server: Server;
  let profile: string;
  let browser: ChildProcess | undefined;
  const answer = Promise.withResolvers<string>();

  beforeAll(async () => {
    server = createServer((request, response) => {
      serve(request, response, answer.resolve);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    profile = mkdtempSync(join(tmpdir(), 'cardea-browser-'));
  });

  afterAll(async () => {
    browser?.kill('SIGKILL');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  (chromium === undefined ? it.skip : it)(
    'gives the verdicts that it gives here',
    async () => {
      const { port } = server.address() as AddressInfo;
      const quiet = '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync';
      const offline = '--disable-background-networking --disable-component-update';
      const flags = [...`${quiet} ${offline}`.split(' '), `--user-data-dir=${profile}`];
      browser = spawn(chromium ?? '', [...flags, `http://127.0.0.1:${port}/`], { stdio: 'ignore' });
      const here = decideAll(new WebAssembly.Module(readFileSync(wasmUrl)));
      expect(await answer.promise).toBe(here);
      expect(JSON.parse(here)).toContainEqual(
        expect.objectContaining({ kind: 'hold', approvers: ['finance'] }),
      );
    },
    answerTimeoutMs,
  );
});

function serve(request: IncomingMessage, response: ServerResponse, resolve: (text: string) => void): void {
  const path = request.url ?? '/';
  const send = (type: string, body: string | Uint8Array): void => {
    response.writeHead(200, { 'content-type': type }).end(body);
  };
  if (path === '/') send('text/html', page);
  else if (path === '/engine.wasm') send('application/wasm', readFileSync(wasmUrl));
  else if (path === '/answer') {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      resolve(text);
      send('text/plain', '');
    });
  } else if (path.endsWith('.ts')) {
    send('text/javascript', stripTypeScriptTypes(readFileSync(new URL(`.${path}`, root), 'utf8')));
  } else response.writeHead(404).end();
}
