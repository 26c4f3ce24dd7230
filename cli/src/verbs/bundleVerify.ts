// cardea bundle verify: whether a decision service would serve a bundle.
import { compileBundle, loadInstalledEngine } from '@cardea/bundles';
import { openBundle, readHead } from '@cardea/bundles/open';
import { renderSummary, summariseBundle } from '../bundle/bundleSummary.ts';
import { defineVerb } from '../frame/verb.ts';
import { printJson } from '../report/printable.ts';
import { failOnArchive, openArchive } from '../trust/archiveLocation.ts';
import { readDigest, readTrust, trustOptions } from '../trust/bundleTrust.ts';
import { dialOptions, readRanges } from '../trust/dialOptions.ts';

export const bundleVerify = defineVerb({
  name: 'bundle verify',
  summary: 'Check an archived bundle as a decision service does before it serves it',
  details: [
    'Signature, organisation, every byte against its digest, the guardrails, the engine, and whether the policies ' +
      'compile to what the manifest lists. Without a digest the published bundle is meant.',
    'Exit code 1, and the code of the refusal, when a decision service would refuse it.',
  ],
  positionals: { value: 'DIGEST', description: 'the bundle', min: 0, max: 1 },
  options: {
    archive: { type: 'text', value: 'DIR|URL', required: true, description: 'where the bundle is' },
    ...trustOptions,
    ...dialOptions,
    json: { type: 'flag', description: 'print one JSON object' },
  },

  async run({ options, positionals: [named], terminal }) {
    const trust = await readTrust(options, await loadInstalledEngine());
    const source = openArchive(options.archive, readRanges(options['dial-allow']));
    const opened = await failOnArchive(async () => {
      const digest =
        named === undefined
          ? readHead(await source.readHead(), trust.organisation, trust.verifiers).bundle
          : readDigest(named);
      const bundle = await openBundle(source, digest, trust);
      await compileBundle(bundle);
      return bundle;
    });
    const summary = summariseBundle(opened);
    terminal.out(options.json ? printJson(summary) : `ok: ${renderSummary(summary)}`);
    return 0;
  },
});
