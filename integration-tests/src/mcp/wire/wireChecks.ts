// Everything on the wire that a proxy must leave as it is and the conformance suite does not see.
import { bodyChecks } from './checks/bodies.ts';
import { headChecks } from './checks/heads.ts';
import { streamChecks } from './checks/streams.ts';
import type { WireCheck } from './wireCheck.ts';

export const wireChecks: readonly WireCheck[] = [...bodyChecks, ...headChecks, ...streamChecks];
