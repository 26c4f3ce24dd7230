// A project as authors keep it: a folder with cardea.json, policies, catalogs and tests, to which the guardrails that
// ship with the product are added.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  addGuardrails,
  readSources,
  type BuildProblem,
  type EngineFile,
  type SourceTree,
} from '@cardea/bundles';
import type { Guardrails, Profile } from '@cardea/bundles/open';
import { isJsonObject, JsonRefusal, parseStrictJson } from '@cardea/schemas/json';
import { Failure } from '../frame/failure.ts';
import { explainFault } from '../project/fileFault.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { SourceFile } from '../report/sourceFile.ts';
import { guardrailsFolder, loadGuardrails } from './shippedGuardrails.ts';

export interface BundleProject {
  /** As the user named it. */
  readonly directory: string;
  readonly sources: SourceTree;
  /** What a bundle of it is held to. */
  readonly guardrails: Guardrails;
}

export type ProjectResult =
  | { readonly kind: 'project'; readonly project: BundleProject }
  | { readonly kind: 'problems'; readonly problems: readonly Diagnostic[] };

/** Throws Failure for a folder that cannot be read. */
export async function readProject(directory: string, engine: EngineFile): Promise<ProjectResult> {
  requireFolder(directory);
  const result = await failOnFiles(() => readSources(directory));
  if (result.kind === 'refused') {
    const empty: SourceTree = { files: new Map(), tests: new Map() };
    return { kind: 'problems', problems: describeProblems(result.problems, directory, empty) };
  }
  const profile = readProfile(result.sources);
  const sources = profile === 'mcp' ? await addGuardrails(result.sources, guardrailsFolder) : result.sources;
  return {
    kind: 'project',
    project: { directory, sources, guardrails: await loadGuardrails(profile, engine) },
  };
}

/** What building found, at its place in the project's files. */
export function describeProblems(
  problems: readonly BuildProblem[],
  directory: string,
  { files, tests }: SourceTree,
): Diagnostic[] {
  const known = new Map<string, SourceFile>();
  const fileOf = (path: string): SourceFile => {
    const bytes = files.get(path) ?? tests.get(path);
    const file = known.get(path) ?? {
      path: join(directory, path),
      text: Buffer.from(bytes ?? []).toString('utf8'),
    };
    known.set(path, file);
    return file;
  };
  return problems.map(({ severity, code, message, help, file, start, end }) => ({
    severity,
    code,
    message,
    ...(help === undefined ? {} : { help }),
    place: { file: fileOf(file), start, end },
  }));
}

function requireFolder(directory: string): void {
  try {
    if (statSync(directory).isDirectory()) return;
  } catch (error) {
    throw new Failure(`cannot read ${directory}: ${explainFault(error)}`);
  }
  throw new Failure(`${directory} is no folder`, 'a project is a folder with a cardea.json');
}

/** A file can go while the folder is read: an editor saves, or a branch changes. */
async function failOnFiles<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    const { path } = error as NodeJS.ErrnoException;
    if (path === undefined) throw error;
    throw new Failure(`cannot read ${path}: ${explainFault(error)}`);
  }
}

/** Of a project file that is not right, the profile with more demands: building says what is wrong with the file. */
function readProfile({ files }: SourceTree): Profile {
  try {
    const project = parseStrictJson(files.get('cardea.json') ?? '');
    return isJsonObject(project) && project['profile'] === 'plain' ? 'plain' : 'mcp';
  } catch (refusal) {
    if (refusal instanceof JsonRefusal) return 'mcp';
    throw refusal;
  }
}
