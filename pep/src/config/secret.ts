// A credential on its way from a file to a header. It shows nothing of itself in logs, errors, JSON and inspection:
// whoever wants the text has to ask for it by name.
import { inspect } from 'node:util';

const shown = '(secret)';
const quotedCharactersMin = 8;

export class Secret {
  readonly #text: string;
  readonly #prefix: string;

  /** `prefix` is no secret, and stands before it wherever it is sent. */
  constructor(text: string, prefix = '') {
    this.#text = text;
    this.#prefix = prefix;
  }

  /** For the header that it is meant for, and nothing else. */
  reveal(): string {
    return this.#prefix + this.#text;
  }

  /** Also without its prefix. Words and numbers that are shorter than a secret stand in many places by chance. */
  isQuotedIn(text: Buffer | string): boolean {
    return this.#text.length >= quotedCharactersMin && text.includes(this.#text);
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
