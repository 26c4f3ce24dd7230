// `cardea.json`: whose bundle it is, and the settings that are part of what decides.

import { parseStrictJson, type JsonValue } from '@cardea/schemas/json';
import { Fields } from './fields.ts';
import { organisationPattern, profiles, type Profile } from './manifest.ts';

export interface Project {
  readonly organisation: string;
  readonly profile: Profile;
  readonly settings: BundleSettings;
}

export interface BundleSettings {
  /** What `context.usage` holds: calls, or what they state, per key over a sliding window. */
  readonly counters: readonly Counter[];
}

const counterKeys = ['person', 'agent', 'group', 'tool', 'server'] as const;

export interface Counter {
  /** The attribute of `context.usage`. */
  readonly name: string;
  readonly key: (typeof counterKeys)[number];
  readonly windowSeconds: number;
  /** Where it is there, not the calls are counted: an argument of theirs is added up. */
  readonly sum?: CounterSum;
}

export interface CounterSum {
  /** Qualified: calls of others add nothing. */
  readonly tools: readonly string[];
  /** JSON Pointer into their arguments, to a number. */
  readonly argument: string;
}

const countersMax = 32;
const counterNamePattern = /^[a-zA-Z][a-zA-Z0-9_]{0,62}$/;
const windowSecondsMax = 31 * 86_400;
const sumToolsMax = 256;
const toolPattern = /^[a-z][a-z0-9-]{0,62}\/[^]{1,256}$/;
const argumentPattern = /^(\/([^~/]|~[01])+){1,16}$/;

/** Throws FieldFault for a wrong shape, JsonRefusal for what is no strict JSON. */
export function readProject(bytes: Uint8Array): Project {
  return checkProject(parseStrictJson(bytes));
}

export function checkProject(value: JsonValue): Project {
  const top = new Fields(value, ['organisation', 'profile', 'settings']);
  const organisation = top.text('organisation', organisationPattern);
  const profile = top.oneOf('profile', profiles);
  if (top.value('settings') === undefined) return { organisation, profile, settings: { counters: [] } };
  const settings = top.fields('settings', ['counters']);
  if (settings.value('counters') === undefined) return { organisation, profile, settings: { counters: [] } };
  const counters = settings.list('counters', countersMax).map(readCounter);
  const names = new Set(counters.map((counter) => counter.name));
  if (names.size < counters.length) throw settings.fault('counters', 'must have different names');
  return { organisation, profile, settings: { counters } };
}

function readCounter(value: JsonValue, index: number): Counter {
  const place = `/settings/counters/${index}`;
  const fields = new Fields(value, ['key', 'name', 'sum', 'windowSeconds'], place);
  const counter = {
    name: fields.text('name', counterNamePattern),
    key: fields.oneOf('key', counterKeys),
    windowSeconds: fields.integer('windowSeconds', 1, windowSecondsMax),
  };
  return fields.value('sum') === undefined ? counter : { ...counter, sum: readSum(fields) };
}

function readSum(counter: Fields): CounterSum {
  const fields = counter.fields('sum', ['argument', 'tools']);
  const tools = fields.list('tools', sumToolsMax).map((tool) => {
    if (typeof tool === 'string' && toolPattern.test(tool)) return tool;
    throw fields.fault('tools', 'must be names of tools, such as desk/refund_order');
  });
  return { tools, argument: fields.text('argument', argumentPattern) };
}
