// A first set of policies for one server, proposed from its catalog: who reads, who changes, and what waits for
// approval. Names that the server chose stand in it quoted only, in comments too: a line break would end a comment.
import { effects, quoteText, type Effect } from '@cardea/schemas/cedar';
import { inputType, qualifyName, type Catalog, type ToolDefinition } from '@cardea/schemas/mcp';
import { exampleCondition } from './exampleCondition.ts';

/** Cedar text, not yet laid out. */
export function proposePolicies(catalog: Catalog): string {
  const { server, tools, prompts, resources, resourceTemplates } = catalog;
  const present = effects.filter((effect) => tools.some((tool) => tool.effect === effect));
  const offersMore = [prompts, resources, resourceTemplates].some((list) => list.length > 0);
  const examples = tools.flatMap((tool) => proposeExample(server.id, tool));
  const text = [
    `// Proposed by "cardea tools pull" for the server ${server.id}: who is in ${readers(server.id)} and\n` +
      `// ${writers(server.id)} is for the directory to say, everything else for you to change.`,
    connect(server.id),
    ...(offersMore ? [read(server.id)] : []),
    ...present.map((effect) => effectPolicies[effect](server.id, server.owner)),
  ];
  // Cedar's layout has no empty lines between comments.
  const comments = examples.length === 0 ? [] : [[examplesPreface, ...examples].join('\n//\n')];
  return `${[...text, ...comments].join('\n\n')}\n`;
}

function readers(server: string): string {
  return `${server}-readers`;
}

function writers(server: string): string {
  return `${server}-writers`;
}

function connect(server: string): string {
  return `@id("${server}-connect-and-list")
permit (principal, action in [Action::"initialize", Action::"server/discover", Action::"ping", Action::"tools/list",
  Action::"prompts/list", Action::"resources/list", Action::"resources/templates/list",
  Action::"completion/complete", Action::"logging/setLevel", Action::"subscriptions/listen"],
  resource == Server::"${server}");`;
}

function read(server: string): string {
  return `@id("${server}-prompts-and-resources")
permit (principal in Group::"${readers(server)}",
  action in [Action::"prompts/get", Action::"resources/read", Action::"resources/subscribe", Action::"resources/unsubscribe"],
  resource in Server::"${server}");`;
}

const effectPolicies: Readonly<Record<Effect, (server: string, owner: string) => string>> = {
  read: (server) => permit(server, 'read', readers(server)),
  write: (server) => permit(server, 'write', writers(server)),
  destructive: (server, owner) => `${permit(server, 'destructive', writers(server))}

@id("${server}-destructive-calls-need-approval")
@hold(${quoteText(owner)})
@message(${quoteText(`This call cannot be undone. A member of ${owner} has to approve it.`)})
forbid (principal, action in Action::"destructive", resource in Server::"${server}");`,
};

function permit(server: string, effect: Effect, group: string): string {
  return `@id("${server}-${effect}")
@message("Members of ${group} may make calls with the effect ${effect}.")
permit (principal in Group::"${group}", action in Action::"${effect}", resource in Server::"${server}");`;
}

const examplesPreface = `// Conditions on arguments: each of these is an example to change. Take the slashes away to use one, and see
// "cardea policy types" for everything that policies can read.`;

function proposeExample(server: string, tool: ToolDefinition): string[] {
  const condition = tool.effect === 'read' ? undefined : exampleCondition(inputType(tool.inputSchema).type);
  if (condition === undefined) return [];
  const lines = [
    `@id(${quoteText(`${qualifyName(server, tool.name)}-example`)})`,
    `@message(${quoteText(`Say here what is wrong with this value of ${condition.argument}.`)})`,
    'forbid (',
    '  principal,',
    `  action == Action::${quoteText(qualifyName(server, tool.name))},`,
    '  resource',
    ')',
    `when { ${condition.text} };`,
  ];
  return [lines.map((line) => `// ${line}`).join('\n')];
}
