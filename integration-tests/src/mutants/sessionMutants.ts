// Mistakes about whose a session, an event or a state is.
import type { Mutant } from './mutant.ts';

const adversary = 'integration-tests/src/pep/adversary/adversary.test.ts';
const sessions = 'pep/src/sessions/sessionTable.test.ts';
const seals = 'pep/src/sessions/sealer.laws.test.ts';

export const sessionMutants: readonly Mutant[] = [
  {
    name: 'sessions: whoever knows the name is in',
    file: 'pep/src/sessions/sessionTable.ts',
    find: 'if (session === undefined || !isSameOwner(session.identity, identity)) throw',
    replace: 'if (session === undefined) throw',
    noticedBy: adversary,
  },
  {
    name: 'sessions: an id opens for whoever has it',
    file: 'pep/src/sessions/sealedId.ts',
    find: '{ tag: 1, list: encodeOwner(owner) }',
    replace: '{ tag: 1, list: [] }',
    noticedBy: sessions,
  },
  {
    name: 'sessions: an id opens at every server',
    file: 'pep/src/sessions/sealedId.ts',
    find: '{ tag: 0, text: server }',
    replace: "{ tag: 0, text: '' }",
    noticedBy: sessions,
  },
  {
    name: 'sessions: the seal is not looked at',
    file: 'pep/src/sessions/sealer.ts',
    find: 'return Buffer.concat([content, decipher.final()]);',
    replace: 'return content;',
    noticedBy: seals,
  },
  {
    name: 'sessions: one id has many spellings',
    file: 'pep/src/sessions/sealer.ts',
    find: "|| bytes.toString('base64url') !== text",
    replace: '',
    noticedBy: seals,
  },
  {
    name: 'sessions: what has ended begins again',
    file: 'pep/src/sessions/sessionTable.ts',
    find: '|| this.#ended.has(keyOf(server, id))',
    replace: '',
    noticedBy: sessions,
  },
  {
    name: 'sessions: a state goes with other arguments',
    file: 'pep/src/sessions/requestStates.ts',
    find: 'text: sha256Hex(canonicalBytes(kept))',
    replace: "text: ''",
    noticedBy: 'pep/src/sessions/requestStates.test.ts',
  },
  {
    name: 'sessions: one name for all servers',
    file: 'pep/src/sessions/sessionTable.ts',
    find: 'return `${server} ${id}`;',
    replace: 'return id;',
    noticedBy: adversary,
  },
  {
    name: 'sessions: events go on in another session',
    file: 'pep/src/sessions/sealedEvents.ts',
    find: '{ tag: 2, text: upstreamId }',
    replace: "{ tag: 2, text: '' }",
    noticedBy: 'pep/src/sessions/sealedEvents.test.ts',
  },
];
