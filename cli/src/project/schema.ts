// A Cedar schema from a file: JSON when its name ends in .json, else Cedar's schema syntax.
import { EngineFault, type CedarHost } from '@cardea/engine';
import { JsonRefusal, parseStrictJson } from '@cardea/schemas/json';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { SourceFile } from '../report/sourceFile.ts';
import { fileBytesMax } from './inputFiles.ts';
import { describeErrors, type CedarError } from './cedarErrors.ts';

export interface Schema {
  readonly file: SourceFile;
  /** What calls into Cedar take for it: a JSON text, of a string or of an object. */
  readonly json: string;
}

export type SchemaResult =
  | { readonly kind: 'schema'; readonly schema: Schema }
  | { readonly kind: 'problems'; readonly problems: readonly Diagnostic[] };

/** A schema of ten thousand tools. */
const nodesMax = 2_000_000;

export function parseSchema(host: CedarHost, file: SourceFile): SchemaResult {
  const isJson = file.path.endsWith('.json');
  const refused = isJson ? refuseLooseJson(file) : undefined;
  if (refused !== undefined) return { kind: 'problems', problems: [refused] };
  const json = isJson ? file.text : JSON.stringify(file.text);
  try {
    const answer = JSON.parse(host.call('checkParseSchema', json)) as Answer;
    if (answer.type === 'success') return { kind: 'schema', schema: { file, json } };
    // Of a schema in JSON Cedar gives places in names, not in the file.
    const given = { file, start: 0, text: isJson ? '' : file.text };
    return { kind: 'problems', problems: describeErrors(answer.errors, 'schema_invalid', given) };
  } catch (fault) {
    if (!(fault instanceof EngineFault)) throw fault;
    const message = 'the engine cannot parse this schema; make it smaller';
    const place = { file, start: 0, end: 1 };
    return { kind: 'problems', problems: [{ severity: 'error', code: 'schema_too_deep', message, place }] };
  }
}

type Answer =
  { readonly type: 'success' } | { readonly type: 'failure'; readonly errors: readonly CedarError[] };

function refuseLooseJson(file: SourceFile): Diagnostic | undefined {
  try {
    parseStrictJson(file.text, { bytesMax: fileBytesMax, nodesMax, depthMax: 100 });
    return undefined;
  } catch (refusal) {
    if (!(refusal instanceof JsonRefusal)) throw refusal;
    return describeRefusal(refusal, file);
  }
}

/** A refusal of the strict JSON reader, at its place. */
export function describeRefusal(refusal: JsonRefusal, file: SourceFile): Diagnostic {
  return {
    severity: 'error',
    code: refusal.code,
    message: refusal.detail,
    place: { file, start: refusal.offset, end: refusal.offset },
  };
}
