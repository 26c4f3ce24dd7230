// Policies linked from templates, in the file format of the cedar command:
// [{"template_id": "t", "link_id": "l", "args": {"?principal": "User::\"alice\""}}]
import { compilePolicy, type CedarHost } from '@cardea/engine';
import { quoteText, type EntityUid } from '@cardea/schemas/cedar';
import { isJsonObject, JsonRefusal, parseStrictJson, type JsonValue } from '@cardea/schemas/json';
import { Failure } from '../frame/failure.ts';
import { suggest } from '../frame/nearest.ts';
import type { SourceFile } from '../report/sourceFile.ts';
import { readEntityUid } from './entityUid.ts';
import { fileBytesMax } from './inputFiles.ts';
import type { ProjectPolicy } from './policyProject.ts';

export interface TemplateLink {
  readonly id: string;
  readonly template: ProjectPolicy;
  /** By slot: `?principal`. */
  readonly values: Readonly<Record<string, EntityUid>>;
}

/** Throws Failure for a file that is not in the format, or that names a template that does not exist. */
export function readTemplateLinks(
  host: CedarHost,
  { path, text }: SourceFile,
  policies: readonly ProjectPolicy[],
): TemplateLink[] {
  const templates = new Map(
    policies.flatMap((policy) => (policy.kind === 'template' ? [[policy.id, policy]] : [])),
  );
  const taken = new Set(policies.map((policy) => policy.id));
  return parseList(path, text).map((entry, at) => {
    const where = `link ${at + 1} in ${path}`;
    if (!isJsonObject(entry)) throw new Failure(`${where} is not an object`);
    const { template_id: templateId, link_id: id, args } = entry;
    if (typeof templateId !== 'string' || typeof id !== 'string' || !isJsonObject(args)) {
      throw new Failure(`${where} needs the keys template_id, link_id and args`);
    }
    const template = templates.get(templateId);
    if (template === undefined) {
      throw new Failure(
        `${where}: there is no template "${templateId}"`,
        suggest(templateId, templates.keys()),
      );
    }
    if (taken.has(id)) throw new Failure(`${where}: the id "${id}" is taken`);
    taken.add(id);
    const values = Object.entries(args).map(
      ([slot, value]) => [slot, readSlot(host, where, slot, value)] as const,
    );
    return { id, template, values: Object.fromEntries(values) };
  });
}

/** The linked policy as the decision service would hold it: the template's text with its slots filled. */
export function fillTemplate(host: CedarHost, { id, template, values }: TemplateLink): ProjectPolicy {
  // A slot inside a text or a comment is none.
  const text = template.text.replace(
    /\/\/[^\n\r]*|"(?:[^"\\]|\\[^])*"|\?(?:principal|resource)\b/g,
    (token) => {
      const value = token.startsWith('?') ? values[token] : undefined;
      return value === undefined ? token : `${value.type}::${quoteText(value.id)}`;
    },
  );
  const { effect, place } = template;
  const result = compilePolicy(host, { text, file: place.file.path, start: place.start }, id);
  if (result.kind === 'problem')
    return { id, kind: 'static', effect, text, place, refusals: [result.problem] };
  return { id, kind: 'static', effect, text, place, compiled: { ...result.policy, id }, refusals: [] };
}

function parseList(path: string, text: string): readonly JsonValue[] {
  // The cedar command makes an empty file when it has nothing to link yet.
  if (text === '') return [];
  try {
    const value = parseStrictJson(text, { bytesMax: fileBytesMax });
    if (Array.isArray(value)) return value as readonly JsonValue[];
  } catch (refusal) {
    if (refusal instanceof JsonRefusal) throw new Failure(`${path}: ${refusal.message}`);
    throw refusal;
  }
  throw new Failure(`${path} holds no list of template links`);
}

function readSlot(host: CedarHost, where: string, slot: string, value: JsonValue): EntityUid {
  if (slot !== '?principal' && slot !== '?resource') throw new Failure(`${where}: "${slot}" is no slot`);
  const uid = typeof value === 'string' ? readEntityUid(host, value) : undefined;
  if (uid === undefined) throw new Failure(`${where}: ${slot} is no entity such as User::"alice"`);
  return uid;
}
