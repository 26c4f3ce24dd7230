// Every verb of the command, in the order in which help lists them.
import type { Verb } from '../frame/verb.ts';
import { bundleBuild } from './bundleBuild.ts';
import { bundleDiff } from './bundleDiff.ts';
import { bundlePublish } from './bundlePublish.ts';
import { bundleRollback } from './bundleRollback.ts';
import { bundleShow } from './bundleShow.ts';
import { bundleVerify } from './bundleVerify.ts';
import { keysCreate } from './keysCreate.ts';
import { pdp } from './pdp.ts';
import { pep } from './pep.ts';
import { pepStdio } from './pepStdio.ts';
import { policyCheck } from './policyCheck.ts';
import { policyExplain } from './policyExplain.ts';
import { policyFmt } from './policyFmt.ts';
import { policyTest } from './policyTest.ts';
import { policyTypes } from './policyTypes.ts';
import { policyWhoCan } from './policyWhoCan.ts';
import { signer } from './signer.ts';
import { start } from './start.ts';
import { toolsPull } from './toolsPull.ts';

export const verbs: readonly Verb[] = [
  start,
  toolsPull,
  policyCheck,
  policyFmt,
  policyTest,
  policyTypes,
  policyExplain,
  policyWhoCan,
  bundleBuild,
  bundleShow,
  bundleDiff,
  bundlePublish,
  bundleRollback,
  bundleVerify,
  keysCreate,
  signer,
  pdp,
  pep,
  pepStdio,
];
