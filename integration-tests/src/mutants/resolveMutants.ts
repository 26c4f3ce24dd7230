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
  {
    name: 'mapper: only the first alternative says something of keys',
    file: 'schemas/src/mcp/schemaPlace.ts',
    find: "for (const part of [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])])",
    replace: "for (const part of [...listOf(schema['anyOf']).slice(0, 1)])",
    noticedBy: 'schemas/src/mcp/mapArguments.test.ts',
  },
  {
    name: 'mapper: keys of alternatives may fold',
    file: 'schemas/src/mcp/mapArguments.ts',
    find: 'this.refuseUndeclared(key, keys.folds, this.open || keys.open);',
    replace: 'this.refuseUndeclared(key, new Set(), this.open || keys.open);',
    noticedBy: 'schemas/src/mcp/mapArguments.test.ts',
  },
  {
    name: 'arguments: every integer is exact',
    file: 'pep/src/resolve/exactIntegers.ts',
    find: 'return BigInt(Number(integer)) === integer;',
    replace: 'return integer <= 2n ** 63n;',
    noticedBy: 'pep/src/resolve/resolveRequest.test.ts',
  },
  {
    name: 'arguments: headers are looked for where they stand',
    file: 'pep/src/resolve/mirroredArguments.ts',
    find: 'of at.parts)',
    replace: 'of at.parts.slice(0, 1))',
    noticedBy: 'pep/src/resolve/resolveRequest.test.ts',
  },
  {
    name: 'schema: what cannot be checked passes',
    file: 'pep/src/resolve/preparedSchema.ts',
    find: 'if (problem !== undefined) put(uncheckedKeyword, problem);',
    replace: '',
    noticedBy: 'pep/src/resolve/inputSchema.test.ts',
  },
  {
    name: 'schema: what leads back ends there',
    file: 'pep/src/resolve/preparedSchema.ts',
    find: 'put(loopKeyword, member)',
    replace: "put('title', member)",
    noticedBy: 'pep/src/resolve/inputSchema.test.ts',
  },
];
