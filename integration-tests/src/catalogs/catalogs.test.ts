// Real catalogs from end to end: one bundle over all of them validates, and decides through the MCP mapping, the engine
// and the service as its policies read.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  compileBundle,
  makeEngine,
  viewBuilt,
  type BuildProblem,
  type BuildResult,
  type CompiledBundle,
} from '@cardea/bundles';
import type { Verdict } from '@cardea/engine';
import { createMapping } from '@cardea/pdp/mapping';
import { quoteText } from '@cardea/schemas/cedar';
import type { JsonObject } from '@cardea/schemas/json';
import { callOf, facts } from '../../../pdp/test/mcpSources.ts';
import { TestArchive } from '../../../pdp/test/testArchive.ts';
import { ServiceProcess } from '../service/serviceProcess.ts';
import { forbid, listOptional, omit } from './argumentForbids.ts';
import {
  build,
  catalogFiles,
  guard,
  pinShipped,
  readTools,
  writeSources,
  type Files,
  type RealTool,
} from './realBundle.ts';

const author = { class: 'author', name: 'test' } as const;

/** Elements of one batch. */
const batchMax = 200;

if (catalogFiles.length === 0) {
  describe('real catalogs', () => {
    it.skip('skipped: CARDEA_CATALOGS names no folder with tools/list answers', () => undefined);
  });
} else {
  const tools = catalogFiles.flatMap(readTools);
  const sources = writeSources(tools);
  const servers = [...new Set(tools.map(({ server }) => server))];
  const granted = { ...facts, grant: { ...facts.grant, servers } };
  const call = ({ id }: RealTool, args: JsonObject): never => callOf(id, args, granted) as never;

  describe('one bundle over all real catalogs', () => {
    let archive: TestArchive | undefined;
    let service: ServiceProcess | undefined;
    let compiled: CompiledBundle;
    let decide: (tool: RealTool, args: JsonObject) => Verdict;

    beforeAll(async () => {
      const result = await build(sources);
      if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems.slice(0, 5)));
      compiled = await compileBundle(viewBuilt(result.bundle));
      const engine = makeEngine(compiled);
      const mapping = createMapping(compiled);
      decide = (tool, args) => {
        const mapped = mapping.mapEvaluation(call(tool, args), author);
        if (mapped.kind === 'unknown') throw new Error(`${tool.id} is not in the bundle`);
        return engine.decide(mapped.request);
      };
    }, 120_000);

    afterAll(async () => {
      await service?.stop();
      await archive?.remove();
    });

    it('has policies on nested, enumerated, optional and oddly named arguments', () => {
      const forbids = tools.flatMap((tool) => tool.forbids.map(({ path }) => ({ tool, path })));
      const isOdd = (name: string): boolean => !/^[A-Za-z_]\w*$/.test(name);
      const kinds = {
        nested: forbids.filter(({ path }) => path.length > 1),
        odd: forbids.filter(({ tool, path }) => [tool.definition.name, ...path].some(isOdd)),
        enumerated: forbids.filter(({ tool, path }) =>
          JSON.stringify(schemaAt(tool, path)).includes('"enum"'),
        ),
        optional: forbids.filter(({ tool, path }) => tool.type.attributes[path[0] ?? '']?.required === false),
      };
      for (const found of Object.values(kinds)) expect(found.length).toBeGreaterThan(10);
      expect(compiled.policies.length).toBeGreaterThan(forbids.length);
    });

    it.each(servers)('fires a forbid on each argument of each tool of %s', (server) => {
      for (const tool of tools.filter((one) => one.server === server)) {
        expect([tool.id, firedBy(decide(tool, tool.full))]).toEqual([tool.id, policiesOf(tool)]);
      }
    });

    it.each(servers)('fires no forbid on an argument of %s that is absent', (server) => {
      for (const tool of tools.filter((one) => one.server === server)) {
        for (const absent of listOptional(tool.type)) {
          const left = policiesOf(tool, (path) => !absent.every((name, depth) => path[depth] === name));
          expect([tool.id, absent, firedBy(decide(tool, omit(tool.full, absent)))]).toEqual([
            tool.id,
            absent,
            left,
          ]);
        }
      }
    });

    it('gives the same verdicts over HTTP', async () => {
      archive = await TestArchive.create('mcp', await pinShipped());
      await archive.publish(await guard(sources));
      archive.keepStating();
      service = await ServiceProcess.start(archive);
      for (let at = 0; at < tools.length; at += batchMax) {
        const some = tools.slice(at, at + batchMax);
        const evaluations = some.map((tool) => call(tool, tool.full));
        const { status, body } = await service.post('/access/v1/evaluations', { evaluations });
        expect(status).toBe(200);
        const answers = body['evaluations'] as {
          context: { reasons: unknown };
        }[];
        for (const [index, { context }] of answers.entries()) {
          const tool = some[index] as RealTool;
          const verdict = decide(tool, tool.full);
          expect(context).toMatchObject({ verdict: verdict.kind, dependsOn: verdict.dependsOn });
          expect(context.reasons).toEqual('reasons' in verdict ? verdict.reasons : []);
        }
      }
    }, 120_000);
  });

  describe('a misspelt argument', () => {
    const withTypos = async (server: string, write: (name: string) => string): Promise<Typos> => {
      const own = tools.filter((tool) => tool.server === server && tool.forbids.length > 0);
      const path = `policies/typos/${server}.cedar`;
      const policies = own.map(({ id, forbids }, at) => forbid(id, `typo-${at}`, write(misspell(forbids))));
      const result = await build({ ...catalogsOf(sources), [path]: policies.join('') });
      return { result, path, text: policies.join(''), names: own.map(({ forbids }) => misspell(forbids)) };
    };

    it.each(servers)('of each tool of %s is refused at its file, line and column', async (server) => {
      const { result, path, text, names } = await withTypos(server, (name) => `${name} == "x"`);
      if (result.kind === 'built') throw new Error('it was accepted');
      expect(result.problems.map(({ code }) => code)).toEqual(names.map(() => 'policy_invalid'));
      const places = result.problems.map((problem) => describePlace(problem, text));
      expect(places).toEqual(names.map((name, at) => `${path}:${at * 3 + 3}:${column}: ${name}`));
    });

    it.each(servers)(
      'behind `has` makes a policy of %s that can never apply, which is said',
      async (server) => {
        const write = (name: string): string => `${name.replace(/\[(.*)\]$/, ' has $1')} && ${name} == "x"`;
        const { result, path, names } = await withTypos(server, write);
        if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
        expect(result.warnings).toHaveLength(names.length);
        for (const { file, message } of result.warnings)
          expect([file, message]).toEqual([path, expect.stringContaining('impossible')]);
      },
    );
  });
}

interface Typos {
  readonly result: BuildResult;
  readonly path: string;
  readonly text: string;
  /** As each policy reads them. */
  readonly names: readonly string[];
}

/** Where conditions begin in the policies here, which have three lines each. */
const column = 'when { '.length + 1;

/** The first argument with one letter more. */
function misspell(forbids: RealTool['forbids']): string {
  return `context.input[${quoteText(`${forbids[0]?.path[0] ?? ''}x`)}]`;
}

/** As compilers write places, with the offending text. */
function describePlace({ file, start, end }: BuildProblem, text: string): string {
  const before = text.slice(0, start).split('\n');
  return `${file}:${before.length}:${(before.at(-1) ?? '').length + 1}: ${text.slice(start, end)}`;
}

/** Ids of the forbids that made the verdict, sorted as it has them. */
function firedBy(verdict: Verdict): string[] {
  if (verdict.kind === 'allow') return [];
  return 'reasons' in verdict ? verdict.reasons.map(({ policy }) => policy) : [verdict.kind];
}

function policiesOf(
  { forbids }: RealTool,
  isKept: (path: readonly string[]) => boolean = () => true,
): string[] {
  return forbids
    .filter(({ path }) => isKept(path))
    .map(({ policy }) => policy)
    .sort();
}

function schemaAt(tool: RealTool, path: readonly string[]): object {
  const initial = tool.definition.inputSchema as Schema;
  return path.reduce<Schema>((schema, name) => schema.properties?.[name] ?? {}, initial);
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

function catalogsOf(sources: Files): Files {
  return Object.fromEntries(Object.entries(sources).filter(([path]) => !path.startsWith('policies/')));
}
