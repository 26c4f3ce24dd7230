// Another text in the place of an event's data. Everything else of the event stays: its id, so that clients can go on
// from there, its name, its comments and how its lines end.
import { linesOf } from './readEvent.ts';

const dataLine = /^data(:|$)/;

export function rewriteEvent(raw: Buffer, data: string): Buffer {
  const lines = linesOf(raw).map((line) => line.toString('latin1'));
  const at = lines.findIndex((line) => dataLine.test(line));
  const others = lines.filter((line, index) => line !== '' && (index === at || !dataLine.test(line)));
  const written = others.map((line) =>
    dataLine.test(line) ? Buffer.from(`data: ${data}`) : Buffer.from(line, 'latin1'),
  );
  const end = Buffer.from(lineEndOf(raw));
  return Buffer.concat([...written.flatMap((line) => [line, end]), end]);
}

/** An event of our own. */
export function writeEvent(data: string): string {
  return `event: message\ndata: ${data}\n\n`;
}

function lineEndOf(raw: Buffer): string {
  const found = /\r\n|\r|\n/.exec(raw.toString('latin1'));
  return found?.[0] ?? '\n';
}
