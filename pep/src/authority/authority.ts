// What is current, as the proxy knows it: stated by the authority, relayed by the decision service, and verified here
// with keys of our own.
import type { Freshness } from '@cardea/bundles/authority';
import type { OpenedBundle } from '@cardea/bundles/open';

export interface Authority {
  /** Asked anew for every call: silence makes stale, not a message. `lagging`: use no cache. `stale`: deny. */
  readonly freshness: () => Freshness;
  /**
   * What was stated last and could be opened: manifest, catalogs and settings, without policies and engine. Undefined
   * before the first. While a newer one cannot be opened this is the one before it.
   */
  readonly bundle: () => OpenedBundle | undefined;
  /** Hears of every switch to another bundle. Returns what ends that. */
  readonly onChange: (listener: () => void) => () => void;
  readonly close: () => Promise<void>;
}
