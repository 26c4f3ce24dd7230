// Whether a list may show a resource. Servers list resources that the catalog knows only by a template; a call of such
// a one is judged by that template, so it is shown where the template is.
import { Refusal } from '@cardea/schemas/codes';
import { requireNormalUri } from '../../resolve/uriForm.ts';
import { compileTemplate, type MatchUri } from '../../resolve/uriTemplate.ts';
import type { Visible } from '../../resolve/visibility.ts';

export function isShownResource(uri: string, { resources, templates, hidden }: Visible): boolean {
  if (resources.has(uri)) return true;
  if (hidden.has(uri) || templates.size === 0) return false;
  // Where a hidden template covers it too, nobody here knows by which of the two a call would be judged.
  return isNormal(uri) && isCovered(uri, templates) && !isCovered(uri, hidden);
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

/** Sets of names live as long as their bundle, and are asked about again and again. */
const compiled = new WeakMap<ReadonlySet<string>, readonly MatchUri[]>();

function isCovered(uri: string, names: ReadonlySet<string>): boolean {
  let matchers = compiled.get(names);
  if (matchers === undefined) {
    matchers = [...names]
      .filter((name) => name.includes('{'))
      .map(compileTemplate)
      .filter((matches) => matches !== undefined);
    compiled.set(names, matchers);
  }
  return matchers.some((matches) => matches(uri));
}
