// From a grant as it is written down to the identity that every step carries: sets sorted and without repetitions, the
// words of the decision API made once, and a digest over all of it.
import { sha256Hex } from '@cardea/schemas/digest';
import { deepFreeze, encodeFields, type Field } from '@cardea/schemas/json';
import type { WireGrant } from '@cardea/schemas/wire';
import type { AgentFacts, Grant, Identity, IdentityWords, PersonFacts } from './identity.ts';

/** Part of every question to the decision service, whose body is bounded. */
export const identityBytesMax = 64 * 1024;

/** Throws RangeError for one that is larger than that. */
export function makeIdentity(wire: WireGrant): Identity {
  const person = readPerson(wire.person);
  const agent = {
    ...readPerson(wire.agent),
    ...(wire.agent.owner === undefined ? {} : { owner: wire.agent.owner }),
  };
  const grant = {
    id: wire.id,
    servers: sortSet(wire.servers),
    tools: sortSet(wire.tools),
    effects: sortSet(wire.effects),
    issuedMs: Date.parse(wire.issued),
    expiresMs: Date.parse(wire.expires),
  };
  const digest = digestIdentity(person, agent, grant);
  const words = writeWords(person, agent, grant);
  // The words hold every list and every tag that the facts hold.
  for (const word of [words.subject, words.agent, words.grant]) deepFreeze(word);
  return {
    grant: Object.freeze(grant),
    person: Object.freeze(person),
    agent: Object.freeze(agent),
    words,
    digest,
  };
}

type Tagged<Facts extends PersonFacts> = Facts & Required<Pick<PersonFacts, 'tags'>>;

/** No tags and none that are mentioned are the same. */
function readPerson({ id, groups, tags }: WireGrant['person']): Tagged<PersonFacts> {
  const texts = Object.assign(Object.create(null), tags) as Record<string, string>;
  return { id, groups: sortSet(groups), tags: texts };
}

function writeWords(person: Tagged<PersonFacts>, agent: Tagged<AgentFacts>, grant: Grant): IdentityWords {
  const { id, servers, tools, effects, expiresMs } = grant;
  return {
    subject: { type: 'Person', id: person.id, properties: { groups: person.groups, tags: person.tags } },
    agent: { ...agent },
    grant: { id, servers, tools, effects, expires: new Date(expiresMs).toISOString() },
  };
}

const domain = 'cardea/identity/1';
const tags = { domain: 0, person: 1, agent: 2, grant: 3 } as const;

/** Injective: two identities have the same digest exactly if they are equal. */
function digestIdentity(person: Tagged<PersonFacts>, agent: Tagged<AgentFacts>, grant: Grant): string {
  const bytes = encodeFields([
    { tag: tags.domain, text: domain },
    { tag: tags.person, list: encodePerson(person) },
    { tag: tags.agent, list: encodePerson(agent) },
    {
      tag: tags.grant,
      list: [
        { tag: 0, text: grant.id },
        { tag: 1, list: encodeSet(grant.servers) },
        { tag: 2, list: encodeSet(grant.tools) },
        { tag: 3, list: encodeSet(grant.effects) },
        { tag: 4, integer: grant.issuedMs },
        { tag: 5, integer: grant.expiresMs },
      ],
    },
  ]);
  if (bytes.length > identityBytesMax)
    throw new RangeError(`person, agent and grant have more than ${identityBytesMax} bytes together`);
  return sha256Hex(bytes);
}

function encodePerson({ id, groups, tags, owner }: Tagged<AgentFacts>): Field[] {
  const pairs = Object.keys(tags)
    .sort()
    .flatMap((name): Field[] => [
      { tag: 0, text: name },
      { tag: 1, text: tags[name] as string },
    ]);
  return [
    { tag: 0, text: id },
    { tag: 1, list: encodeSet(groups) },
    { tag: 2, list: pairs },
    owner === undefined ? { tag: 3, absent: true } : { tag: 3, text: owner },
  ];
}

function encodeSet(names: readonly string[]): Field[] {
  return names.map((text) => ({ tag: 0, text }));
}

function sortSet(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
