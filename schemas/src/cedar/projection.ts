// What a verdict depends on, as data: the value at each path that it reads, or exactly how the path ends before it.
// Two requests with equal projections get the same verdict; cache keys hash these.
import { parsePointer } from '../json/index.ts';
import { isCedarRecord, type CedarRecord, type CedarValue } from './value.ts';

/**
 * `absent` tells how far the path goes and what stands there: a missing key of a record (`met` undefined) is not the
 * same as a path that runs into a text or an entity, since `has` fails on the one and answers on the other.
 */
export type Projected =
  | { readonly kind: 'present'; readonly value: CedarValue }
  | { readonly kind: 'absent'; readonly depth: number; readonly met?: CedarValue };

export function projectPath(context: CedarRecord, pointer: string): Projected {
  let value: CedarValue = context;
  for (const [depth, name] of parsePointer(pointer).entries()) {
    if (!isCedarRecord(value)) return { kind: 'absent', depth, met: value };
    if (!Object.hasOwn(value, name)) return { kind: 'absent', depth };
    value = value[name] as CedarValue;
  }
  return { kind: 'present', value };
}
