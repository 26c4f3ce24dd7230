// What the process of the decision service is asked, and what it answers.
import type { Trust } from '@cardea/bundles/open';
import type { WireCaller } from '@cardea/schemas/wire';

export type ServiceQuestion =
  | {
      readonly kind: 'start';
      readonly directory: string;
      /** As notes write keys. */
      readonly publisherKey: string;
      readonly authorityKey: string;
      readonly trust: Omit<Trust, 'verifiers'>;
      readonly callers: readonly WireCaller[];
    }
  | { readonly kind: 'memory' };

export type ServiceAnswer =
  | { readonly kind: 'started'; readonly url: string }
  | { readonly kind: 'memory'; readonly rssBytes: number; readonly peakBytes: number };
