// The server on SDK 1 on its standard streams. Run as a program.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { makeSession } from './makeSession.ts';

await makeSession().connect(new StdioServerTransport());
