// Policies, templates and links as the one value that every call into Cedar takes.
import type { ProjectPolicy } from './policyProject.ts';
import type { TemplateLink } from './templateLinks.ts';

/** As JSON text. Policies cross as their own text, the source of truth. */
export function writePolicySet(policies: readonly ProjectPolicy[], links: readonly TemplateLink[]): string {
  const textsOf = (kind: ProjectPolicy['kind']): Record<string, string> =>
    Object.fromEntries(policies.filter((policy) => policy.kind === kind).map(({ id, text }) => [id, text]));
  return JSON.stringify({
    staticPolicies: textsOf('static'),
    templates: textsOf('template'),
    templateLinks: links.map(({ id, template, values }) => ({ templateId: template.id, newId: id, values })),
  });
}
