// Two observations of the same, one direct and one through a proxy: every place where they are not equal.

/** Observations are JSON. One line for each place. */
export function compare(direct: unknown, proxied: unknown, place = ''): string[] {
  if (!isContainer(direct) || !isContainer(proxied) || Array.isArray(direct) !== Array.isArray(proxied)) {
    const [one, other] = [write(direct), write(proxied)];
    return one === other ? [] : [`${place}: ${one} direct, ${other} through the proxy`];
  }
  const keys = new Set([...Object.keys(direct), ...Object.keys(proxied)]);
  return [...keys].flatMap((key) => compare(at(direct, key), at(proxied, key), `${place}/${key}`));
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function at(container: object, key: string): unknown {
  return Object.hasOwn(container, key) ? (container as Record<string, unknown>)[key] : undefined;
}

function write(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
