// A kind of request, and what has to come back for it: the table that the service is held to is made of these.
import { codes, type Code } from '@cardea/schemas/codes';
import type { Random } from './random.ts';
import type { WireAnswer, WireMessage } from './wire.ts';

export type Expected =
  /** A refusal of the whole request. */
  | { readonly kind: 'refused'; readonly code: Code; readonly status: number }
  /** An answer that denies. */
  | { readonly kind: 'denied'; readonly code: Code }
  /** A batch in which each element has its own code. */
  | { readonly kind: 'batch'; readonly codes: readonly Code[] }
  /** Any answer of this status: what node itself refuses has no body. */
  | { readonly kind: 'bare'; readonly status: number };

export interface Kind {
  readonly name: string;
  /** One for each answer; none where the connection has to end without one. */
  readonly expected: readonly Expected[];
  readonly make: (random: Random) => WireMessage;
  /** How often it is sent at most, where one costs much or takes long. */
  readonly timesMax?: number;
}

type Make = Kind['make'];

export function refused(code: Code, name: string, make: Make, more: Partial<Kind> = {}): Kind {
  return { name, expected: [refusal(code)], make, ...more };
}

export function denied(code: Code, name: string, make: Make): Kind {
  return { name, expected: [{ kind: 'denied', code }], make };
}

export function refusal(code: Code, status: number = codes[code].http): Expected {
  return { kind: 'refused', code, status };
}

/** What is wrong with the answers, as a sentence; undefined when nothing is. */
export function findFault(answers: readonly WireAnswer[], expected: readonly Expected[]): string | undefined {
  const wanted = expected.map(describeExpected);
  const came = answers.map((answer, index) => describeAnswer(answer, expected[index]?.kind === 'bare'));
  return JSON.stringify(wanted) === JSON.stringify(came)
    ? undefined
    : `wanted ${JSON.stringify(wanted)}, got ${JSON.stringify(came)}`;
}

function describeExpected(expected: Expected): string {
  switch (expected.kind) {
    case 'refused':
      return `${expected.status} ${expected.code}`;
    case 'denied':
      return `200 denied ${expected.code}`;
    case 'batch':
      return `200 batch ${expected.codes.join(' ')}`;
    case 'bare':
      return String(expected.status);
  }
}

interface AnswerBody {
  readonly error?: { readonly code: string };
  readonly decision?: boolean;
  readonly context?: { readonly code: string };
  readonly evaluations?: readonly { readonly context: { readonly code: string } }[];
}

function describeAnswer({ status, body }: WireAnswer, isBare: boolean): string {
  if (isBare) return String(status);
  const { error, decision, context, evaluations } = readBody(body);
  if (error !== undefined) return `${status} ${error.code}`;
  if (evaluations !== undefined)
    return `${status} batch ${evaluations.map((one) => one.context.code).join(' ')}`;
  const outcome = decision === true ? 'ALLOWED' : 'denied';
  return context === undefined ? `${status} ${body.slice(0, 80)}` : `${status} ${outcome} ${context.code}`;
}

function readBody(body: string): AnswerBody {
  try {
    return JSON.parse(body) as AnswerBody;
  } catch {
    return {};
  }
}
