// cardea keys create: a signing key, and the line by which others trust it.
import { formatVerifierKey } from '@cardea/schemas/note';
import { defineVerb } from '../frame/verb.ts';
import { createKeyFile } from '../trust/keyFile.ts';

export const keysCreate = defineVerb({
  name: 'keys create',
  summary: 'Create a signing key, for publishing bundles or for stating which one is current',
  details: [
    'Writes an Ed25519 private key that only its owner can read, in PEM as openssl takes it, and prints the verifier ' +
      'key: the line to give to whoever is to trust it. A file that exists is never overwritten.',
    'Give publishers and the signer keys of their own: who publishes need not be able to say what is current.',
  ],
  positionals: {
    value: 'NAME',
    description: 'how signatures call the key, best a URL without scheme: example.com/publisher',
    min: 1,
    max: 1,
  },
  options: {
    out: { type: 'text', value: 'FILE', required: true, description: 'where to write the private key' },
  },

  run({ options, positionals: [name = ''], terminal }) {
    const { verifier } = createKeyFile(options.out, name);
    terminal.out(`${formatVerifierKey(verifier)}\n`);
    return Promise.resolve(0);
  },
});
