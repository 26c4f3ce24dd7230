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
import type { Identities, Identity } from '../identify/identity.ts';
import type { ServerView } from '../resolve/catalogView.ts';
import { isNotification } from '../resolve/methods.ts';
import { resolveRequest } from '../resolve/resolveRequest.ts';
import type { Target } from '../resolve/target.ts';
import type { VisibleSets } from '../resolve/visibleSets.ts';
import type { Visible } from '../resolve/visibility.ts';
import type { Session, Use } from '../sessions/session.ts';
import type { TaskTable } from '../tasks/taskTable.ts';
import { toStop } from './answers.ts';
import type { Catalogs } from './catalog.ts';

export interface JudgeOptions {
  readonly catalogs: Catalogs;
  readonly visibleSets: VisibleSets;
  readonly decider: Decider;
  readonly tasks: Pick<TaskTable, 'find'>;
  readonly identities: Pick<Identities, 'requireScope'>;
  /** Wall clock, in milliseconds. */
  readonly now: () => number;
}

/** Who asks, from where, and since when. */
export interface Asker {
  readonly server: string;
  readonly era: Era;
  readonly identity: Identity;
  readonly session: Session | undefined;
  /** Since when, and how lately: of the session, else of the credential. */
  readonly use: Use;
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  readonly protocol: string;
}

/** Most verdicts are at hand: whoever gets one of those need not wait a turn for it. */
export type Judged = Verdict | Promise<Verdict>;

/** Throws and rejects with Refusal, and rejects with BundleChanged. */
type Task<T> = (bundle: string, view: ServerView) => T | Promise<T>;

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

  /** Of a client's message. Never throws. A verdict at hand comes without a promise. */
  judge(message: Message, asker: Asker): Judged {
    return this.#guard(() => {
      if (message.kind === 'request')
        return this.#restart(asker.server, (bundle, view) => this.#decide(message, asker, bundle, view));
      this.requireServed(asker.server);
      if (message.kind === 'response') return judgeAnswer(message.id, asker);
      if (!isNotification(message.method, asker.era))
        throw new Refusal('unknown_method', 'there is no such notification of clients');
      // In the stateless era they reach nobody.
      return asker.era === 'stateless' ? allowed : this.judgeListening(asker);
    });
  }

  /** Of what is done without a request: who may not open a session may not listen, nor tell anything. Never throws. */
  judgeListening(asker: Asker): Judged {
    return this.#guard(() => this.#decideServer('initialize', asker));
  }

  /** Throws Refusal unless it is known what is current, and the server is part of it. */
  requireServed(server: string): void {
    this.#options.catalogs.view(server);
  }

  /** Of a request that the server sends to the client. Never throws. */
  judgeServer(method: string, asker: Asker): Judged {
    return this.#guard(() => {
      if (!serverMethods.has(method)) throw new Refusal('unknown_method', 'servers may not ask that');
      return this.#decideServer(method, asker);
    });
  }

  /** What lists may show. Throws Refusal. */
  visible(identity: Identity, server: string): Visible | Promise<Visible> {
    const { visibleSets } = this.#options;
    return this.#restart(server, (bundle, view) => visibleSets.find(bundle, identity, view));
  }

  #decideServer(method: string, asker: Asker): Judged {
    return this.#restart(asker.server, (bundle, view) => {
      const target: Target = { method, type: 'Server', id: view.id, input: undefined };
      return this.#options.decider.decide(bundle, this.#describe(asker, target));
    });
  }

  #decide(request: RpcRequest, asker: Asker, bundle: string, view: ServerView): Judged {
    const { era, headers, identity, server } = asker;
    const findTask = (id: string): Target | undefined => this.#options.tasks.find(server, id, identity);
    const decide = (visible: Visible): Judged => {
      const targets = resolveRequest(request, { era, view, visible, headers, findTask });
      for (const { effect } of targets)
        if (effect !== undefined) this.#options.identities.requireScope(identity, view.id, effect);
      return this.#decideTargets(targets, asker, bundle);
    };
    const found = this.#options.visibleSets.find(bundle, identity, view);
    return found instanceof Promise ? found.then(decide) : decide(found);
  }

  /** Every one of them has to be allowed; the first that is not is the verdict. */
  #decideTargets([target, ...others]: readonly Target[], asker: Asker, bundle: string): Judged {
    if (target === undefined) return allowed;
    const go = (verdict: Verdict): Judged =>
      verdict.kind !== 'allow' || others.length === 0 ? verdict : this.#decideTargets(others, asker, bundle);
    const verdict = this.#options.decider.decide(bundle, this.#describe(asker, target));
    return verdict instanceof Promise ? verdict.then(go) : go(verdict);
  }

  #restart<T>(server: string, task: Task<T>): T | Promise<T> {
    const { bundle, view } = this.#options.catalogs.view(server);
    const first = task(bundle, view);
    return first instanceof Promise ? this.#settle(server, task, first) : first;
  }

  /** From the beginning whenever the bundle has changed underneath, until that takes too long. */
  async #settle<T>(server: string, task: Task<T>, first: Promise<T>): Promise<T> {
    const { catalogs, now } = this.#options;
    const startMs = now();
    let attempt: T | Promise<T> = first;
    for (;;) {
      try {
        return await attempt;
      } catch (fault) {
        if (!(fault instanceof BundleChanged)) throw fault;
        const waitedMs = now() - startMs;
        // A clock that was set back must not make this last.
        if (waitedMs > switchMsMax || waitedMs < 0)
          throw new Refusal('bundle_changed', codes.bundle_changed.meaning);
      }
      await delay(switchPauseMs);
      const { bundle, view } = catalogs.view(server);
      attempt = task(bundle, view);
    }
  }

  #describe({ identity, use, address, headers, protocol }: Asker, target: Target): Circumstances {
    const { name: id, createdMs, usedMs } = use;
    return {
      identity,
      target,
      nowMs: this.#options.now(),
      session: { id, createdMs, usedMs },
      address,
      client: (headers['user-agent'] ?? '').slice(0, clientCharactersMax),
      protocol,
    };
  }

  #guard(judge: () => Judged): Judged {
    try {
      const verdict = judge();
      return verdict instanceof Promise ? verdict.catch(deny) : verdict;
    } catch (fault) {
      return deny(fault);
    }
  }
}

function deny(fault: unknown): Verdict {
  if (fault instanceof Refusal) return toStop(fault);
  return { kind: 'deny', code: 'internal_fault', message: codes.internal_fault.meaning };
}

const clientCharactersMax = 128;

/** A client answers what its server has asked with our consent. */
function judgeAnswer(id: RequestId, { session, era }: Asker): Verdict {
  if (era === 'legacy' && session?.questions.has(idKey(id)) === true) return allowed;
  throw new Refusal('unexpected_response', 'nobody asked what this answers');
}
