// What stands in the arguments of a call, by kind. Decoded texts are inspected, keys included, and not the JSON around
// them: an escape hides nothing.
import type { JsonObject, JsonValue } from '@cardea/schemas/json';
import { writePlainDigits } from './plainDigits.ts';
import { hints, rules, type Rule } from './rules.ts';

export interface Findings extends JsonObject {
  readonly secrets: readonly string[];
  readonly personal: readonly string[];
  readonly injection: readonly string[];
}

/** Of all texts of a call. What goes beyond is no reason to find nothing: each family then says that it is not all. */
const charactersMax = 2 ** 20;
const uninspected = 'uninspected';

/** Kinds are sorted and named once. Never throws. */
export function inspectInput(input: JsonObject | undefined): Findings {
  const found: Found = {
    secrets: new Set(),
    personal: new Set(),
    injection: new Set(),
    charactersLeft: charactersMax,
  };
  if (input !== undefined) visit(input, found);
  return {
    secrets: [...found.secrets].sort(),
    personal: [...found.personal].sort(),
    injection: [...found.injection].sort(),
  };
}

interface Found extends Record<Rule['family'], Set<string>> {
  charactersLeft: number;
}

function visit(value: JsonValue, found: Found): void {
  if (typeof value === 'string') inspectText(value, found);
  else if (typeof value === 'number' || typeof value === 'bigint') inspectText(String(value), found);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries<JsonValue>(value as JsonObject)) {
      if (!Array.isArray(value)) inspectText(key, found);
      visit(member, found);
    }
  }
}

function inspectText(written: string, found: Found): void {
  if (written.length < shortestCharacters) return;
  found.charactersLeft -= written.length;
  const text = found.charactersLeft < 0 ? written : writePlainDigits(written);
  for (const [family, ofFamily] of families) {
    if (found.charactersLeft < 0) {
      found[family].add(uninspected);
      continue;
    }
    if (hints[family].test(text)) inspectFor(ofFamily, text, found[family]);
  }
}

function inspectFor(ofFamily: readonly Rule[], text: string, found: Set<string>): void {
  for (const { kind, expression, confirms } of ofFamily) {
    if (found.has(kind)) continue;
    for (const [match] of text.matchAll(expression)) {
      if (confirms?.(match) === false) continue;
      found.add(kind);
      break;
    }
  }
}

/** Nothing that is looked for is shorter, but for single hidden characters, which matter in longer texts only. */
const shortestCharacters = 13;

const families = (['secrets', 'personal', 'injection'] as const).map(
  (family) => [family, rules.filter((rule) => rule.family === family)] as const,
);
