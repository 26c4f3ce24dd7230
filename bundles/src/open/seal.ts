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

const sealKind = 'cardea/bundle/1';
const headKind = 'cardea/head/1';

export function writeSeal(seal: Omit<Head, 'seq'>, signer: Signer): Uint8Array {
  return signJson(sealKind, { ...seal }, signer);
}

export function writeHead(head: Head, signer: Signer): Uint8Array {
  return signJson(headKind, { ...head }, signer);
}

/** Throws BundleRefusal unless a trusted key signed exactly this digest for exactly this organisation. */
export function requireSeal(
  bytes: Uint8Array,
  seal: Omit<Head, 'seq'>,
  verifiers: readonly Verifier[],
): void {
  const { organisation, bundle } = open(bytes, sealKind, verifiers);
  if (bundle !== seal.bundle)
    throw new BundleRefusal('bundle_tampered', 'the signature is that of another bundle');
  if (organisation !== seal.organisation) {
    throw new BundleRefusal('bundle_foreign', `the signature was made for ${organisation}`);
  }
}

/** Throws BundleRefusal unless a trusted key signed it for this organisation. */
export function readHead(bytes: Uint8Array, organisation: string, verifiers: readonly Verifier[]): Head {
  const head = open(bytes, headKind, verifiers);
  if (head.organisation === organisation) return head;
  throw new BundleRefusal('bundle_foreign', `this head belongs to ${head.organisation}`);
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
