// What the bundle's catalogs offer, by the names that requests use. The types of arguments are derived when a tool is
// first called: most of a large catalog never is.
import type { CedarRecordType, EntityUid } from '@cardea/schemas/cedar';
import { inputType, qualifyName, type Catalog, type ToolDefinition } from '@cardea/schemas/mcp';
import type { OfferedType } from './mcpWords.ts';

export interface ToolArguments {
  readonly type: CedarRecordType;
  /** Undeclared arguments are let through. */
  readonly open: boolean;
}

export class McpCatalog {
  readonly #tools = new Map<string, ToolDefinition>();
  readonly #arguments = new Map<string, ToolArguments>();
  /** By type: every id that is offered, in order. */
  readonly #ids: Readonly<Record<OfferedType, Set<string>>>;
  readonly #byServer = new Map<string, readonly EntityUid[]>();

  constructor(catalogs: readonly Catalog[]) {
    this.#ids = { Tool: new Set(), Prompt: new Set(), Resource: new Set(), Server: new Set() };
    for (const catalog of catalogs) this.#add(catalog);
  }

  has(type: OfferedType, id: string): boolean {
    return this.#ids[type].has(id);
  }

  list(type: string): readonly string[] {
    return Object.hasOwn(this.#ids, type) ? [...this.#ids[type as OfferedType]].sort() : [];
  }

  listServer(server: string): readonly EntityUid[] {
    return this.#byServer.get(server) ?? [];
  }

  /** Undefined where no such tool is offered. */
  findArguments(toolId: string): ToolArguments | undefined {
    const known = this.#arguments.get(toolId);
    if (known !== undefined) return known;
    const tool = this.#tools.get(toolId);
    if (tool === undefined) return undefined;
    const found = { type: inputType(tool.inputSchema).type, open: tool.open === true };
    this.#arguments.set(toolId, found);
    return found;
  }

  #add({ server, tools, prompts, resources, resourceTemplates }: Catalog): void {
    const named = (type: OfferedType, names: readonly string[]): EntityUid[] =>
      names.map((name) => ({ type, id: qualifyName(server.id, name) }));
    const offered = [
      ...named(
        'Tool',
        tools.map((tool) => tool.name),
      ),
      ...named(
        'Prompt',
        prompts.map((prompt) => prompt.name),
      ),
      ...named(
        'Resource',
        resources.map((resource) => resource.uri),
      ),
      ...named(
        'Resource',
        resourceTemplates.map((template) => template.uriTemplate),
      ),
    ];
    for (const tool of tools) this.#tools.set(qualifyName(server.id, tool.name), tool);
    this.#ids.Server.add(server.id);
    for (const { type, id } of offered) this.#ids[type as OfferedType].add(id);
    this.#byServer.set(server.id, offered);
  }
}
