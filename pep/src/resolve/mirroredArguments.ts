// Which arguments a tool's schema wants repeated in headers of their own (`x-mcp-header`), wherever it says so.
import type { JsonObject, JsonValue } from '@cardea/schemas/json';
import type { SchemaPlace } from '@cardea/schemas/mcp';
import type { MirroredArgument } from '../admit/headers.ts';

/** Of a schema that leads back into itself there would be no end. */
const placesMax = 5_000;

/** Undefined where there are too many to look at. */
export function findMirrored(
  schema: JsonObject,
  place: SchemaPlace,
): readonly MirroredArgument[] | undefined {
  if (!holdsKeyword(schema)) return [];
  const found: MirroredArgument[] = [];
  const open: { readonly path: readonly string[]; readonly at: SchemaPlace }[] = [{ path: [], at: place }];
  for (const { path, at } of open) {
    for (const { 'x-mcp-header': header } of at.parts) {
      if (typeof header === 'string' && path.length > 0) found.push({ path, header });
    }
    for (const name of at.keys?.names ?? []) open.push({ path: [...path, name], at: at.member(name) });
    if (open.length > placesMax) return undefined;
  }
  return found;
}

function holdsKeyword(schema: JsonValue): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  if (Object.hasOwn(schema, 'x-mcp-header')) return true;
  return Object.values<JsonValue>(schema).some(holdsKeyword);
}
