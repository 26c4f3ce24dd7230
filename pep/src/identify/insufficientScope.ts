// A token that is good and not enough. Its client is told all that it needs, so that it asks people once
// (RFC 6750, 3.1; MCP 2025-11-25, Scope Challenge Handling).
import { codes, Refusal } from '@cardea/schemas/codes';

export class InsufficientScope extends Refusal {
  readonly scopes: readonly string[];

  constructor(scopes: readonly string[]) {
    super('insufficient_scope', codes.insufficient_scope.meaning);
    this.name = 'InsufficientScope';
    this.scopes = scopes;
  }
}
