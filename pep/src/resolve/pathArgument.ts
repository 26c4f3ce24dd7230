// Arguments that are paths, as far as their names tell. `//etc/passwd` and `/etc/../etc/passwd` pass a policy on
// `/etc/*` and reach the file all the same: a path that is not in normal form is refused, so that policies may compare
// texts.
import { Refusal } from '@cardea/schemas/codes';
import { formatPointer, isJsonObject, type JsonObject, type JsonValue } from '@cardea/schemas/json';

const pathNames =
  /(^|[_.-])(paths?|files?|(file|path|dir)_?names?|filepaths?|(work|base)?dirs?|directory|directories|folders?|source|destination|src|dest|cwd|root|roots)$/;

/** Throws Refusal `invalid_argument` for the first path that could be read as another. */
export function requireNormalPaths(args: JsonObject): void {
  visitMembers(args, []);
}

function visitMembers(object: JsonObject, path: readonly string[]): void {
  for (const [name, value] of Object.entries(object)) visit(value, [...path, name], isPathName(name));
}

function visit(value: JsonValue, path: readonly string[], isPath: boolean): void {
  if (typeof value === 'string') {
    if (isPath) requireNormal(value, path);
  } else if (Array.isArray(value)) {
    (value as readonly JsonValue[]).forEach((element, index) => {
      visit(element, [...path, String(index)], isPath);
    });
  } else if (isJsonObject(value)) visitMembers(value, path);
}

function isPathName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return pathNames.test(words);
}

function requireNormal(text: string, path: readonly string[]): void {
  const problem = findProblem(text);
  if (problem !== undefined) {
    throw new Refusal('invalid_argument', `arguments${formatPointer(path)}: a path that ${problem}`);
  }
}

/** Some readers fold them to what they look like. */
export const lookAlikes = /[\u2024\u2025\u2026\u2044\u2215\u29f8\uff0e\uff0f\uff3c]/;

/** In a path nothing has to be escaped. */
const escapes = /%[0-9a-f]{2}/i;

/** In a URL these never have to be: letters, digits, `-._~`, and what is no part of a name. */
const needlessEscapes = /%(?:[01][0-9a-f]|2[5def]|3[0-9]|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9aef])/i;

/** Longer ones are no paths: file systems end there (PATH_MAX). */
const pathCharactersMax = 4_096;

/** More marks on one letter are no text (UAX #15, Stream-Safe Text), and to compose them takes the square of their number. */
const markedBeyondReason = /\p{M}{31}/u;

function findProblem(text: string): string | undefined {
  if (text.length > pathCharactersMax) return `has more than ${pathCharactersMax} characters`;
  if (markedBeyondReason.test(text)) return 'holds letters with more than 30 marks';
  // A NUL ends the path for some servers, and some file systems take no notice of what has no width.
  if (/[\p{Cc}\p{Cf}]/u.test(text)) return 'holds control characters, or ones without width';
  // A URL has two slashes behind its scheme.
  const rest = text.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, '');
  const segments = rest.split(/[/\\]/);
  if (segments.some((segment) => segment === '..' || (segment === '.' && segments.length > 1)))
    return 'has dot segments';
  if (segments.slice(1, -1).includes('')) return 'has empty segments';
  if (rest.startsWith('//') || rest.startsWith('\\\\')) return 'begins with two slashes';
  // Windows drops them.
  if (segments.some((segment) => segment !== '.' && /[. ]$/.test(segment)))
    return 'has names that end in dots or spaces';
  if ((rest === text ? escapes : needlessEscapes).test(text)) return 'holds escapes that it need not';
  if (lookAlikes.test(text)) return 'holds look-alikes of dots or separators';
  return text === text.normalize('NFC') ? undefined : 'is not in the composed form of Unicode';
}
