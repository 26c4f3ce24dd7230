// Conditions of archived engines, as the installed one spells them: versions differ in where they put parentheses, and
// that is no other condition.
import { EngineFault, type CedarHost } from '@cardea/engine';
import { depthCeiling, isJsonObject, parseStrictJson, writeJson } from '@cardea/schemas/json';
import type { Access } from '../whoCan/access.ts';

export function respellAccess(host: CedarHost, access: Access): Access {
  const conditions = access.conditions.map((condition) => ({
    ...condition,
    condition: respellCondition(host, condition.condition),
  }));
  return { ...access, conditions };
}

/** What the installed engine cannot read stays as it is. */
function respellCondition(host: CedarHost, condition: string): string {
  try {
    const policy = `permit (principal, action, resource) when { ${condition} };`;
    const parsed = parseStrictJson(host.call('policyToJson', JSON.stringify(policy)), {
      depthMax: depthCeiling,
    });
    const json = isJsonObject(parsed) ? parsed['json'] : undefined;
    if (json === undefined) return condition;
    const { text = '' } = JSON.parse(host.call('policyToText', writeJson(json))) as { text?: string };
    return /\bwhen\s*\{([^]*)\}\s*;\s*$/.exec(text)?.[1]?.trim() ?? condition;
  } catch (fault) {
    if (fault instanceof EngineFault) return condition;
    throw fault;
  }
}
