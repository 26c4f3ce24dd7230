// From a credential to a caller. Tokens are kept and compared as digests, in time that does not tell how much of one
// was right.
import { hash, timingSafeEqual } from 'node:crypto';
import { callersMax, type WireCaller } from '@cardea/schemas/wire';
import { readCaller, type Caller } from './caller.ts';

/** Longer texts are no tokens: they are not even hashed. */
const tokenCharactersMax = 4_096;

interface TokenEntry {
  readonly digest: Buffer;
  readonly caller: Caller;
}

export class CallerTable {
  readonly #tokens: readonly TokenEntry[];
  readonly #certificates: ReadonlyMap<string, Caller>;
  /** Whoever comes through the unix socket. */
  readonly socketCaller: Caller | undefined;

  /** Throws RangeError past `callersMax`. */
  constructor(entries: readonly WireCaller[]) {
    if (entries.length > callersMax) throw new RangeError(`there may be ${callersMax} callers`);
    const callers = entries.map((entry) => ({ entry, caller: readCaller(entry) }));
    this.#tokens = callers.flatMap(({ entry, caller }) =>
      entry.tokenSha256 === undefined ? [] : [{ digest: Buffer.from(entry.tokenSha256, 'hex'), caller }],
    );
    this.#certificates = new Map(
      callers.flatMap(({ entry, caller }) =>
        entry.certificateSha256 === undefined ? [] : [[entry.certificateSha256, caller]],
      ),
    );
    this.socketCaller = callers.find(({ entry }) => entry.socket === true)?.caller;
  }

  /** `authorization` is the header as it came. */
  findByToken(authorization: string | undefined): Caller | undefined {
    if (authorization === undefined || authorization.length > tokenCharactersMax) return undefined;
    // The scheme's case does not count (RFC 9110, 11.1).
    if (authorization.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
    const digest = hash('sha256', authorization.slice(7).trim(), 'buffer');
    let found: Caller | undefined;
    for (const entry of this.#tokens) if (timingSafeEqual(entry.digest, digest)) found ??= entry.caller;
    return found;
  }

  /** `fingerprint` is 64 hexadecimal digits in lower case. TLS has proved the key; the pin says whose it is. */
  findByCertificate(fingerprint: string): Caller | undefined {
    return this.#certificates.get(fingerprint);
  }
}
