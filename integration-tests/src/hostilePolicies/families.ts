// Expressions that nest, one family for each operator of Cedar: what an author could write too much of.
import type { Random } from '../hostile/random.ts';

export interface Family {
  readonly name: string;
  /** A boolean expression that nests about this deeply, or has this many terms. */
  readonly nest: (times: number) => string;
}

const chain = (operator: string, term: string) => (times: number) =>
  Array<string>(times).fill(term).join(` ${operator} `);

const around = (open: string, leaf: string, close: string) => (times: number) =>
  open.repeat(times) + leaf + close.repeat(times);

const family = (name: string, nest: Family['nest']): Family => ({ name, nest });

export const families: readonly Family[] = [
  family('||', chain('||', 'context.b')),
  family('|| of what is known', chain('||', 'principal == resource')),
  family('&&', chain('&&', 'context.b')),
  family('&& of what is known', chain('&&', 'principal == principal')),
  family('+', (times) => `${chain('+', 'context.n')(times)} > 0`),
  family('-', (times) => `${chain('-', 'context.n')(times)} < 0`),
  family('*', (times) => `${chain('*', 'context.n')(times)} > 0`),
  family('a path with points', (times) => `context${'.a'.repeat(times)}`),
  family('a path with brackets', (times) => `context${'["a"]'.repeat(times)}`),
  family('a path after has', (times) => `context has a${'.a'.repeat(times)}`),
  family('parentheses', around('(', 'context.b', ')')),
  family('!', around('!(', 'context.b', ')')),
  family('a negative number', (times) => `${around('-(', 'context.n', ')')(times)} == 1`),
  family('sets', (times) => `${around('[', 'context.n', ']')(times)} == [1]`),
  family('records', (times) => `${around('{a: ', 'context.n', '}')(times)} == {}`),
  family('records and paths', (times) => around('{a: ', 'context.b', '}')(times) + '.a'.repeat(times)),
  family('if, in its first branch', around('if context.b then ', 'true', ' else false')),
  family('if, in its second branch', around('if context.b then false else ', 'true', '')),
  family('if, in its test', around('if (', 'context.b', ') then true else false')),
  family('==', around('(true == ', 'context.b', ')')),
  family('contains, in its set', around('[', 'context.b', '].contains(true)')),
  family('contains, in its argument', around('[true].contains(', 'context.b', ')')),
  family('containsAny', around('[true].containsAny([', 'context.b', '])')),
  family('isEmpty', around('[', 'context.b', '].isEmpty()')),
  family('in', (times) => `principal in ${around('[', 'resource', ']')(times)}`),
  family('is', around('(', 'principal is Person', ') == true')),
  family('like', around('(if ', 'context.s like "*"', ' then "a" else "b") like "*"')),
  family('hasTag', around('principal.hasTag(', 'context.s', ')')),
  family('getTag', (times) => `${around('principal.getTag(', 'context.s', ')')(times)} == 1`),
  family('decimals', around('[', 'context.d.lessThan(decimal("2.0"))', '].contains(true)')),
  family('offsets of a time', (times) => `context.t${'.offset(duration("1h"))'.repeat(times)} > context.t`),
  family('days of a time', (times) => `context.t${'.toDate()'.repeat(times)} == context.t`),
];

/** The same for whole policies, which can have many conditions. */
export const conditionFamilies: readonly Family[] = [
  family('when', (times) => 'when { context.b } '.repeat(times)),
  family('unless', (times) => 'unless { context.b } '.repeat(times)),
  family('when of what is known', (times) => 'when { principal == principal } '.repeat(times)),
  family('when and unless', (times) => 'when { context.b } unless { !context.b } '.repeat(times)),
];

const leaves = [
  'context.b',
  'true',
  'context.a.a.a',
  '(context.s like "a*")',
  '(principal in resource)',
  '(context has a.a.a)',
  'context.d.lessThan(decimal("1.0"))',
  'principal.hasTag("a")',
];

/** Boolean expressions around a boolean expression, and by how much each nests it. */
const wraps: readonly (readonly [depth: number, wrap: (inner: string) => string])[] = [
  [1, (inner) => `(${inner} || context.b)`],
  [1, (inner) => `(context.b && ${inner})`],
  [1, (inner) => `(if ${inner} then context.b else false)`],
  [1, (inner) => `(if context.b then ${inner} else false)`],
  [1, (inner) => `(if context.b then false else ${inner})`],
  [1, (inner) => `(true == ${inner})`],
  [1, (inner) => `!(${inner})`],
  [2, (inner) => `[${inner}].contains(true)`],
  [2, (inner) => `[context.b].containsAll([${inner}])`],
  [2, (inner) => `[${inner}].isEmpty()`],
  [2, (inner) => `{a: ${inner}}.a`],
  [2, (inner) => `({a: ${inner}} has a)`],
  [2, (inner) => `({a: ${inner}} == {a: context.b})`],
  [2, (inner) => `((if ${inner} then context.n else 2) > 1)`],
  [3, (inner) => `((1 + (if ${inner} then context.n else 2)) > 1)`],
  [2, (inner) => `((if ${inner} then context.s else "b") like "*x")`],
  [2, (inner) => `((if ${inner} then principal else resource) in [resource])`],
  [2, (inner) => `((if ${inner} then principal else resource) is Person)`],
  [2, (inner) => `principal.hasTag(if ${inner} then "a" else "b")`],
  [3, (inner) => `(principal.getTag(if ${inner} then "a" else "b") == 1)`],
  [2, (inner) => `ip("1.1.1.1").isInRange(if ${inner} then ip("1.1.1.1") else ip("2.2.2.2"))`],
  [3, (inner) => `(context.t.offset(if ${inner} then duration("1h") else duration("2h")) > context.t)`],
  [2, (inner) => `((if ${inner} then context else context) has a)`],
];

/** A mixture, just below the depth; of few operators or of all. */
export function mixExpression(random: Random, depth: number): string {
  const some = Array.from({ length: 3 }, () => random.pick(wraps));
  const choices = random.below(2) === 0 ? some : wraps;
  let inner = random.pick(leaves);
  // The leaves nest by up to 3 themselves.
  for (let nested = 3; ;) {
    const [more, wrap] = random.pick(choices);
    if (nested + more > depth) return inner;
    nested += more;
    inner = wrap(inner);
  }
}
