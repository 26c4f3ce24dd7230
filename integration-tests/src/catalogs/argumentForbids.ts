// A forbid on each argument of a tool, nested ones included, and arguments with and without each of them.
import {
  quoteText,
  type CedarRecord,
  type CedarRecordType,
  type CedarType,
  type CedarValue,
} from '@cardea/schemas/cedar';
import type { JsonObject, JsonValue } from '@cardea/schemas/json';
import { mapArguments } from '@cardea/schemas/mcp';
import { conditionsOn, sampleOf } from '../mapper/samples.ts';

export interface ArgumentForbid {
  readonly policy: string;
  /** Names from the arguments down to the one that is read. */
  readonly path: readonly string[];
  readonly text: string;
}

/** One value for everything that the type declares. */
export function argumentsOf(type: CedarRecordType): JsonObject {
  return sampleOf(type) as JsonObject;
}

/** Each holds for the arguments above. */
export function forbidsOn(tool: string, type: CedarRecordType): ArgumentForbid[] {
  const mapped = mapArguments(type, argumentsOf(type), { open: false });
  if (mapped.kind === 'refused') throw new Error(`${tool}${mapped.pointer}: ${mapped.message}`);
  return listPaths(type).flatMap((path) => {
    const parents = path.map((_, depth) => expressionOf(path.slice(0, depth)));
    const present = path.map((name, depth) => `${parents[depth] ?? ''} has ${quoteText(name)}`);
    const value = path.reduce<CedarValue>(
      (record, name) => (record as CedarRecord)[name] ?? {},
      mapped.input,
    );
    const [holds] = conditionsOn(expressionOf(path), value);
    const policy = `${tool}#${path.join('.')}`;
    const condition = [...present, holds ?? 'true'].join(' && ');
    return [{ policy, path, text: forbid(tool, policy, condition) }];
  });
}

/** Three lines of policy. */
export function forbid(tool: string, id: string, condition: string): string {
  const scope = `(principal, action == Action::${quoteText(tool)}, resource)`;
  return `@id(${quoteText(id)})\nforbid ${scope}\nwhen { ${condition} };\n`;
}

function expressionOf(path: readonly string[]): string {
  return ['context.input', ...path.map((name) => `[${quoteText(name)}]`)].join('');
}

/** Of every argument that has a type of its own; records are read member by member. */
function listPaths(type: CedarRecordType, above: readonly string[] = []): (readonly string[])[] {
  return Object.entries(type.attributes).flatMap(([name, attribute]) => {
    const path = [...above, name];
    const isRead = attribute.type.kind !== 'Record' || isEmpty(attribute.type);
    return isRead ? [path] : listPaths(attribute.type, path);
  });
}

function isEmpty(type: CedarType): boolean {
  return type.kind === 'Record' && Object.keys(type.attributes).length === 0;
}

/** The paths of members that may be left out, records among them. */
export function listOptional(type: CedarRecordType, above: readonly string[] = []): (readonly string[])[] {
  return Object.entries(type.attributes).flatMap(([name, { required, type: inner }]) => {
    const path = [...above, name];
    const below = inner.kind === 'Record' ? listOptional(inner, path) : [];
    return required ? below : [path, ...below];
  });
}

/** A copy without the member at the path. */
export function omit(value: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const entries = Object.entries<JsonValue>(value).flatMap(([key, member]): [string, JsonValue][] => {
    if (key !== name) return [[key, member]];
    return rest.length === 0 ? [] : [[key, omit(member as JsonObject, rest)]];
  });
  return Object.fromEntries(entries);
}
