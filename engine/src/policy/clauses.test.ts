import { describe, expect, it } from '@jest/globals';
import { cedarModule, compileAll, judgeAlone, type Outcome } from '../../test/oracle.ts';
import { CedarHost } from '../wasm/cedarHost.ts';
import { readClauseTexts, writeAnyOf, writeUnscoped, type ClauseText } from './clauses.ts';

const scope = '(principal, action, resource)';
const host = new CedarHost(cedarModule);

function read(text: string): readonly ClauseText[] {
  const [policy] = compileAll([`@id("x") ${text}`], host);
  return policy?.clauses ?? [];
}

/** `true`, `false` and `error` are keys of the context: what a condition on each of them does. */
function judge(policy: string): Outcome {
  const ann = { type: 'Person', id: 'ann' };
  return judgeAlone(
    host,
    policy,
    { principal: ann, action: { type: 'Action', id: 'use' }, resource: ann, context: { t: true, f: false } },
    [],
  );
}

describe('readClauseTexts', () => {
  it.each<[string, string, ClauseText[]]>([
    ['no condition', `forbid ${scope};`, []],
    ['one', `forbid ${scope} when { true };`, [{ kind: 'when', body: ' true ' }]],
    [
      'several, in their order',
      `forbid ${scope} unless{false}when{true}unless { 1 == 2 };`,
      [
        { kind: 'unless', body: 'false' },
        { kind: 'when', body: 'true' },
        { kind: 'unless', body: ' 1 == 2 ' },
      ],
    ],
    [
      'braces inside braces',
      `forbid ${scope} when { {a: {b: 1}} == {} } unless { {} == {} };`,
      [
        { kind: 'when', body: ' {a: {b: 1}} == {} ' },
        { kind: 'unless', body: ' {} == {} ' },
      ],
    ],
    [
      'braces and quotes in texts',
      `forbid ${scope} when { "}" == "\\"{" } unless { "unless {" like "*\\"}" };`,
      [
        { kind: 'when', body: ' "}" == "\\"{" ' },
        { kind: 'unless', body: ' "unless {" like "*\\"}" ' },
      ],
    ],
    [
      'braces, quotes and keywords in comments',
      `forbid ${scope} // unless { "\nwhen // {\n{ true // } "\n};`,
      [{ kind: 'when', body: ' true // } "\n' }],
    ],
    [
      'comments that carriage returns end',
      `forbid ${scope} when { true // }\r} unless // {\r{ false };`,
      [
        { kind: 'when', body: ' true // }\r' },
        { kind: 'unless', body: ' false ' },
      ],
    ],
    [
      'annotations with the names of clauses',
      `@unless("when {") @ when("}") forbid ${scope} unless { true };`,
      [{ kind: 'unless', body: ' true ' }],
    ],
    [
      'attributes with the names of clauses',
      `forbid ${scope} unless { context has when || context.unless };`,
      [{ kind: 'unless', body: ' context has when || context.unless ' }],
    ],
    [
      'texts and brackets in the scope',
      `forbid (principal == P::"}{", action in [Action::"unless {"], resource) when { true };`,
      [{ kind: 'when', body: ' true ' }],
    ],
    [
      'a blank that only the engine knows',
      `forbid ${scope} unless\u0085{ true };`,
      [{ kind: 'unless', body: ' true ' }],
    ],
  ])('reads %s', (_, text, clauses) => {
    expect(read(text)).toEqual(clauses);
  });

  it('throws rather than guess where the engine read another number of conditions', () => {
    expect(() => readClauseTexts(`forbid ${scope} when { true };`, ['when', 'unless'])).toThrow(/told apart/);
  });
});

/** Each with what it does, by itself. */
const bodies: readonly [body: string, outcome: Outcome][] = [
  ['', 'satisfied'],
  ['when { context.t }', 'satisfied'],
  ['when { context.f }', 'neither'],
  ['when { context.missing }', 'errored'],
  ['when { 1 }', 'errored'],
  ['unless { context.f }', 'satisfied'],
  ['unless { context.t }', 'neither'],
  ['unless { context.missing }', 'errored'],
  ['unless { 1 }', 'errored'],
  ['when { context.t } unless { context.t }', 'neither'],
  ['when { context.f } unless { context.missing }', 'neither'],
  ['when { context.missing } unless { context.t }', 'errored'],
  ['when { context.f || context.t }', 'satisfied'],
  ['unless { context.f || context.t }', 'neither'],
  ['unless { context.f || context.f }', 'satisfied'],
  ['when { context.t && context.f } when { context.t }', 'neither'],
  ['when { if context.f then false else context.f }', 'neither'],
  ['when { context.t // true }\n}', 'satisfied'],
  ['unless { context.t // }\r}', 'neither'],
];

describe('writeUnscoped', () => {
  it.each(bodies)('says the same without the scope: %s', (body, outcome) => {
    const text = `forbid (principal == Person::"ann", action, resource is Person) ${body};`;
    expect(judge(text)).toBe(outcome);
    expect(judge(writeUnscoped('forbid', read(text)))).toBe(outcome);
  });

  it('keeps the effect', () => {
    expect(writeUnscoped('permit', [])).toMatch(/^permit \(/);
    expect(writeUnscoped('forbid', [])).toMatch(/^forbid \(/);
  });
});

describe('writeAnyOf', () => {
  const clausesOf = (body: string): readonly ClauseText[] => read(`forbid ${scope} ${body};`);

  it.each(bodies)('alone is silent exactly when the forbid is: %s', (body, outcome) => {
    expect(judge(writeAnyOf([clausesOf(body)])) === 'neither').toBe(outcome === 'neither');
  });

  it('of two is silent exactly when both are', () => {
    for (const [left, does] of bodies) {
      for (const [right, doesToo] of bodies) {
        const silent = judge(writeAnyOf([clausesOf(left), clausesOf(right)])) === 'neither';
        expect({ left, right, silent }).toEqual({
          left,
          right,
          silent: does === 'neither' && doesToo === 'neither',
        });
      }
    }
  });

  it.each([3, 5, 64])('of %d hears each of them', (count) => {
    const silent = clausesOf('when { context.f }');
    expect(judge(writeAnyOf(Array<typeof silent>(count).fill(silent)))).toBe('neither');
    for (const loud of ['when { context.t }', 'unless { context.missing }'].map(clausesOf)) {
      for (let at = 0; at < count; at += 1) {
        const forbids = Array.from({ length: count }, (_, place) => (place === at ? loud : silent));
        expect(judge(writeAnyOf(forbids))).not.toBe('neither');
      }
    }
  });
});
