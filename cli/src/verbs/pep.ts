// cardea pep: the enforcement proxy.
import { followingOptions, tracingOptions } from '../service/followingOptions.ts';
import { loadInstalledEngine } from '@cardea/bundles';
import { FloorFile } from '@cardea/bundles/authority';
import { AddressRanges } from '@cardea/dial';
import { boundYoungSpace } from '@cardea/pep';
import { defineVerb } from '../frame/verb.ts';
import { requireFreePort } from '../service/freePort.ts';
import { readAddress } from '../service/networkAddress.ts';
import { readConfigFile } from '../service/proxyConfigFile.ts';
import { runProxy } from '../service/runProxy.ts';
import { openArchive } from '../trust/archiveLocation.ts';
import { readTrust, trustOptions } from '../trust/bundleTrust.ts';
import { readVerifierKeys } from '../trust/verifierKeys.ts';

const { trust, organisation, engine } = trustOptions;

export const pep = defineVerb({
  name: 'pep',
  summary: 'Run the enforcement proxy',
  details: [
    'Stands before the MCP servers of its configuration, each at /ID/mcp, and asks the decision service before anything ' +
      'reaches them: what is denied does not arrive, and lists show what may be used. What is current comes from the ' +
      'decision service and is verified with the keys given here; when nothing is heard for --stale-after, everything ' +
      'is denied.',
    'Logs are JSON on standard error. SIGTERM lets calls come to their end, SIGHUP looks at grants and secrets at once; ' +
      'they are also looked at all the time.',
  ],
  environment: true,
  options: {
    config: {
      type: 'text',
      value: 'FILE',
      required: true,
      description: 'where to listen, the decision service, and the servers: pep.json',
    },
    archive: { type: 'text', value: 'DIR|URL', required: true, description: 'where bundles are archived' },
    trust,
    organisation,
    engine,
    authority: {
      type: 'text',
      value: 'KEY|FILE',
      many: true,
      required: true,
      description: 'who may state what is current: a verifier key, or a file of them',
    },
    grants: {
      type: 'text',
      value: 'FILE',
      required: true,
      description: 'who may use the proxy, in JSON; read again when it changes',
    },
    metrics: {
      type: 'text',
      value: 'ADDRESS:PORT',
      description: 'show metrics and probes here, without a credential; off if not given',
    },
    ...followingOptions,
    floor: {
      type: 'text',
      value: 'FILE',
      description:
        'remember here what was current, so that a restart accepts nothing older; one proxy a file',
    },
    ...tracingOptions,
  },

  async run({ options, environment, terminal, untilStopped, onHangup }) {
    boundYoungSpace();
    const { floor, metrics, traces, grants } = options;
    const config = readConfigFile(options.config, terminal);
    if (config === undefined) return 1;
    const proxy = {
      config,
      source: openArchive(options.archive, config.dial?.allow ?? new AddressRanges()),
      trust: await readTrust({ ...options, profile: 'mcp' }, await loadInstalledEngine()),
      authority: {
        verifiers: readVerifierKeys(options.authority),
        staleMs: options['stale-after'] * 1_000,
        ...(floor === undefined ? {} : { floors: new FloorFile(floor) }),
      },
      grants,
      environment,
      traces,
      ...(metrics === undefined ? {} : { metrics: readAddress('--metrics', metrics) }),
    };
    await requireFreePort(config.listen.host, config.listen.port, `listen.port in ${options.config}`);
    return runProxy(proxy, { terminal, signal: untilStopped(), onHangup });
  },
});
