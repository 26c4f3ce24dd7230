// Cedar types as the mapper produces them from JSON Schema, and their text in a Cedar schema.

import { quoteText } from './quote.ts';

export type CedarType = CedarPrimitiveType | CedarExtensionType | CedarSetType | CedarRecordType;

export interface CedarPrimitiveType {
  readonly kind: 'String' | 'Long' | 'Boolean';
}

export type CedarExtensionName = 'decimal' | 'datetime' | 'duration' | 'ipaddr';

export interface CedarExtensionType {
  readonly kind: 'Extension';
  readonly name: CedarExtensionName;
}

export interface CedarSetType {
  readonly kind: 'Set';
  readonly element: CedarType;
}

/** The maps have null prototypes and sorted names: `__proto__` is a name like any other. */
export interface CedarRecordType {
  readonly kind: 'Record';
  readonly attributes: { readonly [name: string]: CedarAttributeType };
  /** Declared by the source, yet with no Cedar type: name to reason. Not part of the schema text. */
  readonly opaque: { readonly [name: string]: string };
  /** The source says that keys beyond these are welcome. Not part of the schema text: Cedar records are closed. */
  readonly extensible: boolean;
}

export interface CedarAttributeType {
  readonly type: CedarType;
  readonly required: boolean;
}

const indentation = '  ';

/** The type as Cedar schema syntax; records go over several lines, the first of which the caller has indented. */
export function showType(type: CedarType, indent = ''): string {
  switch (type.kind) {
    case 'String':
    case 'Long':
      return type.kind;
    case 'Boolean':
      return 'Bool';
    case 'Extension':
      return type.name;
    case 'Set':
      return `Set<${showType(type.element, indent)}>`;
    case 'Record':
      return showRecord(type, indent);
  }
}

// Names are always quoted: then no name can be taken for a keyword.
function showRecord(record: CedarRecordType, indent: string): string {
  const inner = indent + indentation;
  const lines = Object.entries(record.attributes).map(
    ([name, { type, required }]) =>
      `${inner}${quoteText(name)}${required ? '' : '?'}: ${showType(type, inner)},\n`,
  );
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
}
