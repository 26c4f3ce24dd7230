// One bundle over every catalog in the folder that CARDEA_CATALOGS names: all its tools reviewed, everybody allowed to
// call them, and a forbid on each argument of each tool.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  addGuardrails,
  buildBundle,
  loadInstalledEngine,
  pinGuardrails,
  type BuildResult,
} from '@cardea/bundles';
import type { Guardrails } from '@cardea/bundles/open';
import type { CedarRecordType } from '@cardea/schemas/cedar';
import { parseStrictJson, writeJson, type JsonObject } from '@cardea/schemas/json';
import { inputType, proposeTool, type ToolDefinition } from '@cardea/schemas/mcp';
import { argumentsOf, forbidsOn, type ArgumentForbid } from './argumentForbids.ts';

const folder = process.env['CARDEA_CATALOGS'] ?? '';

/** Files of tools/list answers, each with `tools` at its root. */
export const catalogFiles: readonly string[] =
  folder === '' ? [] : readdirSync(folder).filter((file) => file.endsWith('.json'));

const shippedGuardrails = fileURLToPath(new URL('../../../policies/guardrails', import.meta.url));

export interface RealTool {
  readonly server: string;
  /** The qualified name. */
  readonly id: string;
  readonly definition: ToolDefinition;
  readonly type: CedarRecordType;
  /** Arguments with every member that policies can read. */
  readonly full: JsonObject;
  readonly forbids: readonly ArgumentForbid[];
}

export type Files = Readonly<Record<string, string>>;

const everybody = `@id("everybody-calls")
permit (principal, action in Action::"tools/call", resource is Tool);
`;

export function readTools(file: string): RealTool[] {
  const answer = parseStrictJson(readFileSync(join(folder, file)), { bytesMax: 2 ** 24 }) as JsonObject;
  const server = serverOf(file);
  return (answer['tools'] as readonly JsonObject[]).map((wire) => {
    const definition = { ...proposeTool(wire), review: 'approved' } as unknown as ToolDefinition;
    const id = `${server}/${definition.name}`;
    const { type } = inputType(definition.inputSchema);
    return { server, id, definition, type, full: argumentsOf(type), forbids: forbidsOn(id, type) };
  });
}

/** Server ids are lower-case words with hyphens, as these file names are. */
function serverOf(file: string): string {
  return basename(file, '.json');
}

/** Sources of the bundle, without guardrails. */
export function writeSources(tools: readonly RealTool[]): Files {
  const servers = Map.groupBy(tools, ({ server }) => server);
  const files = [...servers].flatMap(([server, own]): [string, string][] => [
    [`catalog/${server}.json`, writeCatalog(server, own)],
    [`policies/${server}.cedar`, own.flatMap(({ forbids }) => forbids.map(({ text }) => text)).join('\n')],
  ]);
  const project = JSON.stringify({ organisation: 'acme', profile: 'mcp' });
  return { 'cardea.json': project, 'policies/everybody.cedar': everybody, ...Object.fromEntries(files) };
}

function writeCatalog(id: string, tools: readonly RealTool[]): string {
  const server = { id, owner: 'platform', risk: 'high', environment: 'production' };
  return writeJson({ server, tools: tools.map(({ definition }) => definition) });
}

export async function pinShipped(): Promise<Guardrails> {
  return pinGuardrails(shippedGuardrails, await loadInstalledEngine());
}

/** With the guardrails that ship with the product. */
export async function guard(files: Files): Promise<Files> {
  const bytes = Object.entries(files).map(([path, text]): [string, Uint8Array] => [path, Buffer.from(text)]);
  const { files: guarded } = await addGuardrails(
    { files: new Map(bytes), tests: new Map() },
    shippedGuardrails,
  );
  return Object.fromEntries([...guarded].map(([path, content]) => [path, Buffer.from(content).toString()]));
}

export async function build(files: Files): Promise<BuildResult> {
  const bytes = Object.entries(await guard(files)).map(([path, text]): [string, Uint8Array] => [
    path,
    Buffer.from(text),
  ]);
  const options = { engine: await loadInstalledEngine(), guardrails: await pinShipped() };
  return buildBundle({ files: new Map(bytes), tests: new Map() }, options);
}
