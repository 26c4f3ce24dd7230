// A decision service as a proxy meets it, over real HTTP: it states a bundle, shows everything, and gives the verdicts
// that the test wants.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { issueStatement } from '@cardea/bundles/authority';
import type { Digest } from '@cardea/schemas/digest';
import { generateKey } from '@cardea/schemas/note';
import { StatementServer } from './statementServer.ts';

const signer = generateKey('authority.example');

/** By the id of what is called: the code of its denial. Everything else is allowed. */
type Denials = ReadonlyMap<string, string>;

interface Question {
  readonly server: string;
  readonly resource: { readonly id: string };
}

export class DecisionServer extends StatementServer {
  readonly verifiers = [signer.verifier];
  denials: Denials = new Map();
  /** What a discovery answers. */
  visible: readonly { readonly type: string; readonly id: string }[] = [];
  #bundle: Digest | undefined;
  #seq = 0;

  constructor() {
    super();
    this.answer = (request, response) => {
      if (request.url === '/v1/authority/stream') {
        this.open(response);
        this.state();
      } else void this.#decide(request, response);
    };
  }

  /** States a bundle, or the last one once more. */
  state(bundle = this.#bundle): void {
    if (bundle === undefined) return;
    if (bundle !== this.#bundle) this.#seq += 1;
    this.#bundle = bundle;
    const head = { organisation: 'acme', seq: this.#seq, bundle };
    this.send(issueStatement(signer, head, { now: Date.now, lifetimeMs: 30_000 }));
  }

  async #decide(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const question = JSON.parse(body) as Question;
    const isDiscovery = request.url === '/v1/discover';
    const answer = isDiscovery ? { bundle: this.#bundle, visible: this.visible } : this.#verdict(question);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #verdict({ resource }: Question): object {
    const denial = this.denials.get(resource.id);
    return {
      decision: denial === undefined,
      context: {
        verdict: denial === undefined ? 'allow' : 'deny',
        code: denial ?? 'allowed',
        message: 'So the test wants it.',
        reasons: [],
        bundle: this.#bundle,
        dependsOn: [],
        decisionId: 'd-1',
      },
    };
  }
}
