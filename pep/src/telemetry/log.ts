// What the proxy logs. No tokens, no arguments, no results, no properties of people.
import { createEventLog, type EventLog } from '@cardea/telemetry/log';
import type { Subject } from '../health/problems.ts';

export type LogEvent =
  | { readonly event: 'bundle_current'; readonly bundle: string }
  | { readonly event: 'closed' }
  | { readonly event: 'closing' }
  | { readonly event: 'internal_fault'; readonly requestId: string; readonly message: string }
  | { readonly event: 'listening'; readonly address: string }
  /** Of a server that the proxy has started: what of it, never what it said. */
  | { readonly event: 'server_process'; readonly server: string; readonly what: string }
  | {
      readonly event: 'problem';
      readonly subject: Subject;
      readonly code: string;
      readonly message: string;
      readonly detail: string;
    }
  | { readonly event: 'problem_solved'; readonly subject: Subject };

export type Log = EventLog<LogEvent>;

export function createLog(writeLine: (line: string) => void, now: () => number): Log {
  return createEventLog('cardea-pep', writeLine, now);
}
