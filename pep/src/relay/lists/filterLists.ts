// A list without the entries that an identity may not see. Order, cursors and whatever else a result holds stay.
import { isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { memberOf } from '../../admit/message.ts';
import type { Visible } from '../../resolve/visibility.ts';
import { declareKeys, holdsFolded } from '../frames/declaredKeys.ts';
import { listShapes, type ListKind, type ListShape } from './listKind.ts';
import { isShownResource } from './shownResource.ts';

export interface Withheld {
  readonly list: ListKind;
  readonly count: number;
  /** Of the first ones. */
  readonly names: readonly string[];
}

const namesMax = 64;
const nameCharactersMax = 128;

/** The same object where every entry stays. */
export function filterLists(
  result: JsonObject,
  visible: Visible,
  onWithheld: (withheld: Withheld) => void,
): JsonObject {
  let filtered = result;
  for (const shape of listShapes) {
    const entries = memberOf(result, shape.entriesKey);
    if (!Array.isArray(entries)) continue;
    const all = entries as readonly JsonValue[];
    const shown = all.filter((entry) => isShown(entry, shape, visible));
    if (shown.length === all.length) continue;
    filtered = { ...filtered, [shape.entriesKey]: shown };
    onWithheld(describe(all, shown, shape));
  }
  return filtered;
}

const nameKeys = declareKeys(...listShapes.map(({ nameKey }) => nameKey));

function isShown(entry: JsonValue, { kind, nameKey }: ListShape, visible: Visible): boolean {
  if (!isJsonObject(entry)) return false;
  const name = memberOf(entry, nameKey);
  // Behind a second key some readers would find another name.
  if (typeof name !== 'string' || holdsFolded(entry, nameKeys)) return false;
  return kind === 'resources' ? isShownResource(name, visible) : visible[kind].has(name);
}

function describe(
  all: readonly JsonValue[],
  shown: readonly JsonValue[],
  { kind, nameKey }: ListShape,
): Withheld {
  const kept = new Set(shown);
  const withheld = all.filter((entry) => !kept.has(entry));
  const names = withheld
    .slice(0, namesMax)
    .map((entry) => (isJsonObject(entry) ? memberOf(entry, nameKey) : undefined))
    .filter((name) => typeof name === 'string')
    .map((name) => name.slice(0, nameCharactersMax));
  return { list: kind, count: withheld.length, names };
}
