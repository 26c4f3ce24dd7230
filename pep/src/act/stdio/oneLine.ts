// A message as one line. In JSON that was read strictly a line break can only stand between values: as a space there it
// means the same. Everything else is left as it was judged.
const space = 0x20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** The same bytes where there is no line break in them. */
export function toOneLine(bytes: Buffer): Buffer {
  if (!bytes.includes(lineFeed) && !bytes.includes(carriageReturn)) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === lineFeed || byte === carriageReturn ? space : byte)));
}
