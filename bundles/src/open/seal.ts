// The two statements of a publisher: "this digest names a bundle of ours" (the seal), and "this one is published" (the
// head). Both are signed notes; the head alone says what is current, and only to signers and publishers.

import type { Digest } from '@cardea/schemas/digest';
import { NoteRefusal, openJson, signJson, type Signer, type Verifier } from '@cardea/schemas/note';
import { BundleRefusal } from './bundleRefusal.ts';
import { FieldFault, Fields } from './fields.ts';
import { organisationPattern } from './manifest.ts';

export interface Head {
  readonly organisation: string;
  /** Grows with every publication; a rollback is a higher one with an older bundle. */
  readonly seq: number;
  readonly bundle: Digest;
}

export type Seal = Omit<Head, 'seq'>;

const sealKind = 'cardea/bundle/1';
const headKind = 'cardea/head/1';

/** Adds a signature to those of other publishers, whose receivers may not know this one. */
export function writeSeal(seal: Seal, signer: Signer, existing?: Uint8Array): Uint8Array {
  const own = signJson(sealKind, { ...seal }, signer);
  const text = own.subarray(0, Buffer.from(own).lastIndexOf('\n\n') + 2);
  // The archive is not trusted: a note over another text, or with a bad signature of this key, is replaced.
  if (existing === undefined || Buffer.compare(existing.subarray(0, text.length), text) !== 0) return own;
  try {
    openJson(existing, sealKind, [signer.verifier]);
    return existing;
  } catch (fault) {
    if (!(fault instanceof NoteRefusal) || fault.code !== 'note_unsigned') return own;
    return Buffer.concat([existing, own.subarray(text.length)]);
  }
}

export function writeHead(head: Head, signer: Signer): Uint8Array {
  return signJson(headKind, { ...head }, signer);
}

/** Throws BundleRefusal unless a trusted key signed exactly this digest for exactly this organisation. */
export function requireSeal(bytes: Uint8Array, seal: Seal, verifiers: readonly Verifier[]): void {
  const { organisation, bundle } = open(bytes, sealKind, verifiers);
  if (bundle !== seal.bundle)
    throw new BundleRefusal('bundle_tampered', 'the signature is that of another bundle');
  if (organisation !== seal.organisation) {
    throw new BundleRefusal('bundle_foreign', `the signature was made for ${organisation}`);
  }
}

/** Throws BundleRefusal unless a trusted key signed it for this organisation. */
export function readHead(bytes: Uint8Array, organisation: string, verifiers: readonly Verifier[]): Head {
  const head = openHead(bytes, verifiers);
  if (head.organisation === organisation) return head;
  throw new BundleRefusal('bundle_foreign', `this head belongs to ${head.organisation}`);
}

/** For whoever has the keys of one organisation alone: whose head it is, the keys say. Throws BundleRefusal. */
export function openHead(bytes: Uint8Array, verifiers: readonly Verifier[]): Head {
  return open(bytes, headKind, verifiers);
}

function open(
  bytes: Uint8Array,
  kind: typeof sealKind | typeof headKind,
  verifiers: readonly Verifier[],
): Head {
  try {
    const names = kind === headKind ? ['bundle', 'organisation', 'seq'] : ['bundle', 'organisation'];
    const fields = new Fields(openJson(bytes, kind, verifiers), names);
    return {
      organisation: fields.text('organisation', organisationPattern),
      bundle: fields.digest('bundle'),
      seq: kind === headKind ? fields.integer('seq', 1, Number.MAX_SAFE_INTEGER) : 0,
    };
  } catch (cause) {
    if (cause instanceof NoteRefusal && cause.code === 'note_unsigned') {
      throw new BundleRefusal('bundle_unsigned', 'no trusted key signed this', { cause });
    }
    if (!(cause instanceof NoteRefusal || cause instanceof FieldFault)) throw cause;
    throw new BundleRefusal('bundle_tampered', `this is not a ${kind}`, { cause });
  }
}
