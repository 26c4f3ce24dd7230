// What the steps of the proxy tell whoever watches: a closed union of plain values. No arguments, no results, no tokens:
// what is in here may be logged, counted and traced.
import type { Code } from '@cardea/schemas/codes';
import type { DecisionSource } from '../decide/decider.ts';
import type { Miss, SharedKind } from '../decide/shared/sharedCache.ts';
import type { TokenFaultCode } from '../identify/jwt/tokenFault.ts';

export type ProxyEvent =
  /** One request of a client, once its answer has ended. */
  | {
      readonly kind: 'operation';
      readonly server: string;
      readonly method: string;
      /** Qualified, and only of a tool that the catalog has: what clients make up names no metric. */
      readonly tool?: string;
      readonly protocol?: string;
      readonly session?: string;
      readonly requestId?: string;
      /** Wall clock, in milliseconds. */
      readonly startMs: number;
      readonly endMs: number;
      /** As the client sent it (W3C Trace Context). */
      readonly traceparent?: string;
      readonly httpStatus: number;
      /** Why it did not succeed: one of our codes, or `upstream_error`. */
      readonly error?: string;
    }
  | {
      readonly kind: 'decision';
      readonly verdict: 'allow' | 'deny' | 'hold';
      readonly code: Code;
      readonly source: DecisionSource;
    }
  /** What was looked for, or left, among what proxies share. */
  | {
      readonly kind: 'shared';
      readonly what: SharedKind;
      readonly deed: 'lookup' | 'write';
      readonly outcome: 'hit' | 'kept' | Miss;
    }
  /** What a list, a stream or an error did not show. */
  | {
      readonly kind: 'withheld';
      readonly server: string;
      readonly what: 'tool' | 'prompt' | 'resource' | 'template' | 'task' | 'frame' | 'text';
      readonly count: number;
    }
  /** Of a server that the proxy has started itself. */
  | {
      readonly kind: 'process';
      readonly server: string;
      readonly what: 'ended' | 'left_alone' | 'noise' | 'too_long';
    }
  /** Before there was an operation: no identity, no envelope, no room. */
  | { readonly kind: 'refused'; readonly code: Code }
  /** A token of a provider, or what was to pass for one; a grant is not told from it. */
  | { readonly kind: 'token_refused'; readonly reason: TokenFaultCode }
  /** A fault of ours, which was answered as one. */
  | { readonly kind: 'fault'; readonly requestId: string; readonly message: string };

export type Report = (event: ProxyEvent) => void;
