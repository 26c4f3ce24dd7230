// The limits of a decision service, as words of a command line: bodyBytesMax=2097152.
import { defaultServiceLimits, type ServiceLimits } from '@cardea/pdp';
import { Failure } from '../frame/failure.ts';
import { suggest } from '../frame/nearest.ts';

/** For the reference. */
export const limitMeanings: Readonly<Record<keyof ServiceLimits, string>> = {
  bodyBytesMax: 'body of one request',
  jsonDepthMax: 'how deeply its JSON may nest',
  jsonValuesMax: 'JSON values in it, read or not',
  headerBytesMax: 'headers of one request',
  batchItemsMax: 'evaluations of one batch',
  pathsReadMax: 'context paths that the policies for one request may read',
  discoverItemsMax: 'resources that one discovery may name',
  requestsMax: 'requests at once in one worker',
  heldBytesMax: 'bodies of more than 16 KB in one worker, until their requests are answered',
  callerSharePercentMax:
    'what one caller may have of requestsMax, heldBytesMax, longTasksQueuedMax and streamsMax, in per cent; callers of ' +
    'the same name are one',
  callerRequestsPerSecondMax:
    'requests of one caller in one worker; each evaluation of a batch counts, and each candidate of a discovery or a ' +
    'search, and of large requests what they hold',
  attemptsPerSecondMax: 'requests from one address to one worker that come with no known credential',
  longTasksMax:
    'batches, searches, discoveries and large requests at once in one worker; one caller has one less at most',
  longTasksQueuedMax: 'how many of those wait for their turn',
  longTaskTimeoutMs: 'how long one of those may take',
  connectionsMax: 'open connections of one worker',
  strangersMax:
    'those of one address on which no right credential has come; past either limit the oldest of them gives way',
  streamsMax: 'streams of authority statements in one worker',
  headersTimeoutMs: 'how long the headers of a request may take to arrive',
  requestTimeoutMs: 'how long a whole request may take to arrive',
  keepAliveTimeoutMs:
    'how long an idle connection stays open: longer than a load balancer in front keeps its own',
  decisionTimeoutMs: 'a worker that is longer in one call into the engine is replaced',
  drainTimeoutMs: 'how long a service that ends waits for what runs',
};

/** Throws Failure for a limit that does not exist and for a value that is no positive number. */
export function readServiceLimits(words: readonly string[]): Partial<ServiceLimits> {
  return Object.fromEntries(words.map(readLimit));
}

function readLimit(word: string): [string, number] {
  const [name = '', value = ''] = word.split('=');
  const names = Object.keys(defaultServiceLimits);
  if (!names.includes(name)) {
    throw new Failure(`there is no limit "${name}"`, suggest(name, names) ?? `one of: ${names.join(', ')}`);
  }
  if (/^[1-9]\d{0,14}$/.test(value)) return [name, Number(value)];
  throw new Failure(`the limit ${name} is a whole number from 1, not "${value}"`);
}
