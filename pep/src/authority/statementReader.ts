// Signed statements out of an event stream, from chunks as they arrive. The framing is the decision service's own
// (lines end with a line feed); what comes out is verified by the receiver, so nothing here is trusted to be right.
import { StringDecoder } from 'node:string_decoder';

/** Of one event: a statement has a few hundred bytes. */
const eventCharactersMax = 64 * 1024;

export class StatementReader {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The statements that this chunk completes. Throws RangeError past the limit: whoever sends that is not read on. */
  read(chunk: Buffer): Uint8Array[] {
    const events = (this.#rest + this.#decoder.write(chunk)).split('\n\n');
    this.#rest = events.pop() ?? '';
    if ([...events, this.#rest].some((event) => event.length > eventCharactersMax)) {
      throw new RangeError(`an event has more than ${eventCharactersMax} characters`);
    }
    return events.flatMap(readStatement);
  }
}

/** Comments and events of other kinds are passed over. */
function readStatement(event: string): Uint8Array[] {
  const lines = event.split('\n');
  if (!lines.includes('event: authority')) return [];
  const data = lines.flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []));
  return [Buffer.from(data.join('\n'))];
}
