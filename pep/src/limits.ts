// What one request, one connection and the whole proxy may cost. Operators set these in pep.json, and the reference is
// made of this table; limits that nobody needs to change stand beside the code that they bound.
import { depthCeiling } from '@cardea/schemas/json';

interface Limit {
  readonly default: number;
  /** What it bounds, for the reference. */
  readonly meaning: string;
}

export const limitTable = {
  bodyBytesMax: { default: 1024 * 1024, meaning: 'body of one request' },
  jsonDepthMax: { default: 64, meaning: 'how deeply its JSON may nest' },
  headerBytesMax: { default: 16 * 1024, meaning: 'headers of one request' },
  connectionsMax: {
    default: 4_096,
    meaning: 'open connections of clients: past it the one that is idle for longest is closed',
  },
  requestsMax: {
    default: 1_024,
    meaning: 'requests at once, from their headers to the end of their answers',
  },
  streamsMax: {
    default: 2_048,
    meaning: 'streams at once on which clients listen: they are no requests, and each takes a connection',
  },
  streamsPerGrantMax: { default: 64, meaning: 'the same of one grant' },
  cachedVerdictsMax: { default: 65_536, meaning: 'verdicts kept in this process' },
  heldBytesMax: {
    default: 128 * 1024 * 1024,
    meaning: 'bytes held at once of answers that have not come whole or that clients do not read',
  },
  decisionTimeoutMs: { default: 2_000, meaning: 'how long the decision service may take for one verdict' },
  headersTimeoutMs: { default: 10_000, meaning: 'how long the headers of a request may take to arrive' },
  requestTimeoutMs: { default: 30_000, meaning: 'how long a whole request may take to arrive' },
  keepAliveTimeoutMs: {
    default: 75_000,
    meaning: 'how long an idle connection stays open: longer than a load balancer in front keeps its own',
  },
  drainTimeoutMs: { default: 10_000, meaning: 'how long a proxy that ends waits for what runs' },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limitTable;

export type ProxyLimits = Readonly<Record<LimitName, number>>;

/** Throws RangeError for a limit that is no positive integer, which would switch it off, or beyond what is safe. */
export function resolveProxyLimits(limits: Partial<ProxyLimits> = {}): ProxyLimits {
  const defaults = Object.entries(limitTable).map(([name, limit]) => [name, limit.default]);
  const resolved = { ...Object.fromEntries(defaults), ...limits } as ProxyLimits;
  if (resolved.jsonDepthMax > depthCeiling) throw new RangeError(`jsonDepthMax may be ${depthCeiling}`);
  for (const [name, limit] of Object.entries(resolved)) {
    if (!Object.hasOwn(limitTable, name)) throw new RangeError(`there is no limit ${name}`);
    if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError(`${name} must be a positive integer`);
  }
  return resolved;
}
