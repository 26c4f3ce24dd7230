import { describe, expect, it } from '@jest/globals';
import { projectPath } from './projection.ts';

const context = {
  input: { amount: 5, note: 'x', deep: { list: [1] }, 'a/b': true },
  agent: { __entity: { type: 'Agent', id: 'a' } },
};

describe('projectPath', () => {
  it.each([
    ['/input/amount', { kind: 'present', value: 5 }],
    ['/input/a~1b', { kind: 'present', value: true }],
    ['', { kind: 'present', value: context }],
    ['/input/missing', { kind: 'absent', depth: 1 }],
    ['/missing/below', { kind: 'absent', depth: 0 }],
    ['/input/constructor', { kind: 'absent', depth: 1 }],
    ['/input/note/below', { kind: 'absent', depth: 2, met: 'x' }],
    ['/input/deep/list/0', { kind: 'absent', depth: 3, met: [1] }],
    ['/agent/owner', { kind: 'absent', depth: 1, met: context.agent }],
  ])('projects %s', (pointer, expected) => {
    expect(projectPath(context, pointer)).toEqual(expected);
  });
});
