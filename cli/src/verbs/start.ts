// cardea start: everything on this machine, to try it and to work on policies.
import { FolderLockBusy, withFolderLock } from '@cardea/bundles';
import { Failure } from '../frame/failure.ts';
import { defineVerb } from '../frame/verb.ts';
import { runLocally } from '../local/runLocally.ts';
import { StateFolder } from '../local/stateFolder.ts';
import { requireFreePort } from '../service/freePort.ts';

/** Tokens travel in clear here: nobody else may listen. */
const host = '127.0.0.1';

export const start = defineVerb({
  name: 'start',
  summary: 'Run everything on this machine, with examples/quickstart to try',
  details: [
    'The first start makes keys, a token for each class of callers, and an archive in the state folder, publishes the ' +
      'example, and runs signer, decision service and proxy in one process on loopback, with a sample MCP server behind ' +
      'the proxy. Later starts keep all of it: what you publish in the archive, or roll back to, stays current.',
    'With --watch your own project is published instead, and again whenever it changes; while it does not build, the ' +
      'last good bundle serves.',
  ],
  options: {
    state: {
      type: 'text',
      value: 'DIR',
      default: '.cardea',
      description: 'where to keep keys, tokens and archive',
    },
    port: {
      type: 'integer',
      value: 'N',
      min: 0,
      max: 65_535,
      default: 8470,
      description: 'where the decision service listens; 0 for any',
    },
    'proxy-port': {
      type: 'integer',
      value: 'N',
      min: 0,
      max: 65_535,
      default: 8480,
      description: 'where the proxy listens; 0 for any',
    },
    watch: { type: 'text', value: 'DIR', description: 'the project to publish, now and whenever it changes' },
  },

  async run({ options, terminal, untilStopped }) {
    const { state: directory, port, 'proxy-port': proxyPort, watch } = options;
    const state = new StateFolder(directory);
    try {
      await withFolderLock(directory, 0, async () => {
        await requireFreePort(host, port);
        await requireFreePort(host, proxyPort, '--proxy-port');
        await runLocally({ state, host, port, proxyPort, watched: watch, terminal, signal: untilStopped() });
      });
    } catch (fault) {
      if (!(fault instanceof FolderLockBusy)) throw fault;
      throw new Failure(
        `${directory} is in use by process ${fault.holder}`,
        'end it, or give another --state',
      );
    }
    return 0;
  },
});
