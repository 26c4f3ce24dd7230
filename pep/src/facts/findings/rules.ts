// What inspection looks for in the texts of arguments. Every expression is linear in its input: none repeats what can
// match the same character in two ways. Numbers count only with their check digits.

import { holdsCardNumber, holdsIban } from './checkDigits.ts';

export interface Rule {
  readonly family: 'secrets' | 'personal' | 'injection';
  /** What policies and records name; never the text itself. */
  readonly kind: string;
  readonly expression: RegExp;
  readonly confirms?: (match: string) => boolean;
}

export const rules: readonly Rule[] = [
  { family: 'secrets', kind: 'aws_access_key', expression: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { family: 'secrets', kind: 'github_token', expression: /\bgh[pousr]_[0-9A-Za-z]{36}/g },
  { family: 'secrets', kind: 'github_token', expression: /\bgithub_pat_[0-9A-Za-z_]{40}/g },
  { family: 'secrets', kind: 'slack_token', expression: /\bxox[abeprs]-[0-9A-Za-z-]{20}/g },
  { family: 'secrets', kind: 'stripe_key', expression: /\b[rs]k_(?:live|test)_[0-9A-Za-z]{20}/g },
  { family: 'secrets', kind: 'model_api_key', expression: /\bsk-[0-9A-Za-z_-]{32}/g },
  { family: 'secrets', kind: 'google_api_key', expression: /\bAIza[0-9A-Za-z_-]{35}/g },
  { family: 'secrets', kind: 'private_key', expression: /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----/g },
  {
    family: 'personal',
    kind: 'card_number',
    expression: /(?<![0-9])[0-9](?:[ -]?[0-9]){12,}/g,
    confirms: holdsCardNumber,
  },
  {
    family: 'personal',
    kind: 'iban',
    expression: /\b[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]){11,}/g,
    confirms: holdsIban,
  },
  // Heuristics, and no more: who writes such instructions can write them otherwise.
  {
    family: 'injection',
    kind: 'overriding_instructions',
    expression:
      /\b(?:ignore|disregard|forget)\s{1,4}(?:all\s{1,4})?(?:the\s{1,4}|your\s{1,4}|any\s{1,4})?(?:previous|prior|above|earlier)\s{1,4}(?:instructions|prompts|rules)\b/gi,
  },
  {
    family: 'injection',
    kind: 'hidden_text',
    expression: /[\u{E0000}-\u{E007F}\u202A-\u202E\u2066-\u2069]/gu,
  },
];

/** Whether a text can hold anything of a family at all: most do not, and are looked at no further. */
export const hints: Readonly<Record<Rule['family'], RegExp>> = {
  secrets: /AKIA|ASIA|gh[pousr]_|github_pat_|xox[abeprs]-|[rs]k_(?:live|test)_|sk-|AIza|-----BEGIN /,
  personal: /[0-9][ -]?[0-9][ -]?[0-9]|[A-Z]{2}[0-9]{2}/,
  injection: /ignore|disregard|forget|[\u{E0000}-\u{E007F}\u202A-\u202E\u2066-\u2069]/iu,
};
