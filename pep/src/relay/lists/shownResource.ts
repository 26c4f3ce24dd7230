// Whether a list may show a resource. Servers list resources that the catalog knows only by a template; a call of such
// a one is judged by that template, so it is shown where the template is.
import { Refusal } from '@cardea/schemas/codes';
import { requireNormalUri } from '../../resolve/uriForm.ts';
import { compileLooseTemplate, compileTemplate, type MatchUri } from '../../resolve/uriTemplate.ts';
import type { Visible } from '../../resolve/visibility.ts';

export function isShownResource(uri: string, { resources, templates, hidden }: Visible): boolean {
  const isOffered =
    resources.has(uri) || (!hidden.has(uri) && isNormal(uri) && isCovered(uri, templates, strict));
  // Where a hidden template covers it too, nobody here knows which of them a server would run: no call of it is allowed.
  return isOffered && !isCovered(uri, hidden, loose);
}

/** By its own name, or by that of a template. */
export function isHiddenResource(uri: string, { hidden }: Visible): boolean {
  return hidden.has(uri) || isCovered(uri, hidden, loose);
}

function isNormal(uri: string): boolean {
  try {
    requireNormalUri(uri);
    return true;
  } catch (fault) {
    if (fault instanceof Refusal) return false;
    throw fault;
  }
}

interface Reading {
  readonly compile: (template: string) => MatchUri | undefined;
  readonly compiled: WeakMap<ReadonlySet<string>, readonly MatchUri[]>;
}

/** Sets of names live as long as their bundle, and are asked about again and again. */
const strict: Reading = { compile: compileTemplate, compiled: new WeakMap() };
const loose: Reading = { compile: compileLooseTemplate, compiled: new WeakMap() };

function isCovered(uri: string, names: ReadonlySet<string>, { compile, compiled }: Reading): boolean {
  let matchers = compiled.get(names);
  if (matchers === undefined) {
    matchers = [...names]
      .filter((name) => name.includes('{'))
      .map(compile)
      .filter((matches) => matches !== undefined);
    compiled.set(names, matchers);
  }
  return matchers.some((matches) => matches(uri));
}
