// The statement of what is current: signed, short-lived, issued every second, relayed verbatim. Whoever holds a fresh
// one knows which bundle decides and how many revocations there are; whoever does not, denies.

import type { Digest } from '@cardea/schemas/digest';
import { NoteRefusal, openJson, signJson, type Signer, type Verifier } from '@cardea/schemas/note';
import { FieldFault, Fields } from '../open/fields.ts';
import { organisationPattern } from '../open/manifest.ts';
import type { Head } from '../open/seal.ts';

export interface AuthorityStatement extends Head {
  readonly organisation: string;
  readonly seq: number;
  readonly bundle: Digest;
  /** How many entries the ordered feed of revocations has; a receiver that knows fewer is behind. */
  readonly revocations: number;
  /** Milliseconds since the epoch; RFC 3339 on the wire. */
  readonly issuedAtMs: number;
  readonly notAfterMs: number;
}

export type StatementCode =
  /** Not a statement, or not in its one spelling. */
  | 'statement_malformed'
  /** No known key signed it, or a known key's signature fails. */
  | 'statement_forged'
  | 'statement_foreign'
  | 'statement_expired'
  | 'statement_from_future'
  /** A lower seq, or fewer revocations, than were seen before. */
  | 'statement_lowered'
  /** Issued before the one in use. */
  | 'statement_replayed'
  /** The seq in use, with another bundle: two signers disagree. */
  | 'statement_conflicting'
  /** It could not be remembered, so accepting it would not survive a restart. */
  | 'statement_unsaved';

export class StatementRefusal extends Error {
  readonly code: StatementCode;

  constructor(code: StatementCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StatementRefusal';
    this.code = code;
  }
}

const kind = 'cardea/authority/1';

/** The longest that a statement may claim to hold; no receiver waits longer than this before it is stale. */
export const lifetimeMsMax = 300_000;

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export interface IssueOptions {
  readonly now: () => number;
  readonly lifetimeMs: number;
  readonly revocations?: number;
}

/** One statement for what the head names. Throws RangeError for a lifetime that no receiver would take. */
export function issueStatement(signer: Signer, head: Head, options: IssueOptions): Uint8Array {
  const { now, lifetimeMs, revocations = 0 } = options;
  if (!(lifetimeMs > 0 && lifetimeMs <= lifetimeMsMax)) {
    throw new RangeError(`a statement holds for at most ${lifetimeMsMax} ms`);
  }
  const issuedAtMs = now();
  const statement = {
    organisation: head.organisation,
    seq: head.seq,
    bundle: head.bundle,
    revocations,
    issuedAt: new Date(issuedAtMs).toISOString(),
    notAfter: new Date(issuedAtMs + lifetimeMs).toISOString(),
  };
  return signJson(kind, statement, signer);
}

/** Checks signature and form, not time or order. Throws StatementRefusal. */
export function openStatement(bytes: Uint8Array, verifiers: readonly Verifier[]): AuthorityStatement {
  try {
    const names = ['bundle', 'issuedAt', 'notAfter', 'organisation', 'revocations', 'seq'];
    const fields = new Fields(openJson(bytes, kind, verifiers), names);
    const issuedAtMs = readTime(fields, 'issuedAt');
    const notAfterMs = readTime(fields, 'notAfter');
    if (notAfterMs <= issuedAtMs || notAfterMs - issuedAtMs > lifetimeMsMax) {
      throw fields.fault('notAfter', `must be later than issuedAt by at most ${lifetimeMsMax} ms`);
    }
    return {
      organisation: fields.text('organisation', organisationPattern),
      seq: fields.integer('seq', 1, Number.MAX_SAFE_INTEGER),
      bundle: fields.digest('bundle'),
      revocations: fields.integer('revocations', 0, Number.MAX_SAFE_INTEGER),
      issuedAtMs,
      notAfterMs,
    };
  } catch (cause) {
    if (!(cause instanceof NoteRefusal || cause instanceof FieldFault)) throw cause;
    throw new StatementRefusal(codeOf(cause), cause.message, { cause });
  }
}

function codeOf(cause: NoteRefusal | FieldFault): StatementCode {
  const isForged = cause instanceof NoteRefusal && ['note_forged', 'note_unsigned'].includes(cause.code);
  return isForged ? 'statement_forged' : 'statement_malformed';
}

function readTime(fields: Fields, name: string): number {
  const text = fields.text(name, timePattern);
  const timeMs = Date.parse(text);
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(timeMs) || new Date(timeMs).toISOString() !== text) throw fields.fault(name, 'is no time');
  return timeMs;
}
