// Mistakes about where a connection may lead.
import type { Mutant } from './mutant.ts';

const connector = 'dial/src/guardedConnector.test.ts';
const documents = 'dial/src/fetchBounded.test.ts';

export const dialMutants: readonly Mutant[] = [
  {
    name: 'dial: an address that nobody wrote is meant',
    file: 'dial/src/guardedConnector.ts',
    find: 'isWritten: written.has(name)',
    replace: 'isWritten: true',
    noticedBy: connector,
  },
  {
    name: 'dial: a name that was written leads anywhere',
    file: 'dial/src/dialPolicy.ts',
    find: 'if (isWritten && isMeant(hostname, address)) return undefined;',
    replace: 'if (isWritten) return undefined;',
    noticedBy: connector,
  },
  {
    name: 'dial: IPv4 in IPv6 is public',
    file: 'dial/src/addressClass.ts',
    find: 'if (carrier !== undefined)',
    replace: "if (carrier !== undefined && text === '')",
    noticedBy: 'dial/src/addressClass.test.ts',
  },
  {
    name: 'dial: a wide range opens metadata',
    file: 'dial/src/dialPolicy.ts',
    find: "if (kind !== 'metadata' && allow.covers(address)) return undefined;",
    replace: 'if (allow.covers(address)) return undefined;',
    noticedBy: 'dial/src/dialPolicy.test.ts',
  },
  {
    name: 'dial: documents are somewhere else',
    file: 'dial/src/guardedFetch.ts',
    find: "redirect: 'manual'",
    replace: "redirect: 'follow'",
    noticedBy: documents,
  },
  {
    name: 'dial: documents are as long as they like',
    file: 'dial/src/fetchBounded.ts',
    find: "if (length > bytesMax) throw new FetchFault('too large', `it has more than ${bytesMax} bytes`);",
    replace: '',
    noticedBy: documents,
  },
];
