// Other values in the place of some of a message's own, and every byte around them as it was: the ids by which many
// clients of one process are told apart. The message was read strictly, so no key comes twice.

export interface Replacement {
  /** The keys that lead there. A message that has nothing there stays as it is. */
  readonly path: readonly string[];
  /** JSON. */
  readonly text: string;
}

/** `bytes` are JSON that was read strictly. */
export function spliceValues(bytes: Buffer, replacements: readonly Replacement[]): Buffer {
  const spans = replacements.flatMap(({ path, text }) => {
    const span = findValue(bytes, path);
    return span === undefined ? [] : [{ ...span, text }];
  });
  spans.sort((left, right) => left.start - right.start);
  const parts: Buffer[] = [];
  let at = 0;
  for (const { start, end, text } of spans) {
    parts.push(bytes.subarray(at, start), Buffer.from(text));
    at = end;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const byte = {
  quote: 0x22,
  comma: 0x2c,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

function findValue(bytes: Buffer, path: readonly string[]): Span | undefined {
  let at = skipSpace(bytes, 0);
  for (const key of path) {
    const found = findMember(bytes, at, key);
    if (found === undefined) return undefined;
    at = found;
  }
  return { start: at, end: skipValue(bytes, at) };
}

/** Where the value of that key begins, in the object that begins at `at`. */
function findMember(bytes: Buffer, at: number, wanted: string): number | undefined {
  if (bytes[at] !== byte.openBrace) return undefined;
  let next = skipSpace(bytes, at + 1);
  while (bytes[next] === byte.quote) {
    const keyEnd = skipText(bytes, next);
    const key = readKey(bytes.subarray(next, keyEnd));
    const value = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    if (key === wanted) return value;
    next = skipSpace(bytes, skipValue(bytes, value));
    if (bytes[next] !== byte.comma) return undefined;
    next = skipSpace(bytes, next + 1);
  }
  return undefined;
}

function readKey(quoted: Buffer): string {
  return quoted.includes(byte.backslash)
    ? (JSON.parse(quoted.toString('utf8')) as string)
    : quoted.toString('utf8', 1, quoted.length - 1);
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

function isSpace(one: number | undefined): boolean {
  return one === 0x20 || one === 0x0a || one === 0x0d || one === 0x09;
}

/** From its quote to behind the other. */
function skipText(bytes: Buffer, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== byte.quote) at += bytes[at] === byte.backslash ? 2 : 1;
  return at + 1;
}

function skipValue(bytes: Buffer, from: number): number {
  const first = bytes[from];
  if (first === byte.quote) return skipText(bytes, from);
  if (first !== byte.openBrace && first !== byte.openBracket) return skipWord(bytes, from);
  let depth = 0;
  let at = from;
  do {
    const one = bytes[at];
    if (one === byte.quote) {
      at = skipText(bytes, at);
      continue;
    }
    if (one === byte.openBrace || one === byte.openBracket) depth += 1;
    if (one === byte.closeBrace || one === byte.closeBracket) depth -= 1;
    at += 1;
  } while (depth > 0 && at < bytes.length);
  return at;
}

/** A number, or one of the three names. */
function skipWord(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && !endsWord(bytes[at])) at += 1;
  return at;
}

function endsWord(one: number | undefined): boolean {
  return one === byte.comma || one === byte.closeBrace || one === byte.closeBracket || isSpace(one);
}
