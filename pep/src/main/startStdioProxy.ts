// A proxy for one client on standard streams, before one server that it starts: the steps of a call are those of every
// proxy, and nobody else reaches it.
import type { Readable, Writable } from 'node:stream';
import { Refusal } from '@cardea/schemas/codes';
import { Catalogs } from '../serve/catalog.ts';
import { InnerConnections } from '../stdio/innerConnections.ts';
import { LineClient } from '../stdio/lineClient.ts';
import type { FindMirrored } from '../stdio/messageHeaders.ts';
import { Listener } from './listener.ts';
import { pollMsDefault, requireOptions, type ProxyOptions } from './options.ts';
import { lookAtFiles, pollFiles } from './pollFiles.ts';
import { makeParts, type ProxyParts } from './proxyParts.ts';

export interface StdioProxyOptions extends ProxyOptions {
  /** The id of the one that is meant. */
  readonly server: string;
  /** Of a grant, for the client. */
  readonly token: string;
  readonly input: Readable;
  readonly output: Writable;
}

export interface RunningStdioProxy {
  /** Resolves when the client has ended its input and has its answers, or the server is gone. */
  readonly finished: Promise<'client' | 'server'>;
  readonly reload: () => Promise<void>;
  /** Resolves when nothing is left. */
  readonly close: () => Promise<void>;
}

const settleMs = 3_000;

/** Rejects as `startProxy` does. */
export async function startStdioProxy(options: StdioProxyOptions): Promise<RunningStdioProxy> {
  requireOptions(options);
  const { config, server, token, input, output, log = () => undefined, pollMs = pollMsDefault } = options;
  const parts = await makeParts(options, log);
  const inner = new Listener((request, response) => {
    parts.handler.handle(request, response);
  }, config.limits);
  const agent = new InnerConnections((connection) => {
    inner.accept(connection);
  });
  const stop = new AbortController();
  const { promise: finished, resolve } = Promise.withResolvers<'client' | 'server'>();
  const client = new LineClient({
    ...{ path: `/${server}/mcp`, token, agent, output, limits: config.limits },
    findMirrored: mirroredIn(parts, server),
    onLost: () => {
      resolve('server');
    },
  });
  await parts.authority.settle(settleMs);
  const polling = pollFiles(parts, pollMs, stop.signal);
  const end = async (): Promise<void> => {
    // Nothing else is heard, and nothing holds the process back.
    input.destroy();
    client.close();
    parts.handler.drain();
    stop.abort();
    await polling;
    await parts.authority.close();
    await parts.handler.close();
    agent.destroy();
    await parts.telemetry.flush();
  };
  input.on('data', (chunk: Buffer) => {
    client.receive(chunk);
  });
  const leave = (): void => {
    const late = setTimeout(resolve, config.limits.drainTimeoutMs, 'client');
    void client.settle().then(() => {
      clearTimeout(late);
      resolve('client');
    });
  };
  for (const event of ['end', 'close', 'error']) input.once(event, leave);
  let closing: Promise<void> | undefined;
  return { finished, reload: () => lookAtFiles(parts), close: () => (closing ??= end()) };
}

/** By the catalog that is current. What cannot be known is not repeated, and then refused. */
function mirroredIn({ authority }: ProxyParts, server: string): FindMirrored {
  const catalogs = new Catalogs(authority);
  return (tool) => {
    try {
      return catalogs.view(server).view.findTool(tool)?.mirrored ?? [];
    } catch (fault) {
      if (fault instanceof Refusal) return [];
      throw fault;
    }
  };
}
