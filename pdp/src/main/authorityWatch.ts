// Follows the statements of what is current: read from the archive at a steady pace, verified, and handed on byte for
// byte.
import type { AuthorityReceiver, AuthorityStatement } from '@cardea/bundles/authority';
import { ArchiveFault, type BundleSource } from '@cardea/bundles/open';

export interface AuthorityWatchOptions {
  readonly source: Pick<BundleSource, 'readAuthority'>;
  readonly receiver: AuthorityReceiver;
  readonly onAccepted: (statement: AuthorityStatement, bytes: Uint8Array) => void;
  /** Once for each new reason. */
  readonly onRefused: (code: string, message: string) => void;
}

export class AuthorityWatch {
  readonly #options: AuthorityWatchOptions;
  #etag: string | undefined;
  #lastRefusal: string | undefined;

  constructor(options: AuthorityWatchOptions) {
    this.#options = options;
  }

  /** Never throws. */
  async poll(): Promise<void> {
    const { source, receiver, onAccepted } = this.#options;
    try {
      const answer = await source.readAuthority(this.#etag);
      if (answer.kind === 'unchanged') return;
      const received = receiver.receive(answer.bytes);
      if (received.kind === 'refused') {
        this.#refuse(received.code, received.message);
        return;
      }
      this.#etag = answer.etag;
      this.#lastRefusal = undefined;
      onAccepted(received.statement, answer.bytes);
    } catch (fault) {
      // A fault of ours must not end the watch: nothing new is accepted, and what is old goes stale by itself.
      this.#refuse(fault instanceof ArchiveFault ? fault.code : 'internal_fault', (fault as Error).message);
    }
  }

  /** What was refused is read again: a statement from the future is one of the present soon. */
  #refuse(code: string, message: string): void {
    this.#etag = undefined;
    if (code === this.#lastRefusal) return;
    this.#lastRefusal = code;
    this.#options.onRefused(code, message);
  }
}
