// cardea bundle show: what a bundle consists of.
import { loadInstalledEngine } from '@cardea/bundles';
import { readBundle, type OpenedBundle } from '@cardea/bundles/open';
import { buildProject } from '../bundle/buildProject.ts';
import { reportProblems } from '../bundle/buildReport.ts';
import { renderContents, summariseBundle } from '../bundle/bundleSummary.ts';
import { Failure } from '../frame/failure.ts';
import { defineVerb } from '../frame/verb.ts';
import { printJson } from '../report/printable.ts';
import { failOnArchive, openArchive } from '../trust/archiveLocation.ts';
import { isDigestWord, readDigest } from '../trust/bundleTrust.ts';
import { dialOptions, readRanges } from '../trust/dialOptions.ts';

export const bundleShow = defineVerb({
  name: 'bundle show',
  summary: 'Show what a bundle consists of',
  details: [
    'An archived bundle is checked against the digest that names it; who published it is for bundle verify to say.',
  ],
  positionals: {
    value: 'DIGEST|DIR',
    description: 'an archived bundle, or a project',
    min: 1,
    max: 1,
  },
  options: {
    archive: { type: 'text', value: 'DIR|URL', description: 'where the bundle of this digest is' },
    ...dialOptions,
    json: { type: 'flag', description: 'print one JSON object' },
  },

  async run({ options, positionals: [named = ''], terminal }) {
    const { archive, json } = options;
    let opened: OpenedBundle;
    if (isDigestWord(named)) {
      if (archive === undefined) throw new Failure('a digest needs an archive to look in: --archive DIR|URL');
      const source = openArchive(archive, readRanges(options['dial-allow']));
      opened = await failOnArchive(() => readBundle(source, readDigest(named)));
    } else {
      const outcome = await buildProject(named, await loadInstalledEngine());
      if (outcome.kind === 'problems') return reportProblems(outcome.problems, { terminal, json });
      ({ opened } = outcome.built);
    }
    const summary = summariseBundle(opened);
    terminal.out(json ? printJson({ ...summary, files: opened.manifest.files }) : renderContents(summary));
    return 0;
  },
});
