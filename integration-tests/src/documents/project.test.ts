// docs/reference/project.md: its files are what a bundle is made of, and its tables name every field that people write.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readProject } from '@cardea/bundles/open';
import { parseStrictJson } from '@cardea/schemas/json';
import { readCatalog } from '@cardea/schemas/mcp';
import { repository } from '../processes/cardeaProcess.ts';
import { readCodeBlocks } from './codeBlocks.ts';

const page = readFileSync(join(repository, 'docs/reference/project.md'), 'utf8');
const blocks = new Map(readCodeBlocks(page).map(({ info, text }) => [info, text]));

it('its cardea.json is that of a project', () => {
  const project = readProject(Buffer.from(blocks.get('json cardea.json') ?? ''));
  expect(project.settings.counters).toEqual([{ name: 'hour', key: 'person', windowSeconds: 3600 }]);
});

it('its catalog is one', () => {
  const { tools } = readCatalog(parseStrictJson(blocks.get('json catalog.json') ?? ''));
  expect(tools.map(({ name, review }) => [name, review])).toEqual([
    ['refund_order', 'approved'],
    ['run_report', 'pending'],
  ]);
});
