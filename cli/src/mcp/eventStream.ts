// Server-sent events (HTML, 9.2), as far as MCP uses them: the data of each event.

/** Feeds on text in pieces of any size; `\r\n`, `\n` and `\r` end a line. */
export class EventStream {
  #rest = '';
  #data: string[] = [];
  #endsInReturn = false;

  /** The data of each event that this piece completes. */
  push(piece: string): string[] {
    const text = this.#endsInReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') this.#endsInReturn = piece.endsWith('\r');
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): string[] {
    if (line === '') {
      const data = this.#data;
      this.#data = [];
      return data.length === 0 ? [] : [data.join('\n')];
    }
    const value = /^data(?:: ?|$)/.exec(line);
    if (value !== null) this.#data.push(line.slice(value[0].length));
    return [];
  }
}
