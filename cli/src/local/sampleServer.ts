// The server of the example: what its bundle calls it, and the MCP server that stands for it here.

/** As in examples/quickstart/catalog. */
export const sampleServer = 'desk';
