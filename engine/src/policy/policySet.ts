// Policies that are evaluated together, as the engine parses them: without their scopes, under short names of ours.
import { writeAnyOf, writeUnscoped } from './clauses.ts';
import type { CompiledPolicy, PolicyName } from './compilePolicy.ts';

/** More forbids than this are screened by several of them. */
const screenedTogetherMax = 64;

/** Deeper ones stand for themselves: a screen nests its forbids a little deeper than they were. */
const screenedDepthMax = 32;

export interface PolicySet {
  /** The policies by their number in the set. A screen is none. */
  readonly members: readonly (PolicyName | undefined)[];
  /** Their texts, in the same order. The engine keeps what it parsed: nobody keeps texts beside it. */
  readonly write: () => readonly string[];
}

/** Gives the same policies each time. */
export type ReadPolicies = () => readonly CompiledPolicy[];

/** The policies as they are. */
export function makePlainSet(read: ReadPolicies): PolicySet {
  return { members: read().map(nameOf), write: () => read().map(writePlain) };
}

/**
 * All permits, and for many forbids one screen that fires when any of them would be satisfied or err. Most calls meet
 * no forbid, and a policy that is not there costs nothing: the engine takes 2 to 3 µs for each one.
 */
export function makeScreenedSet(read: ReadPolicies): PolicySet {
  if (read().filter(isScreened).length < 2) return makePlainSet(read);
  const { plain, screens } = split(read());
  return {
    members: [...plain.map(nameOf), ...screens.map(() => undefined)],
    write: () => {
      const written = split(read());
      return [...written.plain.map(writePlain), ...written.screens.map(writeScreen)];
    },
  };
}

interface ScreenedPolicies {
  readonly plain: readonly CompiledPolicy[];
  readonly screens: readonly (readonly CompiledPolicy[])[];
}

function split(policies: readonly CompiledPolicy[]): ScreenedPolicies {
  const screened = policies.filter(isScreened);
  const screens = Array.from({ length: Math.ceil(screened.length / screenedTogetherMax) }, (_, at) =>
    screened.slice(at * screenedTogetherMax, (at + 1) * screenedTogetherMax),
  );
  return { plain: policies.filter((policy) => !isScreened(policy)), screens };
}

function isScreened({ effect, depth }: CompiledPolicy): boolean {
  return effect === 'forbid' && depth <= screenedDepthMax;
}

/** No more of the policy than verdicts name. */
function nameOf({ id, effect, hold, message }: CompiledPolicy): PolicyName {
  return {
    id,
    effect,
    ...(hold === undefined ? {} : { hold }),
    ...(message === undefined ? {} : { message }),
  };
}

function writePlain({ effect, clauses }: CompiledPolicy): string {
  return writeUnscoped(effect, clauses);
}

function writeScreen(policies: readonly CompiledPolicy[]): string {
  return writeAnyOf(policies.map(({ clauses }) => clauses));
}
