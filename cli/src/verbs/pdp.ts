// cardea pdp: the decision service.
import { followingOptions, tracingOptions } from '../service/followingOptions.ts';
import { loadInstalledEngine } from '@cardea/bundles';
import { FloorFile } from '@cardea/bundles/authority';
import { defineVerb } from '../frame/verb.ts';
import { requireFreePort } from '../service/freePort.ts';
import { runDecisionService } from '../service/runDecisionService.ts';
import { readServiceLimits } from '../service/serviceLimits.ts';
import { readTlsFiles } from '../service/tlsFiles.ts';
import { openArchive } from '../trust/archiveLocation.ts';
import { readTrust, trustOptions } from '../trust/bundleTrust.ts';
import { dialOptions, readRanges } from '../trust/dialOptions.ts';
import { readVerifierKeys } from '../trust/verifierKeys.ts';

export const pdp = defineVerb({
  name: 'pdp',
  summary: 'Run the decision service',
  details: [
    'Serves verdicts by the bundle that the authority states to be current, and switches when that changes. What does ' +
      'not verify stays out, and the last good bundle serves; when no statement is heard for --stale-after, everything ' +
      'is denied. Nothing is kept on disk but the floor.',
    'Logs are JSON on standard error. SIGTERM lets running requests come to their end.',
  ],
  environment: true,
  options: {
    archive: { type: 'text', value: 'DIR|URL', required: true, description: 'where bundles are archived' },
    ...trustOptions,
    authority: {
      type: 'text',
      value: 'KEY|FILE',
      many: true,
      required: true,
      description: 'who may state what is current: a verifier key, or a file of them',
    },
    callers: {
      type: 'text',
      value: 'FILE',
      required: true,
      description: 'who may ask, in JSON; read again when it changes',
    },
    host: { type: 'text', value: 'ADDRESS', default: '127.0.0.1', description: 'where to listen' },
    port: {
      type: 'integer',
      value: 'N',
      min: 0,
      max: 65_535,
      default: 8470,
      description: 'where to listen; 0 for any',
    },
    socket: {
      type: 'text',
      value: 'PATH',
      description: 'also listen on this unix socket, for the caller that the file marks with "socket": true',
    },
    'tls-key': { type: 'text', value: 'FILE', description: 'the private key, in PEM' },
    'tls-cert': { type: 'text', value: 'FILE', description: 'the certificate with its chain, in PEM' },
    'public-url': {
      type: 'text',
      value: 'URL',
      description: 'the address that callers know the service by, for its metadata',
    },
    workers: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 128,
      description: 'threads that decide; one for each core if not given',
    },
    ...dialOptions,
    ...followingOptions,
    floor: {
      type: 'text',
      value: 'FILE',
      description:
        'remember here what was current, so that a restart accepts nothing older; one service a file',
    },
    limit: {
      type: 'text',
      value: 'NAME=N',
      many: true,
      description: 'another value for one of the limits of the reference',
    },
    ...tracingOptions,
  },

  async run({ options, terminal, untilStopped }) {
    const { host, port, socket, 'public-url': publicUrl, workers, floor } = options;
    const tls = readTlsFiles(options['tls-key'], options['tls-cert']);
    const service = {
      source: openArchive(options.archive, readRanges(options['dial-allow'])),
      trust: await readTrust(options, await loadInstalledEngine()),
      authority: {
        verifiers: readVerifierKeys(options.authority),
        staleMs: options['stale-after'] * 1_000,
        ...(floor === undefined ? {} : { floors: new FloorFile(floor) }),
      },
      callers: { file: options.callers },
      host,
      port,
      limits: readServiceLimits(options.limit),
      traces: options.traces,
      ...(socket === undefined ? {} : { unixSocket: socket }),
      ...(tls === undefined ? {} : { tls }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(workers === undefined ? {} : { workers }),
    };
    await requireFreePort(host, port);
    return runDecisionService(service, terminal, untilStopped());
  },
});
