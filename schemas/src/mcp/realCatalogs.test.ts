// Every tools/list answer in the folder that CARDEA_CATALOGS names: JSON files with `tools` at their root.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../json/index.ts';
import { canonicalJson, parseStrictJson } from '../json/index.ts';
import { inputType } from './inputType.ts';
import { proposeTool } from './proposal.ts';
import { readCatalog } from './readCatalog.ts';
import { toolEntities } from './toolEntities.ts';
import { toolSchemaText } from './toolSchema.ts';

const folder = process.env['CARDEA_CATALOGS'] ?? '';
const files = folder === '' ? [] : readdirSync(folder).filter((file) => file.endsWith('.json'));

function readTools(file: string): JsonObject[] {
  const answer = parseStrictJson(readFileSync(join(folder, file)), { bytesMax: 2 ** 24 }) as JsonObject;
  return answer['tools'] as unknown as JsonObject[];
}

function build(file: string): ReturnType<typeof readCatalog> {
  const server = { id: 'sample', owner: 'owners', risk: 'high', environment: 'test' };
  return readCatalog({ server, tools: readTools(file).map(proposeTool) });
}

if (files.length === 0) {
  describe('real catalogs', () => {
    it.skip('skipped: CARDEA_CATALOGS names no folder with tools/list answers', () => undefined);
  });
} else {
  describe.each(files)('the catalog in %s', (file) => {
    it('is read, and every tool has an entity and an action', () => {
      const keys = toolEntities(build(file)).map(({ uid }) => `${uid.type} ${uid.id}`);
      for (const { name } of readTools(file)) {
        expect(keys).toContain(`Tool sample/${name as string}`);
        expect(keys).toContain(`Action sample/${name as string}`);
      }
    });

    it('keeps every argument: typed, or opaque and noted', () => {
      for (const tool of build(file).tools) {
        const { type, notes } = inputType(tool.inputSchema);
        const declared = Object.keys((tool.inputSchema['properties'] ?? {}) as JsonObject);
        expect([...Object.keys(type.attributes), ...Object.keys(type.opaque)].sort()).toEqual(
          declared.sort(),
        );
        for (const name of Object.keys(type.opaque))
          expect(notes.map(({ pointer }) => pointer)).toContain(`/${name}`);
      }
    });

    it('maps twice to the same bytes', () => {
      const [one, other] = [build(file), build(file)].map((catalog) => ({
        types: catalog.tools.map((tool) =>
          canonicalJson(inputType(tool.inputSchema) as unknown as JsonValue),
        ),
        schemas: catalog.tools.map((tool) => toolSchemaText(tool, { server: 'sample', counters: ['hour'] })),
        entities: JSON.stringify(toolEntities(catalog)),
      }));
      expect(one).toEqual(other);
    });
  });
}
