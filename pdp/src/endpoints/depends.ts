// POST /v1/depends: which context paths a verdict for this tuple can read, whatever the context holds.
import { contextFamilies } from '@cardea/schemas/cedar';
import { parsePointer } from '@cardea/schemas/json';
import { dependsSchema, readWire, type WireDependsAnswer } from '@cardea/schemas/wire';
import { callerClasses } from '../callers/caller.ts';
import { answerJson, type Endpoint } from '../http/call.ts';
import type { Services } from './services.ts';

export function dependsEndpoint({ state }: Services): Endpoint {
  return {
    method: 'POST',
    path: '/v1/depends',
    kind: 'guarded',
    callers: callerClasses,
    handle: ({ body, caller }) => {
      const { bundle, mapping, judge } = state.serving;
      const mapped = mapping.mapTuple(readWire(dependsSchema, body), caller);
      // What the bundle does not know, it denies without reading anything.
      const dependsOn = mapped.kind === 'unknown' ? [] : judge.dependsOn(mapped.request);
      return answerJson({
        bundle,
        dependsOn: [...dependsOn],
        families: listFamilies(dependsOn),
      } satisfies WireDependsAnswer);
    },
  };
}

function listFamilies(dependsOn: readonly string[]): string[] {
  const read = new Set(dependsOn.map((path) => parsePointer(path)[0]));
  // The empty pointer reads all there is.
  return contextFamilies.filter((family) => read.has(family) || read.has(undefined)).sort();
}
