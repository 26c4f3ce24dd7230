// cardea bundle rollback: an older bundle becomes current again.
import { findPrevious, loadInstalledEngine, rollback } from '@cardea/bundles';
import { Failure } from '../frame/failure.ts';
import { defineVerb } from '../frame/verb.ts';
import { printJson } from '../report/printable.ts';
import { failOnArchive, openDirectory } from '../trust/archiveLocation.ts';
import { readDigest, readTrust, trustOptions } from '../trust/bundleTrust.ts';
import { readKeyFile } from '../trust/keyFile.ts';
import { readVerifierKeys } from '../trust/verifierKeys.ts';

const { organisation, profile, engine } = trustOptions;

export const bundleRollback = defineVerb({
  name: 'bundle rollback',
  summary: 'Make an archived bundle current again',
  details: [
    'Without a digest: the bundle that was current before the one that is. Doing it twice goes further back, never ' +
      'forward again. The bundle is checked first as a decision service would check it, and becomes current under a ' +
      'higher number, so that nobody takes it for a replay.',
  ],
  positionals: { value: 'DIGEST', description: 'the bundle', min: 0, max: 1 },
  options: {
    archive: { type: 'text', value: 'DIR', required: true, description: 'the archive' },
    key: { type: 'text', value: 'FILE', required: true, description: 'your signing key' },
    trust: {
      type: 'text',
      value: 'KEY|FILE',
      many: true,
      description: 'whoever else publishes there: a verifier key, or a file of them',
    },
    organisation,
    profile,
    engine,
    json: { type: 'flag', description: 'print one JSON object' },
  },

  async run({ options, positionals: [named], terminal }) {
    const archive = openDirectory(options.archive);
    const signer = readKeyFile(options.key);
    const publishers = [signer.verifier, ...readVerifierKeys(options.trust)];
    const trust = await readTrust({ ...options, trust: [] }, await loadInstalledEngine());
    const { head, moved } = await failOnArchive(async () => {
      const digest =
        named === undefined ? await findPrevious(archive, trust.organisation, publishers) : readDigest(named);
      if (digest === undefined) {
        throw new Failure(
          'nothing is known to have been current before',
          'name the bundle: bundle rollback DIGEST',
        );
      }
      return rollback(digest, { ...trust, verifiers: publishers }, { archive, signer, publishers });
    });
    if (options.json) terminal.out(printJson({ bundle: head.bundle, seq: head.seq, moved }));
    else terminal.out(`${head.bundle} ${moved ? 'is' : 'was already'} current, as number ${head.seq}\n`);
    return 0;
  },
});
