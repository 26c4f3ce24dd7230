// What one bundle says of the servers behind the proxy, by the names that messages use. Made once for each bundle;
// what a tool needs to be checked is derived when it is first called: most of a large catalog never is.
import {
  inputType,
  qualifyName,
  schemaPlace,
  type Catalog,
  type SchemaPlace,
  type ToolDefinition,
} from '@cardea/schemas/mcp';
import type { CedarRecordType, Effect } from '@cardea/schemas/cedar';
import type { MirroredArgument } from '../admit/headers.ts';
import { compileInputSchema, type CheckInput } from './inputSchema.ts';
import { findMirrored } from './mirroredArguments.ts';
import { readUri, uriCharactersMax } from './uriForm.ts';
import { compileLooseTemplate, compileTemplate, type MatchUri } from './uriTemplate.ts';

export interface ToolView {
  /** Qualified. */
  readonly id: string;
  readonly type: CedarRecordType;
  /** What the schema says of the arguments. */
  readonly place: SchemaPlace;
  readonly effect: Effect;
  /** Undeclared arguments are let through. */
  readonly open: boolean;
  readonly check: CheckInput;
  /** Undefined where nobody could say: such a tool cannot be called. */
  readonly mirrored: readonly MirroredArgument[] | undefined;
}

export class ServerView {
  readonly id: string;
  readonly prompts: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
  readonly #resourcesByReading = new Map<string, readonly string[]>();
  readonly #templates: readonly TemplateView[];
  readonly #definitions: ReadonlyMap<string, ToolDefinition>;
  readonly #tools = new Map<string, ToolView>();

  constructor({ server, tools, prompts, resources, resourceTemplates }: Catalog) {
    this.id = server.id;
    this.#definitions = new Map(tools.map((tool) => [tool.name, tool]));
    this.prompts = new Set(prompts.map(({ name }) => name));
    this.resources = new Set(resources.map(({ uri }) => uri));
    for (const uri of this.resources) {
      const read = readUri(uri);
      this.#resourcesByReading.set(read, [...(this.#resourcesByReading.get(read) ?? []), uri]);
    }
    this.#templates = resourceTemplates.map(({ uriTemplate }) => ({
      name: uriTemplate,
      gives: compileTemplate(uriTemplate),
      mayGive: compileLooseTemplate(uriTemplate),
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
   * Every resource and template that a server could take a URI for, whichever it prefers: as it stands, and as careful
   * readers spell it. The same work for what is there and what is not.
   */
  findResources(uri: string): readonly OfferedResource[] {
    if (uri.length > uriCharactersMax) return [];
    const read = readUri(uri);
    const spellings = read === uri ? [uri] : [uri, read];
    const resources = this.#resourcesByReading.get(read) ?? [];
    const templates = this.#templates.filter(({ mayGive }) => spellings.filter(mayGive).length > 0);
    return [
      ...resources.map((name) => ({ kind: 'resource', name, isSure: name === uri }) as const),
      ...templates.map(
        ({ name, gives }) => ({ kind: 'template', name, isSure: gives?.(uri) === true }) as const,
      ),
    ];
  }
}

interface TemplateView {
  readonly name: string;
  /** Undefined for what is no template. */
  readonly gives: MatchUri | undefined;
  readonly mayGive: MatchUri;
}

export interface OfferedResource {
  readonly kind: 'resource' | 'template';
  /** What policies know it by. */
  readonly name: string;
  /** To every reader, and not only to some. */
  readonly isSure: boolean;
}

/** By the id of the server. */
export function viewCatalogs(catalogs: readonly Catalog[]): ReadonlyMap<string, ServerView> {
  return new Map(catalogs.map((catalog) => [catalog.server.id, new ServerView(catalog)]));
}

function viewTool(server: string, { name, inputSchema, open, effect }: ToolDefinition): ToolView {
  const place = schemaPlace(inputSchema);
  return {
    id: qualifyName(server, name),
    type: inputType(inputSchema).type,
    place,
    effect,
    open: open === true,
    check: compileInputSchema(inputSchema),
    mirrored: findMirrored(inputSchema, place),
  };
}
