// What is compared: something that stands between the load generator and the echo.
import type { ProxyProcess } from '../proxy/proxyProcess.ts';
import type { Call } from '../workload/calls.ts';

export interface Contender {
  readonly name: string;
  /** Undefined for no proxy at all: calls go to the upstream itself. */
  readonly start: (upstream: string) => Promise<ProxyProcess | undefined>;
  /** Instead of the calls that all others get. */
  readonly calls?: readonly Call[];
  /** Instead of the token that all others are sent. */
  readonly token?: string;
  /** Its calls belong to a session that is opened first. */
  readonly hasSessions?: true;
  /** No call is about an amount that one before was about. */
  readonly isFresh?: true;
  /** The report says why where it cannot be run; without the others there is no report. */
  readonly mayFail?: true;
}
