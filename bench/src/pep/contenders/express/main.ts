// Express 5 in front, undici behind, bodies streamed through: how such a proxy is usually begun.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import express from 'express';
import { Agent, request as sendRequest } from 'undici';
import { answerAsProxy, type Started } from '../../proxy/answerAsProxy.ts';

answerAsProxy(async (upstream: string): Promise<Started> => {
  const app = express();
  const dispatcher = new Agent();
  app.post('/mcp', async (incoming, response) => {
    const headers = { ...incoming.headers };
    // They are about the connection to us.
    delete headers.host;
    delete headers.connection;
    const answer = await sendRequest(upstream, { method: 'POST', headers, body: incoming, dispatcher });
    response.writeHead(answer.statusCode, answer.headers);
    await pipeline(answer.body, response);
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp` };
});
