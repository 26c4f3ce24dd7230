// Two bundles that answer the same request differently.
import type { Digest } from '@cardea/schemas/digest';
import { callOf, mcpSources, pinGuardrail } from '../../../pdp/test/mcpSources.ts';
import { TestArchive, type SourceFiles } from '../../../pdp/test/testArchive.ts';
import { request } from '../hostile/message.ts';
import { exchange } from '../hostile/wire.ts';
import type { ServiceProcess } from '../service/serviceProcess.ts';

/** Allows the call. */
export const openSources: SourceFiles = mcpSources;

/** Holds it. */
export const closedSources: SourceFiles = {
  ...mcpSources,
  'policies/closed.cedar':
    '@id("closed") @hold("owners") forbid (principal, action == Action::"github/create_issue", resource);',
};

const body = JSON.stringify(callOf('github/create_issue', { title: 'x' }));

export interface Answer {
  readonly verdict: string;
  readonly bundle: string;
  readonly code: string;
}

export class TwoBundles {
  readonly archive: TestArchive;
  readonly open: Digest;
  readonly closed: Digest;

  private constructor(archive: TestArchive, open: Digest, closed: Digest) {
    this.archive = archive;
    this.open = open;
    this.closed = closed;
  }

  /** Both published; the open one is current. */
  static async publish(): Promise<TwoBundles> {
    const archive = await TestArchive.create('mcp', await pinGuardrail());
    const closed = await archive.publish(closedSources);
    return new TwoBundles(archive, await archive.publish(openSources), closed);
  }

  /** On a connection of its own, so that any worker may answer. Undefined where nothing came back. */
  async ask(service: ServiceProcess): Promise<Answer | undefined> {
    const [answer] = await exchange(service.port, request({ body }));
    if (answer?.status !== 200) return undefined;
    return (JSON.parse(answer.body) as { context: Answer }).context;
  }

  /** Whether so many connections one after the other are all answered by this bundle: with two workers, both are. */
  async isServedEverywhere(service: ServiceProcess, bundle: Digest, connections = 12): Promise<boolean> {
    for (let asked = 0; asked < connections; asked += 1) {
      if ((await this.ask(service))?.bundle !== bundle) return false;
    }
    return true;
  }
}
