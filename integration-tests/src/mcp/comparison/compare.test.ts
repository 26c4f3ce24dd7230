import { expect, it } from '@jest/globals';
import { compare } from './compare.ts';

it.each([
  { direct: { a: [1, { b: 'x' }] }, proxied: { a: [1, { b: 'x' }] }, differences: [] },
  { direct: { a: 1, b: 2 }, proxied: { b: 2, a: 1 }, differences: [] },
  { direct: { a: 1 }, proxied: { a: '1' }, differences: ['/a: 1 direct, "1" through the proxy'] },
  { direct: { a: 1 }, proxied: {}, differences: ['/a: 1 direct, nothing through the proxy'] },
  { direct: {}, proxied: { a: null }, differences: ['/a: nothing direct, null through the proxy'] },
  { direct: [1], proxied: [1, 2], differences: ['/1: nothing direct, 2 through the proxy'] },
  { direct: { a: [] }, proxied: { a: {} }, differences: ['/a: [] direct, {} through the proxy'] },
  { direct: { a: 1, b: { c: 2 } }, proxied: { a: 0, b: { c: 0 } }, differences: [/^\/a/, /^\/b\/c/] },
])('names each place where $proxied is not $direct', ({ direct, proxied, differences }) => {
  const found = compare(direct, proxied);
  expect(found).toHaveLength(differences.length);
  for (const [at, line] of found.entries()) expect(line).toMatch(differences[at] ?? '');
});
