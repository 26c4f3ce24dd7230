import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { cardea } from '../../test/cardea.ts';

const project = fileURLToPath(new URL('../../../examples/quickstart', import.meta.url));

describe('cardea policy who-can', () => {
  it('shows every group against every tool, with conditions and guardrails below', async () => {
    expect(await cardea('policy', 'who-can', '--project', project)).toEqual({
      code: 0,
      err: '',
      out: `                                 anyone  support          support-leads
desk/assign_ticket               denied  allowed          allowed
desk/close_account               denied  denied           held by support-leads [1]
desk/export_customers (pending)  denied  denied           denied
desk/read_ticket                 denied  allowed          allowed
desk/refund_order                denied  conditional [2]  conditional [3]
desk/reply_to_ticket             denied  conditional [4]  conditional [4]
desk/search_tickets              denied  allowed          allowed

[1] denied when context.usage.hour > 20 (at-most-20-destructive-calls-an-hour)
[2] allowed when context.input.amount <= 10000 (support-small-refunds)
    held by finance when context.input.amount > 5000 (large-refunds-need-finance)
[3] held by finance when context.input.amount > 5000 (large-refunds-need-finance)
[4] denied when !context.findings.personal.isEmpty() && !((context.input has internal) && context.input.internal) (personal-data-stays-internal)

Guardrails can deny each of these calls:
  guardrail-grant-covers-effect
  guardrail-grant-covers-tool
  guardrail-no-injected-changes
  guardrail-no-secrets-in-arguments
  guardrail-session-age
`,
    });
  });

  it('gives programs the same', async () => {
    const line = ['--project', project, '--tool', 'desk/refund_order', '--group', 'interns', '--json'];
    const { code, out } = await cardea('policy', 'who-can', ...line);
    expect(code).toBe(0);
    const { groups, rows } = JSON.parse(out) as { groups: unknown; rows: { cells: unknown[] }[] };
    expect(groups).toEqual([null, 'interns', 'support', 'support-leads']);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.cells[2]).toEqual({
      answer: 'conditional',
      approvers: [],
      conditions: [
        { verdict: 'allow', policy: 'support-small-refunds', condition: 'context.input.amount <= 10000' },
        {
          verdict: 'hold',
          policy: 'large-refunds-need-finance',
          condition: 'context.input.amount > 5000',
          approver: 'finance',
        },
      ],
      policies: [],
      guardrails: [
        'guardrail-grant-covers-effect',
        'guardrail-grant-covers-tool',
        'guardrail-no-injected-changes',
        'guardrail-no-secrets-in-arguments',
        'guardrail-session-age',
      ],
    });
  });

  it('suggests the tool that was meant', async () => {
    expect(await cardea('policy', 'who-can', '--project', project, '--tool', 'desk/refund_ordr')).toEqual({
      code: 1,
      out: '',
      err: 'error: the project has no tool "desk/refund_ordr"\nhelp: did you mean "desk/refund_order"?\n',
    });
  });
});
