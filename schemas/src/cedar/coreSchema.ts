// The Cedar schema that every bundle of MCP policies shares, as text. What varies is appended: the usage counters of
// the bundle, and the action of one tool (see mcp/toolSchema.ts) or those of the protocol's methods.

import { quoteText } from './quote.ts';
import { contextFamilies, methodActions } from './vocabulary.ts';

/** A valid schema by itself: the entity types, the families of the context, and the groups of actions. */
export const coreSchemaText = `// Who asks. Groups hold people and agents, and nest.
entity Group in [Group];
entity Person in [Group] tags String;
entity Agent in [Group] = { owner?: Person } tags String;

// What is asked for. A toolset gathers tools across servers.
entity Toolset;
entity Server = { owner: Group, risk: String, environment: String };
entity Tool in [Server, Toolset] = {
  owner: Group, risk: String, environment: String, effect: String, approved: Bool
};
entity Prompt in [Server] = { owner: Group, risk: String, environment: String, approved: Bool };
entity Resource in [Server] = { owner: Group, risk: String, environment: String, approved: Bool };

// What one person lets one agent do.
type Grant = { id: String, servers: Set<Server>, tools: Set<Tool>, effects: Set<String>, expires: datetime };
// Whole hours beside seconds: a verdict that reads only the hours can be cached.
type Session = { id: String, ageHours: Long, ageSeconds: Long, idleSeconds: Long };
type Request = { time: datetime, address: ipaddr, client: String, protocol: String };
// Kinds of what inspection found in the arguments.
type Findings = { secrets: Set<String>, personal: Set<String>, injection: Set<String> };
// The hold policies that people have lifted for this call, and who did.
type Approvals = { policies: Set<String>, people: Set<Person> };

// Every tool's action is in "tools/call", in its server's group, and in its reviewed effect.
action "tools/call", "read", "write", "destructive";
`;

const familyTypes = {
  agent: 'Agent',
  grant: 'Grant',
  session: 'Session',
  request: 'Request',
  usage: 'Usage',
  findings: 'Findings',
  approvals: 'Approvals',
} as const satisfies Record<(typeof contextFamilies)[number], string>;

/** The type of `context.usage`: one Long for each counter of the bundle. */
export function usageSchemaText(counters: readonly string[]): string {
  const attributes = [...new Set(counters)].sort().map((counter) => `${quoteText(counter)}: Long`);
  return `type Usage = {${attributes.length === 0 ? '' : ` ${attributes.join(', ')} `}};\n`;
}

/** The `appliesTo` of an action; `inputText` is the record type of `context.input`, indented by four. */
export function appliesToText(resource: string, inputText: string): string {
  const families = contextFamilies.map((family) => `    ${family}: ${familyTypes[family]},\n`);
  return (
    `appliesTo {\n  principal: [Person, Agent],\n  resource: [${resource}],\n` +
    `  context: {\n    input: ${inputText},\n${families.join('')}  },\n}`
  );
}

/** A whole schema whose actions are the protocol's methods. Their parameters are not typed: input is empty. */
export function methodSchemaText({ counters }: { readonly counters: readonly string[] }): string {
  const actions = Object.entries(methodActions).map(
    ([method, resource]) => `action ${quoteText(method)} ${appliesToText(resource, '{}')};\n`,
  );
  return `${coreSchemaText}\n${usageSchemaText(counters)}\n${actions.join('')}`;
}
