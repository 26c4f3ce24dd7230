// Reads a catalog file. What servers sent is left as it is; what people wrote around it must be exactly right, since
// a misspelt field of theirs would be a rule that silently does not hold.

import { effects, isServerId } from '../cedar/index.ts';
import type { JsonValue } from '../json/index.ts';
import type { Catalog } from './catalog.ts';
import { ValueReader } from './valueReader.ts';

export const definitionsMax = 10_000;
export const toolsetsMax = 100;
export const nameCharactersMax = 256;
export const uriCharactersMax = 8_192;

const reviews = ['approved', 'pending'];
const catalogFields = [
  'server',
  'instructions',
  'capabilities',
  'tools',
  'prompts',
  'resources',
  'resourceTemplates',
];
const serverFields = ['id', 'owner', 'risk', 'environment', 'source'];

/**
 * The catalog, its definitions the same objects as in the value; a list that is left out is empty. Throws a Refusal
 * with `invalid_request`, whose message names the JSON Pointer of the first fault.
 */
export function readCatalog(value: JsonValue): Catalog {
  const file = new ValueReader(value);
  file.requireFieldsAmong(catalogFields);
  readServer(file.field('server'));
  file.optional('instructions')?.requireText();
  file.optional('capabilities')?.requireObject();
  readDefinitions(file, { list: 'tools', names: new Set() }, readTool);
  readDefinitions(file, { list: 'prompts', names: new Set() }, (prompt) =>
    prompt.field('name').name(nameCharactersMax),
  );
  // One set of names: a template that is spelt like a resource would share its entity, and so its approval.
  const uris = new Set<string>();
  readDefinitions(file, { list: 'resources', names: uris }, (resource) =>
    resource.field('uri').name(uriCharactersMax),
  );
  readDefinitions(file, { list: 'resourceTemplates', names: uris }, (template) =>
    template.field('uriTemplate').name(uriCharactersMax),
  );
  const lists = { tools: [], prompts: [], resources: [], resourceTemplates: [] };
  return Object.assign(Object.create(null), lists, value) as Catalog;
}

function readServer(server: ValueReader): void {
  server.requireFieldsAmong(serverFields);
  const id = server.field('id');
  if (!isServerId(id.name(nameCharactersMax))) {
    id.refuse('must match [a-z][a-z0-9-]{0,62} and be no reserved word');
  }
  for (const field of ['owner', 'risk', 'environment']) server.field(field).name(nameCharactersMax);
}

// `readName` returns the name by which definitions must differ.
function readDefinitions(
  file: ValueReader,
  { list, names }: { readonly list: string; readonly names: Set<string> },
  readName: (definition: ValueReader) => string,
): void {
  for (const definition of file.optional(list)?.elements(definitionsMax) ?? []) {
    const name = readName(definition);
    if (names.has(name)) definition.refuse('has the same name as one before it');
    names.add(name);
    definition.field('review').requireOneOf(reviews);
  }
}

function readTool(tool: ValueReader): string {
  const name = tool.field('name').name(nameCharactersMax);
  tool.optional('title')?.requireText();
  tool.optional('description')?.requireText();
  tool.field('inputSchema').requireObject();
  tool.optional('outputSchema')?.requireObject();
  tool.optional('annotations')?.requireObject();
  tool.field('effect').requireOneOf(effects);
  tool.optional('open')?.requireBoolean();
  for (const toolset of tool.optional('toolsets')?.elements(toolsetsMax) ?? [])
    toolset.name(nameCharactersMax);
  return name;
}
