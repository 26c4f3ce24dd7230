// What one event says, once it is whole. Clients differ in how they read events; one that could be read in two ways is
// ambiguous, whatever is in it.

export interface SseEvent {
  /** As it came, its empty line included. */
  readonly raw: Buffer;
  /** The lines of data joined with line feeds; undefined where there is none that says anything. */
  readonly data: Buffer | undefined;
  /** A client that loses the stream can ask for what came after. One character for each byte, as in a header. */
  readonly id: string | undefined;
  readonly isAmbiguous: boolean;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const space = 0x20;
const joint = Buffer.from('\n');

export function readEvent(raw: Buffer): SseEvent {
  const lines: Buffer[] = [];
  let id: string | undefined;
  let isAmbiguous = holdsForeignBreak(raw);
  for (const line of linesOf(raw)) {
    const nameEnd = line.indexOf(colon);
    if (nameEnd === 0 || line.length === 0) continue;
    const name = line.toString('latin1', 0, nameEnd === -1 ? line.length : nameEnd);
    if (name === 'data') lines.push(valueOf(line, nameEnd));
    else if (name === 'id') id = valueOf(line, nameEnd).toString('latin1').trim();
    // Other fields mean nothing to clients. Those that a byte order mark begins, or that differ from these in form, do.
    else if (name !== 'event' && name !== 'retry') isAmbiguous = true;
  }
  const [first] = lines;
  const data = lines.length > 1 ? joinLines(lines) : first;
  return { raw, data: data?.length === 0 ? undefined : data, id, isAmbiguous };
}

/** Without their ends. */
export function linesOf(raw: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  const hasCarriageReturn = raw.includes(carriageReturn);
  let begin = 0;
  while (begin < raw.length) {
    const end = hasCarriageReturn ? seekEnd(raw, begin) : raw.indexOf(lineFeed, begin);
    if (end === -1) {
      lines.push(raw.subarray(begin));
      break;
    }
    lines.push(raw.subarray(begin, end));
    begin = raw[end] === carriageReturn && raw[end + 1] === lineFeed ? end + 2 : end + 1;
  }
  return lines;
}

function seekEnd(raw: Buffer, from: number): number {
  for (let at = from; at < raw.length; at++) {
    if (raw[at] === lineFeed || raw[at] === carriageReturn) return at;
  }
  return -1;
}

function valueOf(line: Buffer, nameEnd: number): Buffer {
  if (nameEnd === -1) return line.subarray(line.length);
  return line.subarray(line[nameEnd + 1] === space ? nameEnd + 2 : nameEnd + 1);
}

function joinLines(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line, at) => (at === 0 ? [line] : [joint, line])));
}

/**
 * Some clients end lines where Unicode or Python do: at U+2028, U+2029, U+0085, and the controls VT, FF and FS to RS. To
 * them `data` behind such a character is a line of data, of an event that is not in the stream.
 */
function holdsForeignBreak(raw: Buffer): boolean {
  for (let at = raw.indexOf('data', 1); at !== -1; at = raw.indexOf('data', at + 4)) {
    if (endsWithForeignBreak(raw, at)) return true;
  }
  return false;
}

function endsWithForeignBreak(raw: Buffer, end: number): boolean {
  const last = raw[end - 1] as number;
  if (last === 0x0b || last === 0x0c || (last >= 0x1c && last <= 0x1e)) return true;
  if (last === 0x85) return raw[end - 2] === 0xc2;
  return (last === 0xa8 || last === 0xa9) && raw[end - 2] === 0x80 && raw[end - 3] === 0xe2;
}
