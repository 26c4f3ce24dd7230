// cardea bundle diff: which verdicts change from one bundle to another.
import { loadInstalledEngine } from '@cardea/bundles';
import { reportProblems } from '../bundle/buildReport.ts';
import { loadGuardrails } from '../bundle/shippedGuardrails.ts';
import { changesVerdicts, compareBundles, comparisonToJson } from '../bundleDiff/compareBundles.ts';
import { openSide } from '../bundleDiff/openSide.ts';
import { renderDiff } from '../bundleDiff/renderDiff.ts';
import { defineVerb } from '../frame/verb.ts';
import { printJson } from '../report/printable.ts';
import { failOnArchive } from '../trust/archiveLocation.ts';
import { readDigest, trustOptions } from '../trust/bundleTrust.ts';
import { dialOptions, readRanges } from '../trust/dialOptions.ts';

export const bundleDiff = defineVerb({
  name: 'bundle diff',
  summary: 'Say which verdicts change from one bundle to another',
  details: [
    'Policies, tools and settings that differ are named; what they do is found out by asking both bundles. First for ' +
      'every group that a policy names against every tool, as policy who-can has it: a condition that changes counts, ' +
      'for it can turn a verdict. Then for the request of each test on either side, whatever the test expects. ' +
      'Policies that differ and are about single people, agents or their tags are listed: no group shows them.',
    'Exit code 0 when no verdict changes, 2 when one does or may, 1 when a side cannot be read, 3 when its policies do not ' +
      'validate.',
  ],
  positionals: {
    value: 'OLD NEW',
    description: 'two projects or digests of archived bundles',
    min: 2,
    max: 2,
  },
  options: {
    archive: { type: 'text', value: 'DIR|URL', description: 'where bundles of these digests are' },
    tool: { type: 'text', value: 'TOOL', many: true, description: 'only this tool, or those of this server' },
    engine: trustOptions.engine,
    ...dialOptions,
    json: { type: 'flag', description: 'print one JSON object' },
  },

  async run({ options: given, positionals: [old = '', fresh = ''], terminal }) {
    const { archive, tool, engine, json } = given;
    const allow = readRanges(given['dial-allow']);
    const installed = await loadInstalledEngine();
    const options = { installed, archive, allow, engines: engine.map(readDigest) };
    const before = await openSide(old, options);
    if (before.kind === 'problems') return reportProblems(before.problems, { terminal, json });
    const after = await openSide(fresh, options);
    if (after.kind === 'problems') return reportProblems(after.problems, { terminal, json });
    const guardrails = new Set((await loadGuardrails('mcp', installed)).keys());
    const comparison = await failOnArchive(() =>
      compareBundles(before.side, after.side, { module: installed.module, guardrails, tools: tool }),
    );
    terminal.out(json ? printJson(comparisonToJson(comparison)) : renderDiff(comparison, terminal));
    return changesVerdicts(comparison) ? 2 : 0;
  },
});
