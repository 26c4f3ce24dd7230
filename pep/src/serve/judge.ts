// One message, from its words to a verdict. Every fault becomes a denial here, and nowhere else.
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { codes, Refusal } from '@cardea/schemas/codes';

import type { Era } from '../admit/era.ts';
import { idKey, type Message, type RequestId, type RpcRequest } from '../admit/message.ts';
import { BundleChanged } from '../decide/bundleChanged.ts';
import type { Decider } from '../decide/decider.ts';
import type { Verdict } from '../decide/verdict.ts';
import type { Circumstances } from '../facts/callFacts.ts';
import type { Identity } from '../identify/identity.ts';
import type { ServerView } from '../resolve/catalogView.ts';
import { isNotification } from '../resolve/methods.ts';
import { resolveRequest } from '../resolve/resolveRequest.ts';
import type { Target } from '../resolve/target.ts';
import type { VisibleSets } from '../resolve/visibleSets.ts';
import type { Visible } from '../resolve/visibility.ts';
import type { Session } from '../sessions/session.ts';
import { toStop } from './answers.ts';
import type { Catalogs } from './catalog.ts';

export interface JudgeOptions {
  readonly catalogs: Catalogs;
  readonly visibleSets: VisibleSets;
  readonly decider: Decider;
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
}

/** Who asks, from where, and since when. */
export interface Asker {
  readonly server: string;
  readonly era: Era;
  readonly identity: Identity;
  readonly session: Session | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  readonly protocol: string;
}

/** While bundles change, proxy and decision service hear of it one after the other. */
const switchMsMax = 2_000;
const switchPauseMs = 25;

/** What servers may ask of clients (MCP 2025-11-25, Client Features; `ping` goes both ways). */
const serverMethods: ReadonlySet<string> = new Set([
  'elicitation/create',
  'ping',
  'roots/list',
  'sampling/createMessage',
]);

const allowed: Verdict = { kind: 'allow', decisionId: '' };

export class Judge {
  readonly #options: JudgeOptions;

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** Of a client's message. Never throws. */
  async judge(message: Message, asker: Asker): Promise<Verdict> {
    return this.#guard(async () => {
      if (message.kind === 'request')
        return this.#restart(asker.server, (bundle, view) => this.#decide(message, asker, bundle, view));
      this.requireServed(asker.server);
      if (message.kind === 'response') return judgeAnswer(message.id, asker);
      if (isNotification(message.method, asker.era)) return allowed;
      throw new Refusal('unknown_method', 'there is no such notification of clients');
    });
  }

  /** Of a stream that is opened without a request. Who may not open a session may not listen either. Never throws. */
  async judgeListening(asker: Asker): Promise<Verdict> {
    return this.#guard(() => this.#decideServer('initialize', asker));
  }

  /** Throws Refusal unless it is known what is current, and the server is part of it. */
  requireServed(server: string): void {
    this.#options.catalogs.view(server);
  }

  /** Of a request that the server sends to the client. Never throws. */
  async judgeServer(method: string, asker: Asker): Promise<Verdict> {
    return this.#guard(async () => {
      if (!serverMethods.has(method)) throw new Refusal('unknown_method', 'servers may not ask that');
      return this.#decideServer(method, asker);
    });
  }

  /** What lists may show. Throws Refusal. */
  async visible(identity: Identity, server: string): Promise<Visible> {
    const { visibleSets } = this.#options;
    return this.#restart(server, async (bundle, view) => visibleSets.find(bundle, identity, view));
  }

  #decideServer(method: string, asker: Asker): Promise<Verdict> {
    return this.#restart(asker.server, async (bundle, view) => {
      const target: Target = { method, type: 'Server', id: view.id, input: undefined };
      return this.#options.decider.decide(bundle, this.#describe(asker, target));
    });
  }

  async #decide(request: RpcRequest, asker: Asker, bundle: string, view: ServerView): Promise<Verdict> {
    const { visibleSets, decider } = this.#options;
    const found = visibleSets.find(bundle, asker.identity, view);
    const visible = found instanceof Promise ? await found : found;
    const { era, headers } = asker;
    let last: Verdict = allowed;
    for (const target of resolveRequest(request, { era, view, visible, headers })) {
      const verdict = decider.decide(bundle, this.#describe(asker, target));
      last = verdict instanceof Promise ? await verdict : verdict;
      if (last.kind !== 'allow') return last;
    }
    return last;
  }

  /** From the beginning whenever the bundle has changed underneath, until that takes too long. */
  async #restart<T>(server: string, task: (bundle: string, view: ServerView) => Promise<T>): Promise<T> {
    const { catalogs, now } = this.#options;
    const startMs = now();
    for (;;) {
      const { bundle, view } = catalogs.view(server);
      try {
        return await task(bundle, view);
      } catch (fault) {
        if (!(fault instanceof BundleChanged)) throw fault;
        const waitedMs = now() - startMs;
        // A clock that was set back must not make this last.
        if (waitedMs > switchMsMax || waitedMs < 0)
          throw new Refusal('bundle_changed', codes.bundle_changed.meaning);
        await delay(switchPauseMs);
      }
    }
  }

  #describe({ identity, session, address, headers, protocol }: Asker, target: Target): Circumstances {
    const { grant } = identity;
    const nowMs = this.#options.now();
    return {
      identity,
      target,
      nowMs,
      // Where there are no sessions the grant is one.
      session: session ?? { id: grant.id, createdMs: grant.issuedMs, usedMs: nowMs },
      address,
      client: (headers['user-agent'] ?? '').slice(0, clientCharactersMax),
      protocol,
    };
  }

  async #guard(judge: () => Promise<Verdict>): Promise<Verdict> {
    try {
      return await judge();
    } catch (fault) {
      if (fault instanceof Refusal) return toStop(fault);
      return { kind: 'deny', code: 'internal_fault', message: codes.internal_fault.meaning };
    }
  }
}

const clientCharactersMax = 128;

/** A client answers what its server has asked with our consent. */
function judgeAnswer(id: RequestId, { session, era }: Asker): Verdict {
  if (era === 'legacy' && session?.questions.has(idKey(id)) === true) return allowed;
  throw new Refusal('unexpected_response', 'nobody asked what this answers');
}
