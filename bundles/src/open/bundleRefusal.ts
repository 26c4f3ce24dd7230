// Why a bundle is not used, for whoever decides by code. Every refusal keeps the last good bundle in service.

export type BundleCode =
  /** The archive has no signature for it, or none by a key that is trusted here. */
  | 'bundle_unsigned'
  /** Bytes that are not those that were signed, or a form that no builder writes. */
  | 'bundle_tampered'
  /** Another organisation's, or made for another profile. */
  | 'bundle_foreign'
  /** Made for rules of evaluation that this program does not have. */
  | 'bundle_unknown_semantics'
  /** Its engine is not on the trusted list. */
  | 'bundle_untrusted_engine'
  /** A pinned guardrail is missing or changed. */
  | 'bundle_missing_guardrail'
  /** A part of it is not in the archive. */
  | 'bundle_incomplete'
  | 'bundle_too_large'
  /** The archive did not answer; trying again can help. */
  | 'bundle_unreachable'
  /** All bytes are right, and still nothing can be decided with it: a builder's fault. */
  | 'bundle_unusable';

export class BundleRefusal extends Error {
  readonly code: BundleCode;

  constructor(code: BundleCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BundleRefusal';
    this.code = code;
  }
}
