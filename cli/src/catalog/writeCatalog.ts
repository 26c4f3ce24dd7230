// A catalog as a file for people: they read it, and later the difference to the next one, line by line.
import { isJsonObject, writeJson, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import type { Catalog } from '@cardea/schemas/mcp';
import { Failure } from '../frame/failure.ts';
import { fileBytesMax } from '../project/inputFiles.ts';
import { escapeJson } from '../report/printable.ts';
import { definitionKinds } from './definitionKind.ts';

/** Lists of names and numbers stay on one line up to this column. */
const columnsMax = 100;

/**
 * The same catalog gives the same bytes. What a terminal or an editor would hide in a text is written as an escape.
 * Throws Failure for more than a catalog file may have.
 */
export function writeCatalog({ server, instructions, capabilities, ...lists }: Catalog): string {
  const kept = definitionKinds.flatMap(({ list }) => (lists[list].length === 0 ? [] : [[list, lists[list]]]));
  const head = {
    server,
    ...(instructions === undefined ? {} : { instructions }),
    ...(capabilities === undefined ? {} : { capabilities }),
  };
  const text = `${escapeJson(write({ ...head, ...Object.fromEntries(kept) } as JsonObject, ''))}\n`;
  if (Buffer.byteLength(text) <= fileBytesMax) return text;
  throw new Failure(`the catalog would be larger than ${fileBytesMax} bytes, and nobody could read it`);
}

function write(value: JsonValue, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const elements = (value as readonly JsonValue[]).map((element) => write(element, inner));
    const line = `[${elements.join(', ')}]`;
    const isShort = !line.includes('\n') && indent.length + line.length <= columnsMax;
    return isShort ? line : enclose('[]', elements, indent);
  }
  if (!isJsonObject(value)) return writeJson(value);
  const members = Object.entries<JsonValue>(value).map(
    ([name, member]) => `${writeJson(name)}: ${write(member, inner)}`,
  );
  return members.length === 0 ? '{}' : enclose('{}', members, indent);
}

function enclose(brackets: string, items: readonly string[], indent: string): string {
  const [open = '', close = ''] = brackets;
  return `${open}\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}${close}`;
}
