// The decision service as `cardea pdp` composes it, in a process of its own that holds nothing else.
import { DirectoryArchive } from '@cardea/bundles';
import { parseVerifierKey } from '@cardea/schemas/note';
import { startDecisionService, type DecisionService } from '@cardea/pdp';
import { answerQuestions } from '../child/childProcess.ts';
import type { ServiceAnswer, ServiceQuestion } from './service.ts';

let service: DecisionService | undefined;

answerQuestions(
  async (question: ServiceQuestion): Promise<ServiceAnswer> => {
    switch (question.kind) {
      case 'start': {
        const { directory, publisherKey, authorityKey, callers, trust } = question;
        service = await startDecisionService({
          source: new DirectoryArchive(directory),
          trust: { ...trust, verifiers: [parseVerifierKey(publisherKey)] },
          authority: { verifiers: [parseVerifierKey(authorityKey)] },
          callers,
          host: '127.0.0.1',
          port: 0,
        });
        return { kind: 'started', url: service.address };
      }
      case 'memory':
        return {
          kind: 'memory',
          rssBytes: process.memoryUsage.rss(),
          peakBytes: process.resourceUsage().maxRSS * 1_024,
        };
    }
  },
  () => service?.close(),
);
