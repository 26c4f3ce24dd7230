// What each identity may see of each server, as the decision service finds it by partial evaluation: a function of the
// bundle and of who asks, so it stays right for as long as the bundle does.
import { Refusal } from '@cardea/schemas/codes';
import type { JsonValue } from '@cardea/schemas/json';
import { writeJson } from '@cardea/schemas/json';
import { discoverAnswerSchema, readWire, type WireDiscoverAnswer } from '@cardea/schemas/wire';
import { BundleChanged } from '../decide/bundleChanged.ts';
import type { DecisionClient } from '../decide/decisionClient.ts';
import type { Identity } from '../identify/identity.ts';
import type { ServerView } from './catalogView.ts';
import type { Visible } from './visibility.ts';

/** Identities times servers; a miss costs one question. */
const setsMax = 8_192;

export class VisibleSets {
  readonly #endpoint: Pick<DecisionClient, 'ask'>;
  readonly #sets = new Map<string, Visible>();
  readonly #flights = new Map<string, Promise<Visible>>();

  constructor(endpoint: Pick<DecisionClient, 'ask'>) {
    this.#endpoint = endpoint;
  }

  /** Throws BundleChanged, and Refusal `decision_unavailable`. */
  find(bundle: string, asker: Identity, view: ServerView): Visible | Promise<Visible> {
    const identity = asker.whole ?? asker;
    const key = `${bundle} ${identity.digest} ${view.id}`;
    return this.#sets.get(key) ?? this.#share(key, () => this.#discover(bundle, identity, view));
  }

  /** With their bundle the sets end. */
  forget(): void {
    this.#sets.clear();
    this.#flights.clear();
  }

  #share(key: string, discover: () => Promise<Visible>): Promise<Visible> {
    const flight = this.#flights.get(key);
    if (flight !== undefined) return flight;
    const begun = discover()
      .then((visible) => {
        // What began under another bundle must not stay.
        if (this.#flights.get(key) === begun) this.#keep(key, visible);
        return visible;
      })
      .finally(() => {
        if (this.#flights.get(key) === begun) this.#flights.delete(key);
      });
    this.#flights.set(key, begun);
    return begun;
  }

  #keep(key: string, visible: Visible): void {
    const [oldest] = this.#sets.keys();
    if (oldest !== undefined && this.#sets.size >= setsMax) this.#sets.delete(oldest);
    this.#sets.set(key, visible);
  }

  async #discover(bundle: string, { words }: Identity, view: ServerView): Promise<Visible> {
    const context = { agent: words.agent, grant: words.grant };
    const question = writeJson({ subject: words.subject, context, server: view.id });
    const answer = readAnswer(await this.#endpoint.ask('/v1/discover', question));
    if (answer.bundle !== bundle) throw new BundleChanged();
    return sort(answer.visible, view);
  }
}

function readAnswer(answer: JsonValue): WireDiscoverAnswer {
  try {
    return readWire(discoverAnswerSchema, answer);
  } catch (cause) {
    throw new Refusal('decision_unavailable', 'the decision service answered something else', { cause });
  }
}

function sort(named: WireDiscoverAnswer['visible'], view: ServerView): Visible {
  const shown = new Set(named.map(({ type, id }) => `${type} ${id}`));
  const hidden = new Set<string>();
  const pick = (type: string, names: Iterable<string>): ReadonlySet<string> => {
    const kept = new Set<string>();
    for (const name of names) (shown.has(`${type} ${view.id}/${name}`) ? kept : hidden).add(name);
    return kept;
  };
  const visible = {
    tools: pick('Tool', view.tools),
    prompts: pick('Prompt', view.prompts),
    resources: pick('Resource', view.resources),
    templates: pick('Resource', view.templates),
  };
  // A name that is hidden as one kind and shown as another is no secret.
  for (const names of Object.values(visible)) names.forEach((name) => hidden.delete(name));
  return { ...visible, hidden };
}
