// What a notification says to people: a log, a progress, a reason. It goes as a whole where it names what is hidden, unless
// that stands in a text without which the rest has its use.
import type { JsonObject, JsonValue } from '@cardea/schemas/json';
import type { Visible } from '../../resolve/visibility.ts';
import { report, withholdFor, type Exchange } from '../exchange.ts';
import { hidesNothing, holdsHidden } from '../leaks/hiddenNames.ts';
import { pass, type Treatment } from './treatment.ts';

export interface Told {
  readonly method: string;
  readonly params: JsonObject;
}

const texts: ReadonlyMap<string, string> = new Map([
  ['notifications/cancelled', 'reason'],
  ['notifications/progress', 'message'],
  ['notifications/tasks', 'statusMessage'],
  ['notifications/tasks/status', 'statusMessage'],
]);

/** The client's own words: it learns nothing from them. */
const echoed: ReadonlySet<string> = new Set(['progressToken', 'requestId']);

/** Most are judged at once: what an identity may see is at hand. */
export function judgeTexts(told: Told, exchange: Exchange): Treatment | Promise<Treatment> {
  const { context, options } = exchange;
  try {
    const found = options.visible(context.identity, context.server);
    if (!(found instanceof Promise)) return judgeNames(told, found, exchange);
    return found.then((visible) => judgeNames(told, visible, exchange));
  } catch {
    return withholdFor('fault', exchange);
  }
}

function judgeNames({ method, params }: Told, visible: Visible, exchange: Exchange): Treatment {
  if (hidesNothing(visible)) return pass;
  const naming = Object.keys(params).filter(
    (key) => !echoed.has(key) && holdsHidden({ [key]: params[key] as JsonValue }, visible),
  );
  if (naming.length === 0) return pass;
  if (naming.some((key) => key !== texts.get(method))) return withholdFor('hidden_name', exchange);
  report(exchange, { kind: 'cleaned', what: 'notification' });
  const kept = Object.fromEntries(Object.entries(params).filter(([key]) => !naming.includes(key)));
  return { kind: 'replace', value: { jsonrpc: '2.0', method, params: kept }, code: undefined };
}
