// Entities written as in policies: User::"alice". Their shape is checked here, so that nothing but one literal gets
// through; their escapes are read by Cedar itself.
import type { CedarHost } from '@cardea/engine';
import type { EntityUid } from '@cardea/schemas/cedar';

const shape = /^(?:[_a-zA-Z][_a-zA-Z0-9]*::)+"(?:[^"\\]|\\[^])*"$/;

/** A name that somebody wrote, not a document. */
const charactersMax = 4_096;

/** Undefined for anything but one entity without blanks and comments around its parts, as Cedar's RFC 9 wants it. */
export function readEntityUid(host: CedarHost, text: string): EntityUid | undefined {
  if (text.length > charactersMax || !text.isWellFormed() || !shape.test(text)) return undefined;
  const policy = `permit (principal == ${text}, action, resource);`;
  const answer = JSON.parse(host.call('policyToJson', JSON.stringify(policy))) as {
    readonly json?: { readonly principal: { readonly entity: EntityUid } };
  };
  return answer.json?.principal.entity;
}
