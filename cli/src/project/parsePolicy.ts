// One policy or template by Cedar's own parser, whatever a bundle may think of it.
import { EngineFault, type CedarHost } from '@cardea/engine';
import type { CedarError } from './cedarErrors.ts';

export type ParsedPolicy =
  | {
      readonly kind: 'static' | 'template';
      readonly effect: 'permit' | 'forbid';
      /** Of its @id annotation. */
      readonly id?: string;
      /** Cedar's JSON form, as text: equal texts are equal policies. */
      readonly json: string;
    }
  | { readonly kind: 'errors'; readonly errors: readonly CedarError[] }
  /** The text killed the instance, which `host` has replaced. */
  | { readonly kind: 'fault' };

interface PolicyJson {
  readonly effect: 'permit' | 'forbid';
  readonly annotations?: Readonly<Record<string, string | null>>;
}

type Answer =
  | { readonly type: 'success'; readonly json: PolicyJson }
  | { readonly type: 'failure'; readonly errors: readonly CedarError[] };

export function parsePolicy(host: CedarHost, text: string): ParsedPolicy {
  try {
    const asStatic = read('static', host.call('policyToJson', JSON.stringify(text)));
    if (asStatic.kind !== 'errors' || !asStatic.errors.some(isAboutSlot)) return asStatic;
    return read('template', host.call('templateToJson', JSON.stringify(text)));
  } catch (fault) {
    if (fault instanceof EngineFault) return { kind: 'fault' };
    throw fault;
  }
}

function isAboutSlot({ message }: CedarError): boolean {
  return message.includes('got a template containing the slot');
}

/** JSON.parse is for annotations and errors only, which hold no numbers that matter: the text stays as it is. */
function read(kind: 'static' | 'template', json: string): ParsedPolicy {
  const answer = JSON.parse(json) as Answer;
  if (answer.type === 'failure') return { kind: 'errors', errors: answer.errors };
  const { effect, annotations = {} } = answer.json;
  // An annotation without a value is Cedar's empty text.
  return { kind, effect, json, ...(Object.hasOwn(annotations, 'id') ? { id: annotations['id'] ?? '' } : {}) };
}
