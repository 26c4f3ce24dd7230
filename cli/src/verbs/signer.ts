// cardea signer: says every second which bundle is current.
import { signAuthority } from '@cardea/bundles/authority';
import { defineVerb } from '../frame/verb.ts';
import { createSignerLog } from '../service/signerLog.ts';
import { failOnArchive, openDirectory } from '../trust/archiveLocation.ts';
import { trustOptions } from '../trust/bundleTrust.ts';
import { readKeyFile } from '../trust/keyFile.ts';
import { readVerifierKeys } from '../trust/verifierKeys.ts';

const { trust, organisation } = trustOptions;

export const signer = defineVerb({
  name: 'signer',
  summary: 'State every second which bundle is current',
  details: [
    'Reads the head of the archive, checks that a publisher signed it, and writes a signed statement that holds for ' +
      'half a minute. Decision services that hear of none for too long deny everything, so keep this running; a second ' +
      'signer with the same key does no harm. It alone needs the key of the authority.',
    'Logs are JSON on standard error. SIGTERM ends it.',
  ],
  environment: true,
  options: {
    archive: { type: 'text', value: 'DIR', required: true, description: 'the archive' },
    key: { type: 'text', value: 'FILE', required: true, description: 'the signing key of the authority' },
    trust,
    organisation,
    lifetime: {
      type: 'integer',
      value: 'SECONDS',
      min: 5,
      max: 300,
      default: 30,
      description: 'how long each statement holds',
    },
  },

  async run({ options, terminal, untilStopped }) {
    const log = createSignerLog((line) => {
      terminal.err(`${line}\n`);
    }, Date.now);
    const authority = {
      archive: openDirectory(options.archive),
      organisation: options.organisation,
      signer: readKeyFile(options.key),
      publishers: readVerifierKeys(options.trust),
      now: Date.now,
      lifetimeMs: options.lifetime * 1_000,
      onIssued: log.issued,
      onFault: log.fault,
    };
    await failOnArchive(() => signAuthority(authority, untilStopped()));
    return 0;
  },
});
