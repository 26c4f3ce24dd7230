// Publishes a workload and says every second that it is current: the publisher and the signer, apart from the service
// as they are in production.
import { DirectoryArchive, loadInstalledEngine, publish, type ValidationCache } from '@cardea/bundles';
import { signAuthority } from '@cardea/bundles/authority';
import { formatVerifierKey, generateKey } from '@cardea/schemas/note';
import { answerQuestions } from '../child/childProcess.ts';
import type { Workload } from './workload.ts';

export interface PublisherQuestion {
  readonly directory: string;
  readonly workload: Workload;
}

export interface PublisherAnswer {
  /** What is current from now on. */
  readonly bundle: string;
  readonly publisherKey: string;
  readonly authorityKey: string;
}

const signer = generateKey('bench.example/publisher');
const authority = generateKey('bench.example/authority');
const closing = new AbortController();
let signing: Promise<void> | undefined;

/** For workloads whose tests publish them without this. */
const alreadyValidated: ValidationCache = { get: () => [], replace: () => Promise.resolve() };

answerQuestions(
  async ({ directory, workload }: PublisherQuestion): Promise<PublisherAnswer> => {
    const archive = new DirectoryArchive(directory);
    const publishers = [signer.verifier];
    const { organisation, sources, guardrails, isValidated } = workload;
    const result = await publish(sources, {
      archive,
      signer,
      publishers,
      engine: await loadInstalledEngine(),
      guardrails,
      ...(isValidated ? { cache: alreadyValidated } : {}),
      runTests: () => Promise.resolve([]),
    });
    if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems.slice(0, 3)));
    signing ??= signAuthority(
      { archive, organisation, signer: authority, publishers, now: Date.now, onFault: console.error },
      closing.signal,
    );
    return {
      bundle: result.head.bundle,
      publisherKey: formatVerifierKey(signer.verifier),
      authorityKey: formatVerifierKey(authority.verifier),
    };
  },
  async () => {
    closing.abort();
    await signing;
  },
);
