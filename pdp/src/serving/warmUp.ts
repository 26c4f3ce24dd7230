// Runs the whole path of a decision before anybody waits for one: compilers learn from use, and the first decision of
// a cold process takes a hundred times as long as the thousandth.
import type { JsonObject } from '@cardea/schemas/json';
import { evaluationSchema, readWire } from '@cardea/schemas/wire';
import type { Caller } from '../callers/caller.ts';
import type { Decide } from '../decision/decider.ts';
import type { Serving } from './serving.ts';

const rounds = 200;
const warmer: Caller = { class: 'author', name: 'warm-up' };
const subject = { type: 'Person', id: 'warm-up', properties: { groups: [] } };

/** Answers and refusals are dropped: what matters is that the code has run. */
export function warmUp(serving: Serving, decide: Decide): void {
  const [id] = serving.mapping.listResources('Tool', warmer);
  const resource = { type: 'Tool', id: id ?? 'warm/up' };
  const evaluation: JsonObject = { subject, action: { name: 'tools/call' }, resource, context: {} };
  for (let round = 0; round < rounds; round += 1) {
    try {
      JSON.stringify(decide(readWire(evaluationSchema, evaluation), warmer, serving));
    } catch {
      // A tool that needs arguments refuses: its path was run all the same.
    }
  }
}
