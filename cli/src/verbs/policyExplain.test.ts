import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cardea, type Ended } from '../../test/cardea.ts';

const project = fileURLToPath(new URL('../../../examples/quickstart', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cardea-explain-'));
});

afterEach(() => rm(folder, { recursive: true }));

function explain(request: string, ...words: string[]): Promise<Ended> {
  return cardea('policy', 'explain', '--project', project, '--request', request, ...words);
}

const shipped = (name: string): string => join(project, 'requests', `${name}.json`);

/** The allowed request of the quickstart with some of its text exchanged. */
async function explainChanged(change: (text: string) => string, ...words: string[]): Promise<Ended> {
  const request = join(folder, 'request.json');
  await writeFile(request, change(await readFile(shipped('allowed'), 'utf8')));
  return explain(request, ...words);
}

describe('cardea policy explain', () => {
  it('shows what allows a request, and what did not stand in the way', async () => {
    const { code, out, err } = await explain(shipped('allowed'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`allow (allowed): A policy permits the call and none forbids it.
  Person::"ann", Action::"desk/refund_order", Tool::"desk/refund_order"

permit support-small-refunds: applies
  yes    when    context.input.amount <= 10000

forbid guardrail-approved-tools-only: does not apply
  no     unless  resource.approved

forbid guardrail-grant-covers-effect: does not apply
  no     unless  context.grant.effects.contains(resource.effect)

forbid guardrail-grant-covers-tool: does not apply
  no     unless  (resource in context.grant.servers) || context.grant.tools.contains(resource)

forbid guardrail-no-injected-changes: does not apply
  no     unless  context.findings.injection.isEmpty()

forbid guardrail-no-secrets-in-arguments: does not apply
  no     unless  context.findings.secrets.isEmpty()

forbid guardrail-session-age: does not apply
  no     when    context.session.ageHours >= 12

forbid large-refunds-need-finance, held by finance: does not apply
  no     when    context.input.amount > 5000
`);
  });

  it.each([
    [
      'denied',
      `deny (forbidden): The reply holds personal data. Send it as an internal note.
  Person::"ann", Action::"desk/reply_to_ticket", Tool::"desk/reply_to_ticket"

forbid personal-data-stays-internal: applies
  "The reply holds personal data. Send it as an internal note."
  yes    when    !context.findings.personal.isEmpty()
  yes    unless  (context.input has internal) && context.input.internal

permit support-answers: applies
`,
    ],
    [
      'held',
      `hold (held): Refunds above 50.00 need a second pair of eyes.
  approvers: finance
  Person::"ann", Action::"desk/refund_order", Tool::"desk/refund_order"

forbid large-refunds-need-finance, held by finance: applies
  "Refunds above 50.00 need a second pair of eyes."
  yes    when    context.input.amount > 5000

permit support-small-refunds: applies
  yes    when    context.input.amount <= 10000
`,
    ],
  ])('shows first what decides: %s', async (name, beginning) => {
    const { code, out } = await explain(shipped(name));
    expect(out.slice(0, beginning.length)).toBe(beginning);
    expect(code).toBe(2);
  });

  it('shows where nothing allows a request what is missing', async () => {
    const { code, out } = await explainChanged((text) => text.replace('1200', '10001'));
    expect(code).toBe(2);
    expect(out).toContain('deny (default_deny): No policy permits the call.\n');
    expect(out).toContain(`permit support-small-refunds: does not apply
  no     when    context.input.amount <= 10000
`);
    expect(out).toContain(`permits that miss:
  leads-do-everything: Person::"ann" is not in Group::"support-leads"
  support-answers: Action::"desk/refund_order" is not in Action::"desk/assign_ticket" or Action::"desk/reply_to_ticket"
  support-reads: Action::"desk/refund_order" is not in Action::"read"
`);
  });

  it('names the facts that the policies read and nobody stated', async () => {
    const change = (text: string): string => text.replace(/"(grant|session)":/g, '"no $1":');
    expect(await explainChanged(change)).toEqual({
      code: 2,
      err: '',
      out: `needs (facts_needed): Policies read facts that the request did not state.
  to state: grant, session
  Person::"ann", Action::"desk/refund_order", Tool::"desk/refund_order"

policies read:
  /grant/effects     guardrail-grant-covers-effect
  /grant/servers     guardrail-grant-covers-tool
  /grant/tools       guardrail-grant-covers-tool
  /session/ageHours  guardrail-session-age
`,
    });
  });

  it('names the argument that Cedar cannot express, and who reads it', async () => {
    expect(await explainChanged((text) => text.replace('1200', '12.5'))).toEqual({
      code: 2,
      err: '',
      out: `deny (unrepresentable_value): A policy reads an argument whose value has no Cedar type. /input/amount: it is a number, where its schema declares an integer of 64 bits
  Person::"ann", Action::"desk/refund_order", Tool::"desk/refund_order"

policies read:
  /input/amount  large-refunds-need-finance, support-small-refunds
`,
    });
  });

  it('gives programs the same', async () => {
    const { code, out } = await explain(shipped('held'), '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'hold',
      code: 'held',
      approvers: ['finance'],
      dependsOn: expect.arrayContaining(['/input/amount']) as unknown,
      policies: expect.arrayContaining([
        expect.objectContaining({ policy: 'large-refunds-need-finance', outcome: 'satisfied' }),
      ]) as unknown,
    });
  });

  it.each<[string, (text: string) => string, string]>([
    [
      'an argument that the tool does not declare',
      (text) => text.replace('"amount"', '"Amount"'),
      'context.input/Amount: the argument "Amount" differs from a declared one only in case or form\n' +
        'help: the service would refuse it as folded_key\n',
    ],
    ['a field that is missing', (text) => text.replace('"action"', '"verb"'), 'action: '],
    ['what is no JSON', (text) => text.slice(1), 'line 2, column 12: '],
  ])('refuses %s', async (_, change, message) => {
    const { code, out, err } = await explainChanged(change);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`error: ${join(folder, 'request.json')}: ${message}`);
  });

  it('says of a tool that is not there no more than the service does', async () => {
    expect(await explainChanged((text) => text.replace('refund_order', 'nothing'))).toEqual({
      code: 2,
      err: '',
      out: 'deny (unknown_tool): The bundle holds no such tool, prompt, resource or method. It was asked for "desk/nothing".\n',
    });
  });

  it('explains nothing of a project that does not validate', async () => {
    await cp(project, folder, { recursive: true });
    const policies = join(folder, 'policies/desk.cedar');
    const text = await readFile(policies, 'utf8');
    await writeFile(policies, text.replace('context.input.amount > 5000', 'context.input.amuont > 5000'));
    const line = ['--project', folder, '--request', shipped('allowed')];
    const { code, out } = await cardea('policy', 'explain', ...line);
    expect(code).toBe(3);
    expect(out).toContain('attribute `input.amuont`');
  });

  it('explains requests in the words of any Cedar schema', async () => {
    await writeFile(join(folder, 'cardea.json'), '{"organisation":"example","profile":"plain"}');
    const schema =
      'entity User; entity Doc = { owner: User }; action read appliesTo { principal: User, resource: Doc };';
    await writeFile(join(folder, 'schema.cedarschema'), schema);
    await mkdir(join(folder, 'policies'));
    const policy = '@id("owners") permit (principal, action, resource) when { resource.owner == principal };';
    await writeFile(join(folder, 'policies/docs.cedar'), policy);
    const request = join(folder, 'request.json');
    const evaluation = {
      subject: { type: 'User', id: 'ann' },
      action: { name: 'read' },
      resource: { type: 'Doc', id: 'a', properties: { owner: 'bob' } },
    };
    await writeFile(request, JSON.stringify(evaluation));
    const { code, out } = await cardea('policy', 'explain', '--project', folder, '--request', request);
    expect(code).toBe(2);
    expect(out).toContain('no     when    resource.owner == principal');
  });
});
