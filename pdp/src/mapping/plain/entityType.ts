// Names of entity types as Cedar's grammar has them: identifiers joined by `::`. Anything else would make the engine
// refuse the whole call.

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Cedar's reserved words, and the namespace that it keeps for itself. */
const reserved = new Set(['true', 'false', 'if', 'then', 'else', 'in', 'is', 'like', 'has', '__cedar']);

/** Actions are entities too, but nothing that could ask or be asked about. */
export function isEntityType(name: string): boolean {
  const parts = name.split('::');
  return parts.every((part) => identifier.test(part) && !reserved.has(part)) && parts.at(-1) !== 'Action';
}
