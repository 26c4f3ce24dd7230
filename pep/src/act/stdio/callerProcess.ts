// The process for messages that stand for themselves: what one client asks is told from what another asks by ids of ours.
import { Refusal } from '@cardea/schemas/codes';
import type { UpstreamReply } from '../upstreamReply.ts';
import { MappedProcess, type Party } from './mappedProcess.ts';
import type { ProcessSource } from './processSource.ts';
import type { SessionOptions, StdioCall, StdioSession } from './session.ts';
import { statusOfAnswer } from './statusOfAnswer.ts';
import { emptyReply } from './wholeReply.ts';

export interface CallerOptions extends SessionOptions {
  readonly isOneCaller: boolean;
}

const party: Party = { listening: undefined, subscriptions: new Set() };

export class CallerProcess implements StdioSession {
  readonly #process: MappedProcess;

  /** Throws Refusal where no process can be started. */
  constructor(source: ProcessSource, options: CallerOptions) {
    this.#process = new MappedProcess(source, { ...options, parties: () => [], statusOf: statusOfAnswer });
  }

  get isBusy(): boolean {
    return this.#process.isBusyFor(party);
  }

  async ask(call: StdioCall): Promise<UpstreamReply> {
    const [message] = call.messages;
    // What only tells something is about a session, or about a call whose stream says the same by its end.
    return message?.kind === 'request' ? this.#process.ask(message, call, party) : emptyReply(202);
  }

  listen(): UpstreamReply {
    throw new Refusal('method_not_allowed', 'this revision of MCP has POST alone');
  }

  end(): Promise<void> {
    return this.#process.end();
  }
}
