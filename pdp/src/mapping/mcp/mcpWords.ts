// The words of MCP callers, brought to one form: ours, or those of AuthZEN's own MCP profile (COAZ), in which a
// subject is an `identity`, and tools, prompts and resources go by the names that the server gave them.
import { methodActions, toolCallAction, type MethodAction } from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';
import { quoteExcerpt } from '@cardea/schemas/json';
import { qualifyName } from '@cardea/schemas/mcp';
import type { WireEntity } from '@cardea/schemas/wire';
import type { Caller } from '../../callers/caller.ts';

export type OfferedType = 'Tool' | 'Prompt' | 'Resource' | 'Server';

export interface Offered {
  readonly type: OfferedType;
  readonly id: string;
  readonly server: string;
}

const offeredTypes: ReadonlySet<string> = new Set(['Tool', 'Prompt', 'Resource', 'Server']);

const aliases: Readonly<Record<string, OfferedType>> = Object.assign(
  Object.create(null) as Record<string, OfferedType>,
  {
    tool: 'Tool',
    prompt: 'Prompt',
    resource: 'Resource',
    mcp_server: 'Server',
  },
);

/** What is asked for, in our words. Throws Refusal `invalid_request` for a type that MCP does not have. */
export function readOffered(resource: WireEntity, caller: Caller): Offered {
  const alias = aliases[resource.type];
  if (alias !== undefined) return readAlias(alias, resource, caller);
  if (!offeredTypes.has(resource.type)) {
    throw new Refusal(
      'invalid_request',
      `${quoteExcerpt(resource.type)} is none of ${[...offeredTypes].join(', ')}`,
    );
  }
  return { type: resource.type as OfferedType, id: resource.id, server: serverOf(resource.id) };
}

/**
 * A name within a server: the one in `properties.server`, or the only one that the proxy stands before. Without
 * either the id has to name it.
 */
function readAlias(type: OfferedType, { id, properties }: WireEntity, caller: Caller): Offered {
  const stated = properties?.['server'];
  const [only, ...more] = caller.class === 'proxy' ? caller.servers : [];
  const server = typeof stated === 'string' ? stated : more.length === 0 ? only : undefined;
  if (server === undefined) return { type, id, server: serverOf(id) };
  // A server's id in this profile is its URL, which only the proxy in front of it knows.
  return { type, id: type === 'Server' ? server : qualifyName(server, id), server };
}

/** Server ids hold no slash: what stands before the first one is the server. */
export function serverOf(id: string): string {
  const slash = id.indexOf('/');
  return slash === -1 ? id : id.slice(0, slash);
}

/** The id of the action; undefined where this is not how that resource is used. */
export function readAction(name: string, offered: Offered): string | undefined {
  if (offered.type === 'Tool') return name === toolCallAction || name === offered.id ? offered.id : undefined;
  return Object.hasOwn(methodActions, name) && methodActions[name as MethodAction] === offered.type
    ? name
    : undefined;
}
