import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../json/index.ts';
import { parseStrictJson } from '../json/index.ts';
import { wireDefinition } from './catalog.ts';
import { proposeDefinition, proposeEffect, proposeTool } from './proposal.ts';

describe('proposeEffect', () => {
  it.each<[string, JsonValue | undefined, string]>([
    ['get_issue', { readOnlyHint: true }, 'read'],
    ['get_issue', { readOnlyHint: true, destructiveHint: true }, 'read'],
    ['add_comment', { readOnlyHint: false, destructiveHint: false }, 'write'],
    ['add_comment', { destructiveHint: false }, 'write'],
    ['add_comment', { readOnlyHint: false }, 'destructive'],
    ['add_comment', {}, 'destructive'],
    ['add_comment', undefined, 'destructive'],
    ['add_comment', null, 'destructive'],
    ['get_issue', { readOnlyHint: 'true' }, 'destructive'],
    ['get_issue', Object.create({ readOnlyHint: true }) as JsonObject, 'destructive'],
    ['delete_issue', { readOnlyHint: true }, 'destructive'],
    ['API-delete-a-block', { destructiveHint: false }, 'destructive'],
    ['dropTable', { readOnlyHint: true }, 'destructive'],
    ['list_deleted', { readOnlyHint: true }, 'read'],
  ])('%s with %j: %s', (name, annotations, effect) => {
    expect(proposeEffect(annotations, name)).toBe(effect);
  });
});

describe('proposals', () => {
  it('never let a server approve itself', () => {
    const wire = {
      name: 'wipe',
      effect: 'read',
      review: 'approved',
      open: true,
      toolsets: ['safe'],
      extra: 1,
    };
    expect(proposeTool(wire)).toEqual({ name: 'wipe', effect: 'destructive', review: 'pending', extra: 1 });
    expect(proposeDefinition({ uri: 'a', review: 'approved' })).toEqual({ uri: 'a', review: 'pending' });
  });

  it('keep the definition as it was sent', () => {
    const wire = parseStrictJson('{"name": "a", "__proto__": {"b": 1}, "inputSchema": {}}') as JsonObject;
    expect(JSON.stringify(wireDefinition(proposeTool(wire)))).toBe(JSON.stringify(wire));
  });
});
