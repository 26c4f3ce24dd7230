// Proxies from npm. Both stand before a process that speaks over its standard input and output, and get the same echo
// that way; all calls share one session, which is one such process.
import { fileURLToPath } from 'node:url';
import { stdioEcho as echo } from '../upstream/stdioEcho.ts';
import { ProxyProcess } from '../proxy/proxyProcess.ts';
import type { Contender } from './contender.ts';
import type { InstalledSetup } from './installed/main.ts';

export const mcpProxy: Contender = {
  name: 'mcp-proxy',
  hasSessions: true,
  mayFail: true,
  start: () =>
    start({
      program: fileURLToPath(import.meta.resolve('mcp-proxy/dist/bin/mcp-proxy.mjs')),
      args: ['--port', '{port}', '--server', 'stream', '--', process.execPath, echo],
    }),
};

export const supergateway: Contender = {
  name: 'supergateway',
  hasSessions: true,
  mayFail: true,
  start: () =>
    start({
      program: fileURLToPath(import.meta.resolve('supergateway/dist/index.js')),
      args: [
        ...['--stdio', `"${process.execPath}" "${echo}"`],
        ...['--outputTransport', 'streamableHttp', '--stateful', '--port', '{port}', '--logLevel', 'none'],
      ],
    }),
};

function start(setup: InstalledSetup): Promise<ProxyProcess> {
  return ProxyProcess.start(new URL('./installed/main.ts', import.meta.url), setup);
}
