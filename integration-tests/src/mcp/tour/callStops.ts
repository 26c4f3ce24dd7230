// Calls: their content, their failures, and what is heard while they run.
import { setTimeout as delay } from 'node:timers/promises';
import type { Traveller } from './traveller.ts';
import type { Stops } from './takeTour.ts';

const lookMs = 20;
const looksMax = 50;

export const callStops: Stops = {
  'structured content': ({ client }) => client.callTool({ name: 'add', arguments: { left: 0.5, right: 2 } }),
  'text as it is': ({ client }) =>
    client.callTool({ name: 'echo', arguments: { text: ' "ä€𝄞"\t\u2028\\u0041 </script> ' } }),
  'a tool that fails': ({ client }) => client.callTool({ name: 'fail' }),
  'unknown tool': ({ client }) => client.callTool({ name: 'nowhere' }),
  progress: async ({ client }) => {
    const reports: unknown[] = [];
    const onprogress = (report: unknown): void => void reports.push(report);
    const result = await client.callTool({ name: 'count', arguments: { steps: 3 } }, undefined, {
      onprogress,
    });
    return { result, reports };
  },
  'no progress unasked': ({ client }) => client.callTool({ name: 'count', arguments: { steps: 2 } }),
  logs: async (traveller) => {
    const { client } = traveller;
    await client.setLoggingLevel('warning');
    return {
      result: await client.callTool({ name: 'log' }),
      heard: await traveller.hears('notifications/message', 2),
    };
  },
  cancellation: cancel,
  'two at a time': ({ client }) =>
    Promise.all(['first', 'second'].map((text) => client.callTool({ name: 'echo', arguments: { text } }))),
};

/** Takes a call back once it is known to run, and asks the server whether it has noticed. */
async function cancel({ client }: Traveller): Promise<unknown> {
  const controller = new AbortController();
  const onprogress = (): void => {
    controller.abort('no longer wanted');
  };
  const options = { signal: controller.signal, onprogress };
  const outcome = await client
    .callTool({ name: 'wait' }, undefined, options)
    .catch((error: unknown) => String(error));
  // What takes the call back may be overtaken by the question.
  for (let look = 0; ; look += 1) {
    const counted = await client.callTool({ name: 'cancellations' });
    if (JSON.stringify(counted).includes('"1"') || look === looksMax) return { outcome, counted };
    await delay(lookMs);
  }
}
