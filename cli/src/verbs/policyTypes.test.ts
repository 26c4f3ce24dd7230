import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cardea } from '../../test/cardea.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const project = join(repository, 'examples/quickstart');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cardea-types-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('cardea policy types', () => {
  it('prints what policies can read of a tool, and names what they cannot', async () => {
    expect(await cardea('policy', 'types', '--project', project, 'desk/refund_order')).toEqual({
      code: 0,
      err: '',
      out: `// desk/refund_order: write, approved
// Policies cannot read:
//   metadata is an object without declared properties
action "desk/refund_order" in ["tools/call", "desk", "write"] appliesTo {
  principal: [Person, Agent],
  resource: [Tool],
  context: {
    input: {
      "amount": Long,
      "order": String,
      "reason"?: String,
    },
    agent: Agent,
    grant: Grant,
    session: Session,
    request: Request,
    usage: Usage,
    findings: Findings,
    approvals: Approvals,
  },
};
`,
    });
  });

  it('prints a schema that the policies of the project validate against', async () => {
    const schema = join(folder, 'types.cedarschema');
    const { code, out } = await cardea('policy', 'types', '--project', project);
    expect(code).toBe(0);
    await writeFile(schema, out);
    const policies = [join(project, 'policies'), join(repository, 'policies/guardrails')];
    const checked = await cardea('policy', 'check', '--strict', '--schema', schema, ...policies);
    expect(checked).toMatchObject({ code: 0, err: '' });
  });

  it('lets no name of a server out of its comment', async () => {
    await cp(project, folder, { recursive: true });
    const file = join(folder, 'catalog/desk.json');
    const evil = '"x\\naction evil appliesTo {};": {}, "metadata": {';
    await writeFile(file, (await readFile(file, 'utf8')).replace('"metadata": {', evil));
    const { out } = await cardea('policy', 'types', '--project', folder, 'desk/refund_order');
    expect(out).toContain('//   x\\naction evil appliesTo {}; takes values of any type\n');
  });

  it.each([
    [
      ['desk/refund_ordr'],
      'the project has no tool "desk/refund_ordr"\nhelp: did you mean "desk/refund_order"?\n',
    ],
    [['--project', 'nowhere'], 'cannot read nowhere: there is no such file\n'],
  ])('refuses %j', async (words, message) => {
    const line = words.includes('--project') ? words : ['--project', project, ...words];
    expect(await cardea('policy', 'types', ...line)).toEqual({ code: 1, out: '', err: `error: ${message}` });
  });

  it('leaves the types of a plain project to its schema', async () => {
    await writeFile(join(folder, 'cardea.json'), '{"organisation":"example","profile":"plain"}');
    await writeFile(join(folder, 'schema.cedarschema'), 'entity User;');
    expect(await cardea('policy', 'types', '--project', folder)).toEqual({
      code: 1,
      out: '',
      err: 'error: this project has the profile plain: its types are those of schema.cedarschema\n',
    });
  });

  it('shows a catalog that is wrong at its place', async () => {
    await cp(project, folder, { recursive: true });
    const file = join(folder, 'catalog/desk.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"effect": "write"', '"effect": "wriet"'));
    const { code, out } = await cardea('policy', 'types', '--project', folder);
    expect(code).toBe(1);
    expect(out).toContain('catalog_invalid');
    expect(out).toContain('wriet');
  });
});
