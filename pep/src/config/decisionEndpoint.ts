// Where verdicts come from, and as whom the proxy asks for them.
import type { Secret } from './secret.ts';

export interface DecisionEndpoint {
  /** http or https, without a path. Of a unix socket only the name that the Host header takes. */
  readonly origin: URL;
  /** Where requests go instead of the origin's address. */
  readonly socketPath?: string;
  /** Asked for each request, since its file may have changed. Undefined where the socket says who asks. */
  readonly token: () => Secret | undefined;
}
