// Why a token was not taken: told to whoever watches, never to whoever sent it.

export type TokenFaultCode =
  /** No JWT of a kind that is taken, or too long. */
  | 'malformed'
  /** Nobody whose tokens are taken issued it. */
  | 'unknown_issuer'
  /** Not one of those that were pinned. */
  | 'algorithm'
  /** Its provider has no such key, or more than one. */
  | 'unknown_key'
  | 'signature'
  /** It is for somebody else. */
  | 'audience'
  | 'expired'
  /** It says that it is from the future, or not for now. */
  | 'early'
  /** What it says of its person, agent or groups cannot be used. */
  | 'claims';

export class TokenFault extends Error {
  readonly code: TokenFaultCode;

  constructor(code: TokenFaultCode, options?: ErrorOptions) {
    super(code, options);
    this.name = 'TokenFault';
    this.code = code;
  }
}
