// Starts a proxy, keeps looking at its files, and ends it in good order.
import type { WireReadiness } from '@cardea/schemas/wire';
import { createProbes } from '../health/probes.ts';
import { judgeReadiness } from '../health/readiness.ts';
import type { ProxyLimits } from '../limits.ts';
import { Listener } from './listener.ts';
import { pollMsDefault, requireOptions, type ProxyOptions } from './options.ts';
import { lookAtFiles, pollFiles } from './pollFiles.ts';
import { makeParts, type ProxyParts } from './proxyParts.ts';

export interface RunningProxy {
  /** Where clients find it; a server is at `<url>/<id>/mcp`. */
  readonly url: string;
  /** Where metrics and probes are, if they are on. */
  readonly metricsUrl: string | undefined;
  /** Looks at all files at once, without waiting for the next look. */
  readonly reload: () => Promise<void>;
  /** Stops accepting, lets calls come to their end, and resolves when nothing is left. */
  readonly close: () => Promise<void>;
}

/** For the first statement and its bundle: without them the proxy comes up all the same, and is not ready. */
const settleMs = 3_000;

/**
 * Resolves when it listens. Rejects where it cannot, for options out of range (RangeError), for a grants file that is not
 * right (JsonRefusal), and for a secret that cannot be read (SecretFault).
 */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  requireOptions(options);
  const { config, metrics, log = () => undefined, pollMs = pollMsDefault } = options;
  const parts = await makeParts(options, log);
  const { authority, handler, telemetry } = parts;
  const stop = new AbortController();
  let isDraining = false;
  let polling = Promise.resolve();
  const readiness = (): WireReadiness => judgeReadiness({ ...parts, isDraining: () => isDraining });
  const probe = createProbes({ readiness });
  const clients = new Listener((request, response) => {
    if (!probe(request, response)) handler.handle(request, response);
  }, config.limits);
  const watchers = listenForWatchers(parts, readiness, config.limits);
  const end = async (): Promise<void> => {
    log({ event: 'closing' });
    isDraining = true;
    handler.drain();
    await clients.drain(config.limits.drainTimeoutMs);
    stop.abort();
    await polling;
    await authority.close();
    await handler.close();
    await parts.usage.close();
    parts.shared.close();
    await watchers.drain(config.limits.drainTimeoutMs);
    await telemetry.flush();
    log({ event: 'closed' });
  };
  try {
    const metricsUrl = metrics === undefined ? undefined : await watchers.open(metrics.host, metrics.port);
    await authority.settle(settleMs);
    const url = await clients.open(config.listen.host, config.listen.port);
    polling = pollFiles(parts, pollMs, stop.signal);
    log({ event: 'listening', address: url });
    let closing: Promise<void> | undefined;
    return { url, metricsUrl, reload: () => lookAtFiles(parts), close: () => (closing ??= end()) };
  } catch (fault) {
    await end();
    throw fault;
  }
}

/** Metrics name servers and tools, so they are not shown where clients are. */
function listenForWatchers(
  { telemetry: { scrape } }: ProxyParts,
  readiness: () => WireReadiness,
  limits: ProxyLimits,
): Listener {
  const probe = createProbes({ readiness, ...(scrape === undefined ? {} : { metrics: scrape }) });
  return new Listener((request, response) => {
    if (!probe(request, response)) response.writeHead(404).end();
  }, limits);
}
