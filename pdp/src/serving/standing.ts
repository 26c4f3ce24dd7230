// Whether a bundle may decide: by the latest statement of what is current, and by how long that has named another one.
// An archive that withholds the bundle which is current, or holds one that nobody may serve, keeps what was before in
// service no longer than a signer that is silent would.

/** The latest statement of what is current, as it came from whoever signed it. */
export interface Authority {
  readonly bytes: Uint8Array;
  /** The digest of the bundle that it names. */
  readonly bundle: string;
  /** Before this, and from then on, nobody may decide by it. In wall-clock milliseconds. */
  readonly freshFromMs: number;
  readonly staleAtMs: number;
  /** From then on nobody may decide with another bundle. */
  readonly supersededAtMs: number;
}

/** `superseded`: another one is current; it decides for a while, and nobody may keep the verdict. `stale`: deny. */
export type Standing = 'current' | 'superseded' | 'stale';

export function standingOf(bundle: string, authority: Authority | undefined, nowMs: number): Standing {
  if (authority === undefined) return 'stale';
  // A clock that was set back must not make old news young.
  if (nowMs < authority.freshFromMs || nowMs >= authority.staleAtMs) return 'stale';
  if (bundle === authority.bundle) return 'current';
  return nowMs < authority.supersededAtMs ? 'superseded' : 'stale';
}

/** For whoever runs the service. */
export function explainStale(authority: Authority | undefined, nowMs: number): string {
  if (authority === undefined) return 'no authority statement has been heard';
  const isFresh = standingOf(authority.bundle, authority, nowMs) === 'current';
  return isFresh
    ? 'the bundle that is current could not be had for too long'
    : 'the authority statement is too old';
}
