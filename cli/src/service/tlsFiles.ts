// The key and the certificate of a service.
import { createSecureContext } from 'node:tls';
import { Failure } from '../frame/failure.ts';
import { readTextFile } from '../project/inputFiles.ts';

interface TlsFiles {
  readonly key: string;
  readonly cert: string;
}

/** Undefined where neither is given. Throws Failure where only one is, and where they do not belong together. */
export function readTlsFiles(key: string | undefined, cert: string | undefined): TlsFiles | undefined {
  if (key === undefined && cert === undefined) return undefined;
  if (key === undefined || cert === undefined) throw new Failure('--tls-key and --tls-cert go together');
  const files = { key: readTextFile(key).text, cert: readTextFile(cert).text };
  try {
    createSecureContext(files);
    return files;
  } catch {
    // The cause could quote the key.
    throw new Failure(`${key} and ${cert} are no key and certificate in PEM that belong together`);
  }
}
