// A secret where its operator keeps it: in a variable of the environment, or in a file that is read again when it
// changes. What goes wrong is told by the place; nothing of the content is.
import type { SecretSource } from './proxyConfig.ts';
import { Secret } from './secret.ts';
import { WatchedFile } from './watchedFile.ts';

export interface SecretOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
  /** Shorter ones are refused. */
  readonly charactersMin?: number;
}

export class SecretFault extends Error {
  constructor(place: string, message: string) {
    super(`the secret in ${place} ${message}`);
    this.name = 'SecretFault';
  }
}

const secretBytesMax = 8 * 1024;

/** What a header can carry (RFC 9110, 5.5), and a line that stands at the end of most files. */
const secretPattern = /^([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)\r?\n?$/;

export class SecretHolder {
  readonly #file: WatchedFile | undefined;
  readonly #form: SecretForm;
  #current: Secret;
  /** What is wrong with the content that was read last. */
  #fault: SecretFault | undefined;

  private constructor(file: WatchedFile | undefined, form: SecretForm, current: Secret) {
    this.#file = file;
    this.#form = form;
    this.#current = current;
  }

  /** `prefix` stands before the secret wherever it is sent. Throws SecretFault. */
  static async open(source: SecretSource, prefix: string, options: SecretOptions): Promise<SecretHolder> {
    const form = { prefix, charactersMin: options.charactersMin ?? 1 };
    if (source.kind === 'env') {
      const { name } = source;
      const text = options.environment[name];
      if (text === undefined) throw new SecretFault(`env:${name}`, 'is not set');
      return new SecretHolder(undefined, form, readSecret(text, `env:${name}`, form));
    }
    const file = new WatchedFile(source.path, { bytesMax: secretBytesMax, now: options.now });
    const bytes = await look(file);
    return new SecretHolder(file, form, readSecret(bytes?.toString('latin1') ?? '', file.path, form));
  }

  get current(): Secret {
    return this.#current;
  }

  /** Throws SecretFault for as long as the file is not right; the secret from before stays then. */
  async poll(): Promise<void> {
    if (this.#file === undefined) return;
    const bytes = await look(this.#file);
    if (bytes !== undefined) this.#take(bytes.toString('latin1'), this.#file.path);
    if (this.#fault !== undefined) throw this.#fault;
  }

  #take(text: string, place: string): void {
    try {
      this.#current = readSecret(text, place, this.#form);
      this.#fault = undefined;
    } catch (fault) {
      this.#fault = fault as SecretFault;
    }
  }
}

async function look(file: WatchedFile): Promise<Buffer | undefined> {
  try {
    return await file.poll();
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    throw new SecretFault(file.path, `cannot be read: ${code ?? message}`);
  }
}

interface SecretForm {
  readonly prefix: string;
  readonly charactersMin: number;
}

function readSecret(text: string, place: string, { prefix, charactersMin }: SecretForm): Secret {
  const secret = secretPattern.exec(text)?.[1];
  if (secret === undefined) throw new SecretFault(place, 'is not one line of printable ASCII');
  if (secret.length < charactersMin)
    throw new SecretFault(place, `has less than ${charactersMin} characters`);
  return new Secret(secret, prefix);
}
