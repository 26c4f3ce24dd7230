// What the decision service logs. No tokens, no arguments, no properties of subjects.
import { createEventLog, type EventLog } from '@cardea/telemetry/log';

export type LogEvent =
  /** Nothing is decided any more, and why; and the end of that. */
  | { readonly event: 'authority_stale'; readonly message: string }
  | { readonly event: 'authority_fresh' }
  | { readonly event: 'authority_refused'; readonly code: string; readonly message: string }
  | { readonly event: 'bundle_loaded'; readonly bundle: string }
  | {
      readonly event: 'bundle_refused';
      readonly bundle: string;
      readonly code: string;
      readonly message: string;
    }
  | { readonly event: 'callers_loaded'; readonly file: string; readonly callers: number }
  | { readonly event: 'callers_refused'; readonly file: string; readonly message: string }
  | { readonly event: 'closed' }
  | { readonly event: 'closing' }
  | { readonly event: 'internal_fault'; readonly requestId?: string; readonly message: string }
  | { readonly event: 'listening'; readonly address: string }
  /** Nobody who comes through the unix socket is let in. */
  | { readonly event: 'socket_unused'; readonly message: string }
  | {
      readonly event: 'worker_replaced';
      readonly worker: number;
      readonly reason: 'stuck' | 'died';
      readonly message: string;
    };

export type Log = EventLog<LogEvent>;

export function createLog(writeLine: (line: string) => void, now: () => number): Log {
  return createEventLog('cardea-pdp', writeLine, now);
}
