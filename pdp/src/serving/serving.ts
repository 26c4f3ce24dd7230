// What a worker decides with at one moment: one bundle, its engine and its words. Replaced as a whole between two
// requests; whoever has begun with one ends with it.
import type { Engine } from '@cardea/engine';
import type { WireBundle } from '@cardea/schemas/wire';
import type { Judge } from '../decision/judge.ts';
import type { Mapping } from '../mapping/mapping.ts';

export interface Serving {
  /** The bundle's digest: the name under which every answer was computed. */
  readonly bundle: string;
  readonly summary: WireBundle;
  readonly engine: Engine;
  /** The engine, under watch. */
  readonly judge: Judge;
  readonly mapping: Mapping;
}
