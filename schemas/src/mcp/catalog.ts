// A reviewed catalog: what one MCP server offers, as people have approved it. The definitions are kept as the server
// sent them, unknown fields included, beside the fields that the review adds. It is also the form of the file.

import type { Effect } from '../cedar/index.ts';
import type { JsonObject, JsonValue } from '../json/index.ts';

export interface Catalog extends JsonObject {
  readonly server: CatalogServer;
  readonly instructions?: string;
  readonly capabilities?: JsonObject;
  readonly tools: readonly ToolDefinition[];
  readonly prompts: readonly PromptDefinition[];
  readonly resources: readonly ResourceDefinition[];
  readonly resourceTemplates: readonly ResourceTemplateDefinition[];
}

export interface CatalogServer extends JsonObject {
  readonly id: string;
  /** The group that answers for the server. */
  readonly owner: string;
  readonly risk: string;
  readonly environment: string;
  /** Where the definitions came from, for people. */
  readonly source?: JsonValue;
}

export type Review = 'approved' | 'pending';

export interface ReviewedDefinition extends JsonObject {
  readonly review: Review;
}

export interface ToolDefinition extends ReviewedDefinition {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: JsonObject;
  readonly effect: Effect;
  /** Undeclared arguments are let through; policies cannot read them. */
  readonly open?: boolean;
  readonly toolsets?: readonly string[];
}

export interface PromptDefinition extends ReviewedDefinition {
  readonly name: string;
}

export interface ResourceDefinition extends ReviewedDefinition {
  readonly uri: string;
}

export interface ResourceTemplateDefinition extends ReviewedDefinition {
  readonly uriTemplate: string;
}

/** The fields that the review adds to a definition. */
export const reviewFields = ['effect', 'open', 'review', 'toolsets'] as const;

/** The definition as the server sent it: what a model sees, and what drifts. */
export function wireDefinition(definition: JsonObject): JsonObject {
  const wire = Object.create(null) as Record<string, JsonValue>;
  for (const [field, value] of Object.entries(definition)) {
    if (!(reviewFields as readonly string[]).includes(field)) wire[field] = value;
  }
  return wire;
}

/** The name of a tool, prompt, resource or template in policies. Server ids hold no slash, so no two share one. */
export function qualifyName(server: string, name: string): string {
  return `${server}/${name}`;
}
