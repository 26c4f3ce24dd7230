// The proxy of one machine, with the sample server behind it: a real MCP server that nobody reaches around the proxy,
// since it takes one credential and only the proxy has it.
import { FloorFile } from '@cardea/bundles/authority';
import type { Trust } from '@cardea/bundles/open';
import { readProxyConfig, startProxy, type Log } from '@cardea/pep';
import { serveDesk } from '../mcp/desk/serveDesk.ts';
import { Shop } from '../mcp/desk/shop.ts';
import { failToStart } from '../service/runDecisionService.ts';
import { issueGrants } from './localGrants.ts';
import { sampleServer } from './sampleServer.ts';
import type { StateFolder } from './stateFolder.ts';

export interface LocalProxyOptions {
  readonly trust: Trust;
  readonly host: string;
  readonly port: number;
  /** Where the decision service is. */
  readonly decision: string;
  readonly log: Log;
  /** Told of each tool that the sample server runs. */
  readonly onCall: (tool: string) => void;
}

export interface LocalProxy {
  /** Where clients find the sample server. */
  readonly url: string;
  /** Lets running calls come to their end. */
  readonly close: () => Promise<void>;
}

/** Throws Failure where the proxy cannot start. */
export async function startLocalProxy(state: StateFolder, options: LocalProxyOptions): Promise<LocalProxy> {
  const { trust, host, port, decision, log, onCall } = options;
  const grants = issueGrants(state, Date.now());
  const desk = await serveDesk({ shop: new Shop(), token: state.token('desk'), json: true, onCall });
  try {
    const config = {
      listen: { host, port },
      // There is no other proxy.
      usage: 'process',
      decision: { url: decision, tokenFile: 'tokens/proxy' },
      servers: [
        {
          id: sampleServer,
          upstream: desk.url,
          credential: { header: 'authorization', prefix: 'Bearer ', value: 'file:tokens/desk' },
        },
      ],
    };
    const proxy = await failToStart(() =>
      startProxy({
        config: readProxyConfig(JSON.stringify(config), state.directory),
        source: state.archive,
        trust,
        authority: {
          verifiers: [state.key('authority').verifier],
          floors: new FloorFile(state.path('proxy-floor.json')),
        },
        grants,
        environment: {},
        log,
      }),
    );
    const close = async (): Promise<void> => {
      await proxy.close();
      await desk.close();
    };
    return { url: `${proxy.url}/${sampleServer}/mcp`, close };
  } catch (fault) {
    await desk.close();
    throw fault;
  }
}
