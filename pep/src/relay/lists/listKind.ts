// The four lists of MCP: under which key of a result each stands, and what its entries are known by.

export type ListKind = 'tools' | 'prompts' | 'resources' | 'templates';

export interface ListShape {
  readonly kind: ListKind;
  /** Where a result holds the entries, and where an entry holds its name. */
  readonly entriesKey: string;
  readonly nameKey: string;
}

export const listShapes: readonly ListShape[] = [
  { kind: 'tools', entriesKey: 'tools', nameKey: 'name' },
  { kind: 'prompts', entriesKey: 'prompts', nameKey: 'name' },
  { kind: 'resources', entriesKey: 'resources', nameKey: 'uri' },
  { kind: 'templates', entriesKey: 'resourceTemplates', nameKey: 'uriTemplate' },
];

/** What the method of a list has to be answered with. */
export const listMethods: ReadonlyMap<string, string> = new Map([
  ['tools/list', 'tools'],
  ['prompts/list', 'prompts'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
  ['tasks/list', 'tasks'],
]);

/** Lists whose changes are told of; templates change with the resources. */
export type ChangingList = Exclude<ListKind, 'templates'>;
