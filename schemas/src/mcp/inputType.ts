// The Cedar type of a tool's arguments, from the JSON Schema that its server declares. Total and deterministic: any
// catalog has types, and what Cedar cannot express is left out by name, never guessed.

import type { CedarRecordType, CedarType } from '../cedar/index.ts';
import type { JsonValue } from '../json/index.ts';
import { formatPointer } from '../json/index.ts';
import { RecordBuilder } from './recordBuilder.ts';
import { schemaShape } from './schemaShape.ts';
import { settleShape } from './shape.ts';

export interface InputType {
  readonly type: CedarRecordType;
  readonly notes: readonly InputNote[];
}

/** Something that policies cannot read. */
export interface InputNote {
  /** Into the arguments, as a policy would read them; `*` stands for each element of an array. */
  readonly pointer: string;
  /** Why, continuing a sentence that begins with the argument's name. */
  readonly message: string;
}

/**
 * The type of `context.input`. Properties that Cedar cannot express are opaque in it and named in the notes. Never
 * throws: a schema that says nothing usable gives an empty record and a note.
 */
export function inputType(inputSchema: JsonValue): InputType {
  const shape = schemaShape(inputSchema);
  const settled = settleShape(shape);
  if ('type' in settled && settled.type.kind === 'Record') {
    return { type: settled.type, notes: [...notesOf(settled.type, [])] };
  }
  const why = 'why' in settled ? settled.why : 'is not an object';
  return { type: new RecordBuilder().build(true), notes: [{ pointer: '', message: why }] };
}

function* notesOf(type: CedarType, path: readonly string[]): Generator<InputNote> {
  if (type.kind === 'Set') yield* notesOf(type.element, [...path, '*']);
  if (type.kind !== 'Record') return;
  if (type.extensible) yield { pointer: formatPointer(path), message: 'takes keys beyond those declared' };
  for (const [name, why] of Object.entries(type.opaque)) {
    yield { pointer: formatPointer([...path, name]), message: why };
  }
  for (const [name, attribute] of Object.entries(type.attributes)) {
    yield* notesOf(attribute.type, [...path, name]);
  }
}
