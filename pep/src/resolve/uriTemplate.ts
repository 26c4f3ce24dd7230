// Whether a URI is one that an approved template can give (RFC 6570). Linear in the URI, whatever the template: between
// two variables there has to be text that tells where the one ends.

/** Undefined for a template that leaves open where its variables end: it matches nothing. */
export type MatchUri = (uri: string) => boolean;

interface Variable {
  /** `+` and `#` take reserved characters, `/` one segment or more, everything else what stands in one segment. */
  readonly takes: RegExp;
  readonly prefix: string;
}

type Part = string | Variable;

const expression = /\{([+#./;?&]?)([A-Za-z0-9_.,%*:]+)\}/g;

export function compileTemplate(template: string): MatchUri | undefined {
  const parts = splitTemplate(template);
  if (parts === undefined) return undefined;
  return (uri) => matches(uri, parts);
}

function splitTemplate(template: string): Part[] | undefined {
  const parts: Part[] = [];
  let at = 0;
  for (const found of template.matchAll(expression)) {
    const [whole, operator = '', names = ''] = found;
    if (found.index > at) parts.push(template.slice(at, found.index));
    at = found.index + whole.length;
    const isList = names.includes(',') || names.includes('*');
    if (typeof parts.at(-1) === 'object' && !'/?&.;#'.includes(operator || 'x')) return undefined;
    parts.push(makeVariable(operator, isList));
  }
  if (at < template.length) parts.push(template.slice(at));
  return parts.some((part) => typeof part === 'string' && /[{}]/.test(part)) ? undefined : parts;
}

function makeVariable(operator: string, isList: boolean): Variable {
  switch (operator) {
    case '+':
      return { prefix: '', takes: /^[^\s]+/ };
    case '#':
      return { prefix: '#', takes: /^[^\s]+/ };
    case '/':
      return { prefix: '/', takes: isList ? /^[^?#]+/ : /^[^/?#]+/ };
    case '.':
      return { prefix: '.', takes: /^[^/?#]+/ };
    case ';':
    case '?':
    case '&':
      return { prefix: operator, takes: /^[^/#]+/ };
    default:
      return { prefix: '', takes: isList ? /^[^/?#]+/ : /^[^/?#,]+/ };
  }
}

/** Each variable takes as little as lets the text behind it follow, and at the end everything. */
function matches(uri: string, parts: readonly Part[]): boolean {
  let rest = uri;
  for (const [at, part] of parts.entries()) {
    if (typeof part === 'string') {
      if (!rest.startsWith(part)) return false;
      rest = rest.slice(part.length);
      continue;
    }
    const taken = takeVariable(rest, part, parts[at + 1]);
    if (taken === undefined) return false;
    rest = rest.slice(taken);
  }
  return rest === '';
}

function takeVariable(rest: string, { prefix, takes }: Variable, next: Part | undefined): number | undefined {
  if (!rest.startsWith(prefix) || (prefix === '' && rest === '')) return isOptional(prefix) ? 0 : undefined;
  const [most = ''] = takes.exec(rest.slice(prefix.length)) ?? [];
  if (most === '') return undefined;
  if (next === undefined) return prefix.length + most.length;
  const stop = typeof next === 'string' ? next : next.prefix;
  const reach = rest.slice(prefix.length, prefix.length + most.length + stop.length);
  const end = reach.indexOf(stop, 1);
  if (end !== -1) return prefix.length + end;
  return typeof next === 'object' && isOptional(next.prefix) ? prefix.length + most.length : undefined;
}

/** What comes with a mark of its own may be missing: undefined variables expand to nothing. */
function isOptional(prefix: string): boolean {
  return prefix === '?' || prefix === '&' || prefix === '#' || prefix === ';';
}
