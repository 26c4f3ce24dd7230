// What is hidden from an identity and what does not exist: one text, one code for each revision, whatever the reason.
import { Refusal } from '@cardea/schemas/codes';
import type { Era } from '../admit/era.ts';

export function refuseUnoffered(): never {
  throw new Refusal('not_offered', 'nothing of that name is offered here');
}

/** The revisions of the legacy era have a number of its own for resources, and all repeat the URI. */
export class UnofferedResource extends Refusal {
  readonly uri: string;

  constructor(uri: string, era: Era) {
    const code = era === 'legacy' ? 'resource_not_offered' : 'not_offered';
    super(code, 'nothing of that name is offered here');
    this.uri = uri;
  }
}
