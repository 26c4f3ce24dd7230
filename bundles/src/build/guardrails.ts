// Guardrails: policies that ship with the product and that no bundle of profile `mcp` may lack or change. They are
// pinned by id and by the digest of their exact text, so that neither a comment nor a clause can be slipped in.

import type { EngineFile } from '../engineFile.ts';
import { digestOf } from '@cardea/schemas/digest';
import { missingGuardrails, type Guardrails } from '../open/trust.ts';
import type { Manifest } from '../open/manifest.ts';
import { makeProblem, type BuildProblem } from './buildProblem.ts';
import { compilePolicies, placeOf, type SourcedPolicy } from './compilePolicies.ts';
import type { SourceTree } from './sourceTree.ts';
import { splitPolicies } from '@cardea/engine';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The list of pins, from the .cedar files of one folder. Throws where they are not policies. */
export async function pinGuardrails(folder: string, { module }: EngineFile): Promise<Guardrails> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cedar')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const sources = texts.flatMap((text, index) => {
    const split = splitPolicies(text, names[index] ?? '');
    if (split.kind === 'problem') throw new Error(`${split.problem.file}: ${split.problem.message}`);
    return split.policies;
  });
  const { policies, problems } = compilePolicies(module, sources);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.file}: ${problem.message}`);
  return new Map(policies.map(({ policy }) => [policy.id, digestOf(policy.text)]));
}

/**
 * The sources with the guardrails of a folder at `policies/guardrails/`: whoever writes a project need not copy them,
 * and a copy at that place stays, to be held to the pinned text.
 */
export async function addGuardrails(sources: SourceTree, folder: string): Promise<SourceTree> {
  const files = new Map(sources.files);
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.cedar'))) {
    const path = `policies/guardrails/${name}`;
    if (!files.has(path)) files.set(path, new Uint8Array(await readFile(join(folder, name))));
  }
  return { ...sources, files };
}

const help =
  'leave policies/guardrails out of the project: a build adds the guardrails that ship with the product';

/** One problem for each pinned policy that the bundle would lack, or hold in another wording. */
export function requireGuardrails(
  manifest: Manifest,
  pinned: Guardrails,
  policies: readonly SourcedPolicy[],
): BuildProblem[] {
  return missingGuardrails(manifest, pinned).map((id) => {
    const changed = policies.find(({ policy }) => policy.id === id);
    if (changed === undefined) {
      const problem = makeProblem('guardrail_missing', `the guardrail ${id} is missing`, {
        file: 'policies',
      });
      return { ...problem, help };
    }
    const message = `the guardrail ${id} must stand word for word as it ships`;
    const problem = makeProblem('guardrail_changed', message, placeOf(changed.source, changed.policy.effect));
    return { ...problem, help };
  });
}
