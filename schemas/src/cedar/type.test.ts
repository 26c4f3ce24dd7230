import { describe, expect, it } from '@jest/globals';
import type { CedarType } from './type.ts';
import { showType } from './type.ts';

const empty: CedarType = { kind: 'Record', attributes: {}, opaque: {}, extensible: false };

describe('showType', () => {
  it.each<[CedarType, string]>([
    [{ kind: 'String' }, 'String'],
    [{ kind: 'Long' }, 'Long'],
    [{ kind: 'Boolean' }, 'Bool'],
    [{ kind: 'Extension', name: 'ipaddr' }, 'ipaddr'],
    [{ kind: 'Set', element: { kind: 'Set', element: { kind: 'Long' } } }, 'Set<Set<Long>>'],
    [empty, '{}'],
  ])('writes %j as %s', (type, text) => {
    expect(showType(type)).toBe(text);
  });

  it('writes a record over several lines, optional attributes marked and opaque names left out', () => {
    const inner: CedarType = { ...empty, attributes: { 'a b': { type: { kind: 'Long' }, required: false } } };
    const outer: CedarType = {
      kind: 'Record',
      attributes: { if: { type: { kind: 'Set', element: inner }, required: true } },
      opaque: { hidden: 'takes values of any type' },
      extensible: true,
    };
    expect(showType(outer, '  ')).toBe('{\n    "if": Set<{\n      "a b"?: Long,\n    }>,\n  }');
  });
});
