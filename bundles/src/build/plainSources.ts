// What profile `plain` adds to policies: a schema and entities of any kind. The entities go into the bundle with
// everything written out that the schema leaves implicit, and with the actions, since verdicts are evaluated without it.

import { characterOffset, EngineFault, type CedarHost } from '@cardea/engine';
import { entityKey, type CedarEntity } from '@cardea/schemas/cedar';
import { canonicalBytes, writeJson, type JsonDocument, type JsonValue } from '@cardea/schemas/json';
import { readEntities } from '../open/entities.ts';
import { ExplicitReader } from '../schema/explicitValue.ts';
import { SchemaTypes } from '../schema/schemaTypes.ts';
import { makeProblem, type BuildCode, type BuildProblem, type CedarError } from './buildProblem.ts';
import { describeFault } from './parseSources.ts';

export type PlainResult =
  | { readonly kind: 'ready'; readonly entities: Uint8Array }
  | { readonly kind: 'refused'; readonly problems: readonly BuildProblem[] };

type Answer =
  { readonly type: 'success' } | { readonly type: 'failure'; readonly errors: readonly CedarError[] };

/** Checks schema and entities, and writes the entities as the bundle holds them. `host` has to be disposable. */
export function preparePlain(
  host: CedarHost,
  schemaText: string,
  document: JsonDocument | undefined,
): PlainResult {
  try {
    return prepare(host, schemaText, document);
  } catch (fault) {
    if (!(fault instanceof EngineFault)) throw fault;
    const message =
      'the engine cannot parse this schema, or the entities under it; nest its types less deeply';
    return {
      kind: 'refused',
      problems: [makeProblem('schema_invalid', message, { file: 'schema.cedarschema' })],
    };
  }
}

function prepare(host: CedarHost, schemaText: string, document: JsonDocument | undefined): PlainResult {
  const schema = JSON.stringify(schemaText);
  const schemaErrors = ask(host, 'checkParseSchema', schema);
  if (schemaErrors.length > 0) {
    const problems = schemaErrors.map((error) => describeSchemaError(error, schemaText));
    return { kind: 'refused', problems };
  }
  const types = new SchemaTypes(host, schema);
  if (document === undefined) return { kind: 'ready', entities: write(types.actionEntities()) };
  const place = { code: 'entities_invalid', file: 'entities.json' } as const;
  try {
    const entities = readEntities(document.value, new ExplicitReader(types).readRecord);
    const call = `{"schema":${schema},"entities":${writeJson(document.value)}}`;
    const problems = ask(host, 'checkParseEntities', call).map((error) => describe(error, place.code, place));
    if (problems.length > 0) return { kind: 'refused', problems };
    return { kind: 'ready', entities: write([...entities, ...types.actionEntities()]) };
  } catch (fault) {
    return { kind: 'refused', problems: [describeFault(fault, document, place)] };
  }
}

/** Sorted and each once, so that the order of the source decides nothing. */
function write(entities: readonly CedarEntity[]): Uint8Array {
  const byKey = new Map(entities.map((entity) => [entityKey(entity.uid), entity]));
  const sorted = [...byKey.keys()].sort().map((key) => byKey.get(key));
  return canonicalBytes(sorted as unknown as JsonValue);
}

function ask(
  host: CedarHost,
  name: 'checkParseSchema' | 'checkParseEntities',
  call: string,
): readonly CedarError[] {
  const answer = JSON.parse(host.call(name, call)) as Answer;
  return answer.type === 'success' ? [] : answer.errors;
}

function describeSchemaError(error: CedarError, text: string): BuildProblem {
  const place = error.sourceLocations?.[0] ?? { start: 0, end: 1 };
  return describe(error, 'schema_invalid', {
    file: 'schema.cedarschema',
    start: characterOffset(text, place.start),
    end: characterOffset(text, place.end),
  });
}

function describe(
  error: CedarError,
  code: BuildCode,
  place: { readonly file: string; readonly start?: number; readonly end?: number },
): BuildProblem {
  const problem = makeProblem(code, error.message, place);
  return error.help == null ? problem : { ...problem, help: error.help };
}
