// Servers that are hard to get rid of, in a language that starts in a moment, and the catalog that all of them share.

/** Answers `initialize` and nothing else. */
const serve = `
while read -r line; do
  case "$line" in
    *initialize\\"*) printf '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"hard","version":"1"}}}\\n' ;;
  esac
done
`;

/** By what they do. Each is given to `sh`. */
export const hardServers = {
  plain: serve,
  /** Neither the end of its input nor SIGTERM moves it. */
  stubborn: `trap '' TERM\n${serve}\nwhile :; do sleep 1000; done`,
  /** Leaves one child in its group, and one that has left it. */
  forking: `sleep 1000 & setsid sleep 1000 & ${serve}`,
  /** The same, and none of them listens. */
  worst: `trap '' TERM HUP INT\n(trap '' TERM; sleep 1000) & setsid sh -c "trap '' TERM; sleep 1000; sleep 1000" & ${serve}\nwhile :; do sleep 1000; done`,
} as const;

export type HardServer = keyof typeof hardServers;

export const hardServerIds = Object.keys(hardServers) as HardServer[];

export function catalogOf(id: string): string {
  const server = { id, owner: 'owners', risk: 'low', environment: 'test' };
  return JSON.stringify({ server, tools: [] });
}
