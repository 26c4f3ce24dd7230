// One thing that the conformance suite does not look at, and how it is looked at.
import type { ScriptedServer } from './scriptedServer.ts';
import type { WireClient } from './wireClient.ts';

/** A client, and the server at the other end of its path. */
export interface Scene {
  readonly client: WireClient;
  readonly server: ScriptedServer;
}

export interface WireCheck {
  readonly name: string;
  /** What both ends saw, as JSON that is the same for every transparent path. */
  readonly observe: (scene: Scene) => Promise<unknown>;
}
