// Which verdicts pass without anybody's doing: those that read a clock, an age, a counter, or what people approve.
// Nobody may keep them, and no two askers share them.

const fleetingPaths = [
  '/request/time',
  '/session/ageSeconds',
  '/session/idleSeconds',
  '/usage',
  '/approvals',
];

/** Lists come again and again: one that was looked at need not be again. */
const known = new WeakMap<readonly string[], boolean>();

/** Of a verdict that reads these JSON Pointers. */
export function readsFleeting(dependsOn: readonly string[]): boolean {
  const answer =
    known.get(dependsOn) ??
    dependsOn.some((path) => fleetingPaths.some((fleeting) => overlaps(path, fleeting)));
  known.set(dependsOn, answer);
  return answer;
}

/** One path is read with the other when either lies below it, or is it. */
function overlaps(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}
