// Whether a URI is one that an approved template can give (RFC 6570), for variables that are there and not empty. Linear
// in the URI, whatever the template.
import { RE2JS } from 're2js';

export type MatchUri = (uri: string) => boolean;

interface Variable {
  readonly name: string;
  /** A list or a map, spread over the expression. */
  readonly isSpread: boolean;
  readonly charactersMax: number | undefined;
}

/** What a variable may hold: unreserved characters, others escaped. */
const unreserved = '(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})';
const reserved = `(?:[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%[0-9A-F]{2})`;
/** Lists come with commas, maps that are spread with their keys too. */
const listed = `(?:${unreserved}|,)`;
const spread = `(?:${unreserved}|[,=])`;

const expression = /\{([+#./;?&]?)([^{}]*)\}/g;
const variable = /^([A-Za-z0-9_%-]+(?:\.[A-Za-z0-9_%-]+)*)(?:(\*)|:([1-9]\d{0,3}))?$/;

/** Of one expression: more are no template that anybody has reviewed. */
const variablesMax = 32;
/** What is longer is as good as unbounded, and takes an expression of that size. */
const repeatsMax = 100;

/** Undefined for a template that is none: it matches nothing. */
export function compileTemplate(template: string): MatchUri | undefined {
  try {
    const pattern = RE2JS.compile(writePattern(template));
    return (uri) => pattern.testExact(uri);
  } catch {
    return undefined;
  }
}

/**
 * Whether some server could take the URI for one of the template: they are looser than the RFC, and each in its own way.
 * Of what is no template the text before its first variable counts.
 */
export function compileLooseTemplate(template: string): MatchUri {
  const isTemplate = compileTemplate(template) !== undefined;
  const parts = isTemplate ? template.split(/(\{[^{}]*\})/) : [template.replace(/[{}].*/s, ''), '{+any}'];
  const compiled = RE2JS.compile(parts.map(writeLoose).join(''));
  return (uri) => compiled.testExact(uri);
}

/** Without an operator, variables end at a slash. */
function writeLoose(part: string): string {
  if (!part.startsWith('{')) return RE2JS.quote(part);
  return /^\{[+#./;?&]/.test(part) ? '.*' : '[^/]*';
}

/** Throws for what is no template. */
function writePattern(template: string): string {
  let pattern = '';
  let at = 0;
  for (const { 0: whole, 1: operator = '', 2: list = '', index } of template.matchAll(expression)) {
    pattern += writeLiteral(template.slice(at, index)) + writeExpression(operator, list);
    at = index + whole.length;
  }
  return pattern + writeLiteral(template.slice(at));
}

function writeLiteral(text: string): string {
  if (/[{}]/.test(text)) throw new SyntaxError('a brace stands alone');
  return RE2JS.quote(text);
}

function writeExpression(operator: string, list: string): string {
  const variables = list.split(',').map(readVariable);
  if (variables.length > variablesMax) throw new SyntaxError('too many variables');
  const [first] = variables as [Variable];
  const isList = variables.length > 1 || first.isSpread;
  switch (operator) {
    case '+':
      return `${reserved}+`;
    case '#':
      return `(?:#${reserved}+)?`;
    case '/':
      return isList ? `(?:/${spread}+)+` : `/${writeValue(first)}`;
    case '.':
      return isList ? `(?:\\.${spread}+)+` : `\\.${writeValue(first)}`;
    case ';':
    case '&':
      return variables.map((one) => writePair(operator, one)).join('');
    case '?':
      return writeQuery(variables);
    default:
      return isList ? `${spread}+` : writeValue(first);
  }
}

function readVariable(text: string): Variable {
  const [, name, star, length] = variable.exec(text) ?? [];
  if (name === undefined) throw new SyntaxError('no variable');
  return {
    name,
    isSpread: star !== undefined,
    charactersMax: length === undefined ? undefined : Number(length),
  };
}

function writeValue({ charactersMax }: Variable): string {
  const isBounded = charactersMax !== undefined && charactersMax <= repeatsMax;
  return `${unreserved}${isBounded ? `{1,${charactersMax}}` : '+'}`;
}

function writePair(mark: string, { name, isSpread }: Variable): string {
  const value = mark === ';' ? `(?:=${listed}*)?` : `=${listed}*`;
  // What is spread names itself, as the keys of a map do.
  return isSpread ? `(?:${mark}${unreserved}+${value})*` : `(?:${mark}${RE2JS.quote(name)}${value})?`;
}

/** The first that is there comes behind the question mark, the others in their order behind it. */
function writeQuery(variables: readonly Variable[]): string {
  const starts = variables.map(({ name, isSpread }, at) => {
    const rest = variables.slice(isSpread ? at : at + 1).map((other) => writePair('&', other));
    return `${isSpread ? `${unreserved}+` : RE2JS.quote(name)}=${listed}*${rest.join('')}`;
  });
  return `(?:\\?(?:${starts.join('|')}))?`;
}
