// Whether a URI can be read in one way only. Servers decode, join and resolve what they are given: `//etc/passwd` and
// `/etc/../etc/passwd` reach the file that a policy on `/etc/` was to keep. What is not in normal form is refused, not
// repaired: the server has to get the bytes that were judged.
import { Refusal } from '@cardea/schemas/codes';
import { quoteExcerpt } from '@cardea/schemas/json';
import { lookAlikes } from './pathArgument.ts';

/** Longer ones are data. */
export const uriCharactersMax = 2_048;

/** RFC 3986: what stands in a URI as itself. Everything else has to be escaped. */
const plain = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/;
const scheme = /^[a-z][a-z0-9+.-]*:/;
const parts = /^[^:]*:(?:\/\/([^/?#]*))?(.*)$/;
/** Schemes whose authority is a host to every reader (WHATWG URL, special schemes). */
const wellKnown = /^(?:https?|wss?|ftp|file):/;
/** RFC 3986, 6.2.2.2: needless, and a way to hide from whoever compares. Separators, dots and controls stay out too. */
const escapes = /%(?![0-9A-F]{2})|%(2[DEF]|3[0-9]|4[1-9A-F]|5[0-9AF]|5C|6[1-9A-F]|7[0-9AEF]|[01][0-9A-F]|25)/;

/** Throws Refusal `uri_not_normal`. */
export function requireNormalUri(uri: string): void {
  const problem = findProblem(uri);
  if (problem === undefined) return;
  throw new Refusal('uri_not_normal', `the URI ${quoteExcerpt(uri)} ${problem}`);
}

/** The one spelling that careful readers make of all those of a URI. */
export function readUri(uri: string): string {
  const written = URL.canParse(uri) ? new URL(uri).href : uri;
  return written.replace(/^[^/?#]*:\/\/[^/?#]*/, (start) => {
    // An escape has its one form, and that is in capitals.
    const lower = start.replace(/%..|[A-Z]/g, (part) => (part.length > 1 ? part : part.toLowerCase()));
    return lower.replace(/\.(?=:|$)/, '');
  });
}

function findProblem(uri: string): string | undefined {
  if (uri.length > uriCharactersMax) return `has more than ${uriCharactersMax} characters`;
  if (!scheme.test(uri)) return 'does not begin with a scheme in lower case';
  if (!plain.test(uri)) return 'holds characters that have to be escaped';
  if (escapes.test(uri) || !holdsText(uri)) return 'escapes what must not be, or not as it should';
  const [, authority = '', rest = ''] = parts.exec(uri) ?? [];
  const [path = ''] = rest.split(/[?#]/);
  const segments = path.split('/');
  // Some servers cut parameters off a segment before they resolve it.
  if (segments.some((segment) => /^\.\.?(;|$)/.test(segment))) return 'has dot segments';
  // The first is empty where the path begins with a slash, the last where it ends with one.
  if (segments.slice(1, -1).includes('')) return 'has empty segments';
  if (authority.includes('@')) return 'names a user';
  // Hosts ignore case, and the root of all names need not be written; what is escaped has its one form already.
  if (/[A-Z]/.test(authority.replace(/%../g, ''))) return 'has capitals in its authority';
  if (/\.(:|$)/.test(authority)) return 'has a host that ends in a dot';
  return isWrittenAsRead(uri) ? undefined : 'is not written as it is read';
}

/** What is escaped is well-formed UTF-8, in one form, and looks like no separator. */
function holdsText(uri: string): boolean {
  try {
    const text = decodeURIComponent(uri);
    return !/[\p{Cc}\p{Cf}]/u.test(text) && !lookAlikes.test(text) && text === text.normalize('NFC');
  } catch {
    return false;
  }
}

/** Readers that know the scheme drop default ports and `localhost`, count hosts out, and end what has no path in a slash. */
function isWrittenAsRead(uri: string): boolean {
  // Nothing but hosts of one's own making cannot be read, and to those nobody has another spelling.
  return URL.canParse(uri) ? new URL(uri).href === uri : !wellKnown.test(uri);
}
