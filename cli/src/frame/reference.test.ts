import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { format, resolveConfig } from 'prettier';
import { renderCliReference } from './reference.ts';

const page = new URL('../../../docs/reference/cli.md', import.meta.url);

it('the reference says what the table says: `npm run generate` writes it', async () => {
  const options = await resolveConfig(page);
  const wanted = await format(renderCliReference(), { ...options, parser: 'markdown' });
  expect(await readFile(page, 'utf8')).toBe(wanted);
});
