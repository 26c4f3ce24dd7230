// One listening thread of a constant server. Both kinds are as their documentation begins: Express with `res.json`,
// which serialises the object for every answer, and node:http with a text that is ready.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import express from 'express';
import type { ConstantThread } from './constant.ts';

const { kind, path, answer, threads, port } = workerData as ConstantThread;
const server = createServer(kind === 'express' ? expressConstant() : bareConstant());
server.listen({ host: '127.0.0.1', port, reusePort: threads > 1 }, () => {
  parentPort?.postMessage((server.address() as AddressInfo).port);
});

function expressConstant(): RequestListener {
  const app = express();
  const constant: unknown = JSON.parse(answer);
  app.post(path, (_request, response) => {
    response.json(constant);
  });
  return app;
}

function bareConstant(): RequestListener {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) };
  return (request, response) => {
    // Unread, the body would hold the connection.
    request.resume();
    response.writeHead(200, headers).end(answer);
  };
}
