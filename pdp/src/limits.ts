// What one request, one connection and one worker may cost. Operators set these; limits that nobody needs to change
// stand beside the code that they bound.
import { depthCeiling } from '@cardea/schemas/json';

export interface ServiceLimits {
  /** Of one request. */
  readonly bodyBytesMax: number;
  readonly jsonDepthMax: number;
  /** JSON values of one request, read or not: what a parsed body takes of memory. */
  readonly jsonValuesMax: number;
  readonly headerBytesMax: number;
  /** Elements of one batch. */
  readonly batchItemsMax: number;
  /** Context paths that the policies for one request may read: the length of `dependsOn`. */
  readonly pathsReadMax: number;
  /** Resources named in one discovery. */
  readonly discoverItemsMax: number;
  /** Requests at once in one worker, from their headers to the end of their answers. */
  readonly requestsMax: number;
  /** Bodies of more than 16 KB in one worker, until their requests are answered. */
  readonly heldBytesMax: number;
  /** What one caller may have of the requests at once, the held bytes, the long tasks that wait, and the streams. */
  readonly callerSharePercentMax: number;
  /**
   * In one worker; each evaluation of a batch counts, and each candidate of a discovery or a search, and of large
   * requests what they hold.
   */
  readonly callerRequestsPerSecondMax: number;
  /** Requests from one address that come with no known credential, in one worker. */
  readonly attemptsPerSecondMax: number;
  /** Batches, searches, discoveries and large requests at once in one worker, and those that wait for their turn. */
  readonly longTasksMax: number;
  readonly longTasksQueuedMax: number;
  readonly longTaskTimeoutMs: number;
  readonly connectionsMax: number;
  /** Of one address, on which no right credential has come; past either limit the oldest of them gives way. */
  readonly strangersMax: number;
  /** Streams of authority statements in one worker. */
  readonly streamsMax: number;
  /** From the first byte to the end of the headers, and to the end of the request: against slow senders. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How long an idle connection stays open: longer than a load balancer in front keeps its own. */
  readonly keepAliveTimeoutMs: number;
  /** A worker that is longer in one call into the engine is replaced. */
  readonly decisionTimeoutMs: number;
  /** How long a closing service waits for what runs. */
  readonly drainTimeoutMs: number;
}

export const defaultServiceLimits: ServiceLimits = Object.freeze({
  bodyBytesMax: 1024 * 1024,
  jsonDepthMax: 64,
  jsonValuesMax: 32_768,
  headerBytesMax: 16 * 1024,
  batchItemsMax: 256,
  pathsReadMax: 1_024,
  discoverItemsMax: 2_048,
  requestsMax: 512,
  heldBytesMax: 64 * 1024 * 1024,
  callerSharePercentMax: 50,
  callerRequestsPerSecondMax: 50_000,
  attemptsPerSecondMax: 100,
  longTasksMax: 4,
  longTasksQueuedMax: 256,
  longTaskTimeoutMs: 10_000,
  connectionsMax: 4_096,
  strangersMax: 512,
  streamsMax: 256,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 75_000,
  decisionTimeoutMs: 2_000,
  drainTimeoutMs: 10_000,
});

/** Throws RangeError for a limit that is no positive integer, which would switch it off, or beyond what is safe. */
export function resolveServiceLimits(limits: Partial<ServiceLimits> = {}): ServiceLimits {
  const resolved = { ...defaultServiceLimits, ...limits };
  if (resolved.jsonDepthMax > depthCeiling) throw new RangeError(`jsonDepthMax may be ${depthCeiling}`);
  if (resolved.callerSharePercentMax > 100) throw new RangeError('callerSharePercentMax may be 100');
  if (resolved.bodyBytesMax > shareOf(resolved.heldBytesMax, resolved))
    throw new RangeError('bodyBytesMax may be the share of one caller in heldBytesMax');
  for (const [name, limit] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError(`${name} must be a positive integer`);
  }
  return resolved;
}

/** What one caller may have of so many. */
export function shareOf(max: number, { callerSharePercentMax }: ServiceLimits): number {
  return Math.ceil((max * callerSharePercentMax) / 100);
}
