// What one bundle says of the servers behind the proxy, by the names that messages use. Made once for each bundle;
// what a tool needs to be checked is derived when it is first called: most of a large catalog never is.
import { inputType, qualifyName, type Catalog, type ToolDefinition } from '@cardea/schemas/mcp';
import type { CedarRecordType } from '@cardea/schemas/cedar';
import { isJsonObject, type JsonObject } from '@cardea/schemas/json';
import type { MirroredArgument } from '../admit/headers.ts';
import { memberOf } from '../admit/message.ts';
import { compileInputSchema, type CheckInput } from './inputSchema.ts';
import { requireNormalUri } from './uriForm.ts';
import { compileTemplate, type MatchUri } from './uriTemplate.ts';

export interface ToolView {
  /** Qualified. */
  readonly id: string;
  readonly type: CedarRecordType;
  /** Undeclared arguments are let through. */
  readonly open: boolean;
  readonly check: CheckInput | undefined;
  readonly mirrored: readonly MirroredArgument[];
}

export class ServerView {
  readonly id: string;
  readonly prompts: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
  readonly #templates: readonly { readonly name: string; readonly matches: MatchUri | undefined }[];
  readonly #definitions: ReadonlyMap<string, ToolDefinition>;
  readonly #tools = new Map<string, ToolView>();

  constructor({ server, tools, prompts, resources, resourceTemplates }: Catalog) {
    this.id = server.id;
    this.#definitions = new Map(tools.map((tool) => [tool.name, tool]));
    this.prompts = new Set(prompts.map(({ name }) => name));
    this.resources = new Set(resources.map(({ uri }) => uri));
    this.#templates = resourceTemplates.map(({ uriTemplate }) => ({
      name: uriTemplate,
      matches: compileTemplate(uriTemplate),
    }));
  }

  get tools(): Iterable<string> {
    return this.#definitions.keys();
  }

  get templates(): readonly string[] {
    return this.#templates.map(({ name }) => name);
  }

  findTool(name: string): ToolView | undefined {
    const known = this.#tools.get(name);
    if (known !== undefined) return known;
    const definition = this.#definitions.get(name);
    if (definition === undefined) return undefined;
    const view = viewTool(this.id, definition);
    this.#tools.set(name, view);
    return view;
  }

  /**
   * The resource, or the first template in the order of the catalog, that covers a URI: what policies know it by. Throws
   * Refusal `uri_not_normal` where a template would have to, and could be led astray.
   */
  findResource(uri: string): { readonly kind: 'resource' | 'template'; readonly name: string } | undefined {
    if (this.resources.has(uri)) return { kind: 'resource', name: uri };
    if (this.#templates.length === 0) return undefined;
    requireNormalUri(uri);
    const template = this.#templates.find(({ matches }) => matches?.(uri) === true);
    return template === undefined ? undefined : { kind: 'template', name: template.name };
  }
}

/** By the id of the server. */
export function viewCatalogs(catalogs: readonly Catalog[]): ReadonlyMap<string, ServerView> {
  return new Map(catalogs.map((catalog) => [catalog.server.id, new ServerView(catalog)]));
}

function viewTool(server: string, { name, inputSchema, open }: ToolDefinition): ToolView {
  return {
    id: qualifyName(server, name),
    type: inputType(inputSchema).type,
    open: open === true,
    check: compileInputSchema(inputSchema),
    mirrored: findMirrored(inputSchema, []),
  };
}

/** Properties that the schema wants repeated in headers (`x-mcp-header`), nested ones included. */
function findMirrored(schema: JsonObject, path: readonly string[]): MirroredArgument[] {
  const properties = memberOf(schema, 'properties');
  if (!isJsonObject(properties) || path.length > mirroredDepthMax) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isJsonObject(property)) return [];
    const header = memberOf(property, 'x-mcp-header');
    const own = typeof header === 'string' ? [{ path: [...path, name], header }] : [];
    return [...own, ...findMirrored(property, [...path, name])];
  });
}

const mirroredDepthMax = 8;
