// The enforcement proxy as `cardea pep` composes it, in a process of its own that holds nothing else.
import { DirectoryArchive } from '@cardea/bundles/archive';
import { boundYoungSpace, readProxyConfig, startProxy } from '@cardea/pep';
import { parseVerifierKey } from '@cardea/schemas/note';
import type { AuthorityKeys } from '../../../deployment/deployment.ts';
import { answerAsProxy, type Started } from '../../proxy/answerAsProxy.ts';
import { serverId } from '../../workload/tool.ts';

export interface CardeaSetup {
  readonly archive: string;
  readonly authority: AuthorityKeys;
  /** Holds the files that the configuration names, and the grants. */
  readonly folder: string;
  /** The text of pep.json. */
  readonly config: string;
  readonly grants: string;
}

boundYoungSpace();
answerAsProxy(async ({ archive, authority, folder, config, grants }: CardeaSetup): Promise<Started> => {
  const { publisherKey, authorityKey, trust } = authority;
  const proxy = await startProxy({
    config: readProxyConfig(config, folder),
    source: new DirectoryArchive(archive),
    trust: { ...trust, verifiers: [parseVerifierKey(publisherKey)] },
    authority: { verifiers: [parseVerifierKey(authorityKey)] },
    grants,
    environment: {},
    log: (event) => {
      if (event.event === 'problem') console.error(JSON.stringify(event));
    },
  });
  return { url: `${proxy.url}/${serverId}/mcp`, close: () => proxy.close() };
});
