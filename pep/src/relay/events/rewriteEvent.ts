// Another text in the place of an event's data. Everything else of the event stays: its id, so that clients can go on
// from there, its name, its comments and how its lines end.
import { linesOf } from './readEvent.ts';

const dataLine = /^data(:|$)/;

export function rewriteEvent(raw: Buffer, data: string): Buffer {
  const lines = linesOf(raw).map((line) => line.toString('latin1'));
  const at = lines.findIndex((line) => dataLine.test(line));
  const others = lines.filter((line, index) => line !== '' && (index === at || !dataLine.test(line)));
  const written = others.map((line) =>
    dataLine.test(line) ? writeData(escapeBreaks(data), lineEndOf(raw)) : Buffer.from(line, 'latin1'),
  );
  const end = Buffer.from(lineEndOf(raw));
  return Buffer.concat([...written.flatMap((line) => [line, end]), end]);
}

/** What has line feeds came in several lines, and goes on in as many. */
function writeData(data: string, end: string): Buffer {
  return Buffer.from(
    data
      .split('\n')
      .map((line) => `data: ${line}`)
      .join(end),
  );
}

/** An event of our own. */
export function writeEvent(data: string): string {
  return `event: message\ndata: ${escapeBreaks(data)}\n\n`;
}

/** Some clients end lines at these. In JSON they stand in texts alone, where an escape says the same. */
function escapeBreaks(json: string): string {
  return json.replace(
    /[\u0085\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function lineEndOf(raw: Buffer): string {
  const found = /\r\n|\r|\n/.exec(raw.toString('latin1'));
  return found?.[0] ?? '\n';
}
