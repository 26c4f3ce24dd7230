// A credential on its way from a file to a header. It shows nothing of itself in logs, errors, JSON and inspection:
// whoever wants the text has to ask for it by name.
import { inspect } from 'node:util';

const shown = '(secret)';

export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** For the header that it is meant for, and nothing else. */
  reveal(): string {
    return this.#text;
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
