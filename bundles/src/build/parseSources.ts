// From the bytes of a source tree to what they say, with every mistake at its place. The reader of published bundles
// runs the same checks and only says no.

import { splitPolicies, type PolicySource } from '@cardea/engine';
import { Refusal } from '@cardea/schemas/codes';
import { JsonRefusal, parseStrictDocument, type JsonDocument, type JsonValue } from '@cardea/schemas/json';
import { qualifyName, type Catalog } from '@cardea/schemas/mcp';
import { catalogLimits, decodeText, readCatalogFile } from '../open/contents.ts';
import { FieldFault } from '../open/fields.ts';
import { policiesMax } from '../open/manifest.ts';
import { checkProject, type Project } from '../open/project.ts';
import { makeProblem, type BuildCode, type BuildProblem } from './buildProblem.ts';
import type { SourceTree } from './sourceTree.ts';

export interface ParsedSources {
  readonly project: Project;
  readonly policySources: readonly PolicySource[];
  readonly catalogs: readonly Catalog[];
  /** Of profile `plain`. */
  readonly schemaText?: string;
  readonly entities?: JsonDocument;
}

export type ParseResult =
  | { readonly kind: 'parsed'; readonly parsed: ParsedSources }
  | { readonly kind: 'refused'; readonly problems: readonly BuildProblem[] };

export function parseSources(sources: SourceTree): ParseResult {
  const parser = new SourceParser(sources);
  const parsed = parser.parse();
  if (parsed === undefined || parser.problems.length > 0)
    return { kind: 'refused', problems: parser.problems };
  return { kind: 'parsed', parsed };
}

class SourceParser {
  readonly problems: BuildProblem[] = [];
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor({ files }: SourceTree) {
    this.#files = files;
  }

  parse(): ParsedSources | undefined {
    const project = this.#readJson('cardea.json', 'project_invalid', checkProject);
    const policySources = this.#pathsIn('policies').flatMap((path) => this.#split(path));
    if (policySources.length > policiesMax) {
      this.#refuse('source_too_large', `a bundle may have ${policiesMax} policies`, 'policies');
    }
    const catalogs = this.#pathsIn('catalog').map((path) =>
      this.#readJson(path, 'catalog_invalid', (value) => readCatalogFile(path, value)),
    );
    const schemaText = this.#decode('schema.cedarschema');
    const entities = this.#parseJson('entities.json', 'entities_invalid');
    if (project === undefined) {
      if (!this.#files.has('cardea.json'))
        this.#refuse('source_missing', 'a bundle needs this file', 'cardea.json');
      return undefined;
    }
    this.#checkProfile(project);
    const known = catalogs.filter((catalog) => catalog !== undefined);
    this.#checkCounters(project, known);
    return {
      project,
      policySources,
      catalogs: known,
      ...(schemaText === undefined ? {} : { schemaText }),
      ...(entities === undefined ? {} : { entities }),
    };
  }

  /** What one profile needs is senseless in the other. */
  #checkProfile({ profile }: Project): void {
    const foreign = profile === 'plain' ? this.#pathsIn('catalog') : ['schema.cedarschema', 'entities.json'];
    for (const path of foreign.filter((name) => this.#files.has(name))) {
      this.#refuse('source_misplaced', `a bundle of profile ${profile} has no such file`, path);
    }
    if (profile === 'plain' && !this.#files.has('schema.cedarschema')) {
      const message = 'policies of profile plain are validated against this file';
      this.#refuse('source_missing', message, 'schema.cedarschema');
    }
  }

  /** A sum over a tool that is not there would stay at nothing for ever. */
  #checkCounters({ settings }: Project, catalogs: readonly Catalog[]): void {
    const known = new Set(
      catalogs.flatMap(({ server, tools }) => tools.map(({ name }) => qualifyName(server.id, name))),
    );
    for (const { name, sum } of settings.counters) {
      for (const tool of sum?.tools ?? []) {
        if (known.has(tool)) continue;
        this.#refuse(
          'project_invalid',
          `the counter ${name} adds up ${tool}, and no catalog has that`,
          'cardea.json',
        );
      }
    }
  }

  #pathsIn(folder: string): string[] {
    return [...this.#files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort();
  }

  #split(path: string): readonly PolicySource[] {
    const result = splitPolicies(this.#decode(path) ?? '', path);
    if (result.kind === 'split') return result.policies;
    this.problems.push({ severity: 'error', ...result.problem });
    return [];
  }

  #readJson<T>(path: string, code: BuildCode, read: (value: JsonValue) => T): T | undefined {
    const document = this.#parseJson(path, code);
    if (document === undefined) return undefined;
    try {
      return read(document.value);
    } catch (fault) {
      this.problems.push(describeFault(fault, document, { code, file: path }));
      return undefined;
    }
  }

  /** Undefined, too, where there is no such file. */
  #parseJson(path: string, code: BuildCode): JsonDocument | undefined {
    const bytes = this.#files.get(path);
    if (bytes === undefined) return undefined;
    try {
      return parseStrictDocument(bytes, catalogLimits);
    } catch (refusal) {
      if (!(refusal instanceof JsonRefusal)) throw refusal;
      const message = refusal.message.replace(/^line \d+, column \d+: /, '');
      this.problems.push(makeProblem(code, message, { file: path, start: refusal.offset }));
      return undefined;
    }
  }

  #decode(path: string): string | undefined {
    const bytes = this.#files.get(path);
    if (bytes === undefined) return undefined;
    try {
      return decodeText(bytes);
    } catch {
      this.#refuse('source_unreadable', 'this file is not UTF-8', path);
      return undefined;
    }
  }

  #refuse(code: BuildCode, message: string, file: string): void {
    this.problems.push(makeProblem(code, message, { file }));
  }
}

/** Throws what is no fault of the document. Faults begin with the JSON Pointer to what is wrong. */
export function describeFault(
  fault: unknown,
  document: JsonDocument,
  { code, file }: { readonly code: BuildCode; readonly file: string },
): BuildProblem {
  if (!(fault instanceof FieldFault || fault instanceof Refusal)) throw fault;
  const pointer = /^(?:\/\S*)?/.exec(fault.message)?.[0] ?? '';
  return makeProblem(code, fault.message, { file, start: document.locate(pointer)?.offset ?? 0 });
}
