// The ids of events where several proxies stand before one server: any of them may be asked to go on from an event that
// another has relayed, so the id says itself whose it is. A server may keep the events of all its sessions in one place,
// and replays whichever it is asked for.
import type { Field } from '@cardea/schemas/json';
import { encodeOwner } from './owner.ts';
import { Sealer, type SealerOptions } from './sealer.ts';
import type { Session } from './session.ts';

/** What a header can carry, and no more of it. Others are not sealed, so nobody can go on from them. */
const idPattern = /^[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]{0,254}[\x21-\x7e\x80-\xff])?$/;

const sealedCharactersMax = 512;

type Owned = Pick<Session, 'server' | 'identity' | 'upstreamId'>;

export class SealedEvents {
  readonly #sealer: Sealer;

  constructor(options: Omit<SealerOptions, 'purpose'>) {
    this.#sealer = new Sealer({ ...options, purpose: 'event' });
  }

  seal(id: string, session: Owned): string {
    return idPattern.test(id) ? this.#sealer.seal(Buffer.from(id, 'latin1'), encodeSession(session)) : id;
  }

  /** As the server named it; undefined for what is no event of that session. */
  open(sealed: string, session: Owned): string | undefined {
    if (sealed.length > sealedCharactersMax) return undefined;
    return this.#sealer.open(sealed, encodeSession(session))?.toString('latin1');
  }
}

function encodeSession({ server, identity, upstreamId }: Owned): Field[] {
  return [
    { tag: 0, text: server },
    { tag: 1, list: encodeOwner(identity) },
    { tag: 2, text: upstreamId },
  ];
}
