// From a loaded bundle to something that decides: beside whatever serves now, and warm before it takes over.
import { makeEngine } from '@cardea/bundles';
import { unpackBundle } from '../compiler/packedBundle.ts';
import type { Judge } from '../decision/judge.ts';
import { createMapping } from '../mapping/createMapping.ts';
import type { LoadedBundle } from '../worker/messages.ts';
import type { Serving } from './serving.ts';

/** Throws what the engine throws; nothing has changed then. `watch` wraps the judge for the watchdog. */
export function activate({ packed, summary }: LoadedBundle, watch: (judge: Judge) => Judge): Serving {
  const compiled = unpackBundle(packed);
  const engine = makeEngine(compiled);
  engine.warm();
  return { bundle: compiled.digest, summary, engine, judge: watch(engine), mapping: createMapping(compiled) };
}
