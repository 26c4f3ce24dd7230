// Mistakes in what a call is about: which resources a URI can mean, what a schema says, what stands in arguments.
import type { Mutant } from './mutant.ts';

export const resolveMutants: readonly Mutant[] = [
  {
    name: 'URI: the host is the affair of the server',
    file: 'pep/src/resolve/uriForm.ts',
    find: 'new URL(uri).href === uri',
    replace: 'true',
    noticedBy: 'pep/src/resolve/uriForm.test.ts',
  },
  {
    name: 'URI: hosts in capitals are others',
    file: 'pep/src/resolve/uriForm.ts',
    find: "if (/[A-Z]/.test(authority.replace(/%../g, ''))) return",
    replace: "if (authority === 'A') return",
    noticedBy: 'pep/src/resolve/uriForm.test.ts',
  },
  {
    name: 'path: as many marks as it likes',
    file: 'pep/src/resolve/pathArgument.ts',
    find: "if (markedBeyondReason.test(text)) return 'holds letters with more than 30 marks';",
    replace: '',
    noticedBy: 'pep/src/resolve/pathArgument.test.ts',
  },
  {
    name: 'URI: one that covers it is enough',
    file: 'pep/src/resolve/resolveRequest.ts',
    find: ' && shown.length === found.length',
    replace: '',
    noticedBy: 'pep/src/resolve/resolveRequest.test.ts',
  },
  {
    name: 'URI: what is hidden needs no normal form',
    file: 'pep/src/resolve/resolveRequest.ts',
    find: 'if (!isShown || !view.resources.has(uri)) requireNormalUri(uri);',
    replace: 'if (!view.resources.has(uri)) requireNormalUri(uri);',
    noticedBy: 'pep/src/resolve/resolveRequest.test.ts',
  },
];
