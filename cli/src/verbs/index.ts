// Every verb of the command, in the order in which help lists them.
import type { Verb } from '../frame/verb.ts';
import { policyCheck } from './policyCheck.ts';
import { policyFmt } from './policyFmt.ts';
import { policyTest } from './policyTest.ts';

export const verbs: readonly Verb[] = [policyCheck, policyFmt, policyTest];
