// The families of facts, from what a caller states to what policies read. A family is supplied when it is there and
// right; one that is wrong refuses the request.
import {
  contextFamilies,
  toExtensionValue,
  Unrepresentable,
  type CedarEntity,
  type CedarRecord,
  type CedarValue,
  type ContextFamily,
} from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import type { JsonObject, JsonValue } from '@cardea/schemas/json';
import { factSchemas, readWire, type WireFacts } from '@cardea/schemas/wire';
import { requireStatable, type Caller } from '../../callers/caller.ts';
import { mapAgent } from './mcpPrincipal.ts';
import { requirePlainKeys } from './plainKeys.ts';

export interface MappedFacts {
  /** The families that were stated, in Cedar's types. */
  readonly families: CedarRecord;
  readonly supplied: readonly ContextFamily[];
  /** The entity of the acting agent, where there is one. */
  readonly agent: CedarEntity | undefined;
  /** Ids of the hold policies that people have lifted for this call. */
  readonly approved: readonly string[];
}

/** `counters` are those of the bundle. Throws Refusal `invalid_request` and `not_permitted`. */
export function mapFacts(context: JsonObject, caller: Caller, counters: readonly string[]): MappedFacts {
  requireStatable(caller, context);
  const families = Object.create(null) as Record<string, CedarValue>;
  const supplied: ContextFamily[] = [];
  let agent: CedarEntity | undefined;
  let approved: readonly string[] = [];
  for (const family of contextFamilies) {
    if (!Object.hasOwn(context, family)) continue;
    const stated = context[family] as JsonValue;
    supplied.push(family);
    if (family === 'agent') {
      agent = mapAgent(stated, caller);
      families[family] = { __entity: agent.uid };
    } else {
      const fact = readWire(factSchemas[family], stated, `context.${family}`);
      if (family === 'usage') requireCounters(fact, counters);
      families[family] = mapFamily(family, fact);
      if (family === 'approvals') approved = (fact as WireFacts['approvals']).policies;
    }
  }
  return { families, supplied, agent, approved };
}

function mapFamily<F extends Exclude<ContextFamily, 'agent'>>(family: F, fact: WireFacts[F]): CedarRecord {
  switch (family) {
    case 'grant':
      return mapGrant(fact as WireFacts['grant']);
    case 'request':
      return mapRequest(fact as WireFacts['request']);
    case 'approvals':
      return mapApprovals(fact as WireFacts['approvals']);
    // Counts and lists of texts are their own Cedar values.
    case 'session':
    case 'usage':
    case 'findings':
      return fact as CedarRecord;
  }
}

/** A counter that is missing would make the forbid that reads it fail, which denies everybody. */
function requireCounters(usage: WireFacts['usage'], counters: readonly string[]): void {
  requirePlainKeys(usage, 'context.usage');
  const missing = counters.find((counter) => !Object.hasOwn(usage, counter));
  if (missing !== undefined) throw new Refusal('invalid_request', `context.usage.${missing}: missing`);
}

function mapGrant({ servers, tools, expires, ...grant }: WireFacts['grant']): CedarRecord {
  return {
    ...grant,
    servers: servers.map((id) => reference('Server', id)),
    tools: tools.map((id) => reference('Tool', id)),
    expires: requireExtension('datetime', expires, 'context.grant.expires'),
  };
}

function mapRequest({ time, address, ...request }: WireFacts['request']): CedarRecord {
  return {
    ...request,
    time: requireExtension('datetime', time, 'context.request.time'),
    address: requireExtension('ipaddr', address, 'context.request.address'),
  };
}

function mapApprovals({ policies, people }: WireFacts['approvals']): CedarRecord {
  return { policies, people: people.map((id) => reference('Person', id)) };
}

function reference(type: string, id: string): CedarValue {
  return { __entity: { type, id } };
}

function requireExtension(name: 'datetime' | 'ipaddr', text: string, place: string): CedarValue {
  const value = toExtensionValue(name, text);
  if (value instanceof Unrepresentable) throw new Refusal('invalid_request', `${place}: ${value.reason}`);
  return value;
}
