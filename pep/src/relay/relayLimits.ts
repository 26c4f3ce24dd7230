// What one reply of a server may cost. A reply beyond these is no reply.

export interface RelayLimits {
  /** Of a reply that is one JSON document. */
  readonly bodyBytesMax: number;
  /** Of one event of a stream, its comments and field names included. */
  readonly eventBytesMax: number;
  readonly jsonDepthMax: number;
  /** Values in one document or event. */
  readonly jsonNodesMax: number;
  /** Between two parts of a JSON document, and from its head to its end. Streams may be quiet for as long as they like. */
  readonly bodyIdleTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  /** What the server of one session may have asked its client and not been answered. */
  readonly questionsMax: number;
}

export const defaultRelayLimits: RelayLimits = Object.freeze({
  bodyBytesMax: 8 * 1024 * 1024,
  eventBytesMax: 8 * 1024 * 1024,
  jsonDepthMax: 128,
  jsonNodesMax: 500_000,
  bodyIdleTimeoutMs: 60_000,
  bodyTimeoutMs: 300_000,
  questionsMax: 64,
});
