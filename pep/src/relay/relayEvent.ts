// What the relay kept from a client, for the record and the metrics: no arguments, no results. Names are the server's
// own and cut to a bounded length.
import type { Code } from '@cardea/schemas/codes';
import type { ListKind } from './lists/listKind.ts';

export type RelayEvent =
  /** Entries of a list that this identity may not see, or that have no proper name. */
  | {
      readonly kind: 'filtered';
      readonly list: ListKind | 'tasks';
      readonly count: number;
      /** Of the first ones. */
      readonly names: readonly string[];
    }
  /** Text that named something hidden. */
  | { readonly kind: 'cleaned'; readonly what: 'error' | 'completion' | 'instructions' | 'notification' }
  /** A frame that the client never saw. */
  | { readonly kind: 'withheld'; readonly reason: WithheldReason }
  /** What the server asked of the client and was denied or held. */
  | { readonly kind: 'denied'; readonly method: string; readonly code: Code; readonly decisionId?: string }
  /** Requests that we answered in place of the server. */
  | { readonly kind: 'replaced'; readonly code: Code; readonly count: number }
  /** The reply as a whole was of no use. */
  | { readonly kind: 'failed'; readonly code: Code; readonly status: number };

export type WithheldReason =
  /** Not one strict JSON-RPC message: the code says why. */
  | 'invalid_frame'
  /** Readers could see other events in these bytes than we do. */
  | 'ambiguous_event'
  /** It answers what was not asked here, or was answered already. */
  | 'unasked_answer'
  /** No session, or no such channel in this era. */
  | 'unasked_request'
  | 'unknown_notification'
  | 'hidden_resource'
  | 'foreign_task'
  /** Of something that this identity must not learn of. */
  | 'hidden_name'
  /** It said the credential that the proxy has for its server. */
  | 'quoted_secret'
  /** A notification that asked for something that was denied. */
  | 'denied_request'
  /** One of ours. */
  | 'fault'
  /** The header of a session other than this one. */
  | 'foreign_session';
