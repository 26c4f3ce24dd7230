// The four kinds of definitions that a catalog lists.
import type { JsonObject } from '@cardea/schemas/json';

export const definitionKinds = [
  { list: 'tools', noun: 'tool', nameField: 'name', namespace: 'tool' },
  { list: 'prompts', noun: 'prompt', nameField: 'name', namespace: 'prompt' },
  // A template that is spelt like a resource would share its approval.
  { list: 'resources', noun: 'resource', nameField: 'uri', namespace: 'uri' },
  { list: 'resourceTemplates', noun: 'template', nameField: 'uriTemplate', namespace: 'uri' },
] as const;

export type DefinitionKind = (typeof definitionKinds)[number];

/** Empty where there is none: no catalog takes such a definition. */
export function nameOf(definition: JsonObject, { nameField }: DefinitionKind): string {
  const name = Object.hasOwn(definition, nameField) ? definition[nameField] : undefined;
  return typeof name === 'string' ? name : '';
}
