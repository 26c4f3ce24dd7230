import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Gate, Turnstile } from './gate.ts';

describe('Gate', () => {
  const overloaded = expect.objectContaining({ code: 'overloaded' }) as unknown;

  it('lets in as many as it may, and others when one has left', () => {
    const gate = new Gate({ max: 2, shareMax: 2, things: 'requests' });
    gate.enter('a');
    gate.enter('b');
    expect(() => {
      gate.enter('c');
    }).toThrow(overloaded);
    gate.leave('a');
    gate.enter('c');
    expect(gate.inside).toBe(2);
  });

  it('keeps places for others when one caller has its share', () => {
    const gate = new Gate({ max: 4, shareMax: 2, things: 'requests' });
    gate.enter('greedy');
    gate.enter('greedy');
    expect(() => {
      gate.enter('greedy');
    }).toThrow(overloaded);
    gate.enter('other');
    gate.leave('greedy');
    gate.enter('greedy');
    expect(gate.inside).toBe(3);
  });

  it('counts by what each takes', () => {
    const gate = new Gate({ max: 10, shareMax: 6, things: 'bytes' });
    gate.enter('a', 6);
    expect(() => {
      gate.enter('a', 1);
    }).toThrow(overloaded);
    expect(() => {
      gate.enter('b', 5);
    }).toThrow(overloaded);
    gate.enter('b', 4);
    gate.leave('a', 5);
    gate.enter('a', 5);
    expect(gate.inside).toBe(10);
  });

  it('gives a caller its whole share again, whenever all of it has left', () => {
    const gate = new Gate({ max: 4, shareMax: 2, things: 'requests' });
    for (let round = 0; round < 3; round += 1) {
      gate.enter('a');
      gate.enter('a');
      gate.leave('a');
      gate.leave('a');
    }
    expect(gate.inside).toBe(0);
  });
});

describe('Turnstile', () => {
  /** Tasks by name, as they begin; each ends when it is told to. */
  class Tasks {
    readonly begun: string[] = [];
    readonly #turnstile: Turnstile;
    readonly #ends = new Map<string, () => void>();

    constructor(turnstile: Turnstile) {
      this.#turnstile = turnstile;
    }

    pass(caller: string, task: string): Promise<void> {
      return this.#turnstile.pass(caller, () => {
        this.begun.push(task);
        return new Promise((resolve) => this.#ends.set(task, resolve));
      });
    }

    async end(task: string): Promise<void> {
      this.#ends.get(task)?.();
      await turn();
    }
  }

  it('runs tasks in their order, no more at once than it may, and refuses those beyond its queue', async () => {
    const tasks = new Tasks(
      new Turnstile({ activeMax: 2, activeShareMax: 2, queuedMax: 2, queuedShareMax: 2 }),
    );
    const passes = ['0', '1', '2', '3'].map((task) => tasks.pass('a', task));
    await expect(tasks.pass('b', '4')).rejects.toMatchObject({ code: 'overloaded' });
    await turn();
    expect(tasks.begun).toEqual(['0', '1']);
    await tasks.end('1');
    expect(tasks.begun).toEqual(['0', '1', '2']);
    await tasks.end('0');
    await tasks.end('2');
    await tasks.end('3');
    await Promise.all(passes);
    expect(tasks.begun).toEqual(['0', '1', '2', '3']);
  });

  it('gives callers turns, whoever came first and however many one has sent', async () => {
    const tasks = new Tasks(
      new Turnstile({ activeMax: 1, activeShareMax: 1, queuedMax: 8, queuedShareMax: 4 }),
    );
    const sent = ['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'c0'];
    const passes = sent.map((task) => tasks.pass(task.charAt(0), task));
    await turn();
    const order = ['a0', 'a1', 'b0', 'c0', 'a2', 'b1', 'a3'];
    for (const task of order) await tasks.end(task);
    await Promise.all(passes);
    expect(tasks.begun).toEqual(order);
  });

  it('keeps room in its queue for others when one caller has its share', async () => {
    const tasks = new Tasks(
      new Turnstile({ activeMax: 1, activeShareMax: 1, queuedMax: 4, queuedShareMax: 2 }),
    );
    const passes = ['0', '1', '2'].map((task) => tasks.pass('greedy', task));
    await expect(tasks.pass('greedy', '3')).rejects.toMatchObject({ code: 'overloaded' });
    passes.push(tasks.pass('other', '4'));
    await turn();
    for (const task of ['0', '1', '4', '2']) await tasks.end(task);
    await Promise.all(passes);
    expect(tasks.begun).toEqual(['0', '1', '4', '2']);
  });

  it('keeps a place for others while the tasks of one caller run', async () => {
    const options = { activeMax: 2, activeShareMax: 1, queuedMax: 4, queuedShareMax: 4 };
    const tasks = new Tasks(new Turnstile(options));
    const passes = ['g0', 'g1', 'g2', 'o0', 'o1'].map((task) => tasks.pass(task.charAt(0), task));
    await turn();
    expect(tasks.begun).toEqual(['g0', 'o0']);
    // The place of the other is the other's next task's, though that of the greedy one came first.
    await tasks.end('o0');
    expect(tasks.begun).toEqual(['g0', 'o0', 'o1']);
    for (const task of ['o1', 'g0', 'g1', 'g2']) await tasks.end(task);
    await Promise.all(passes);
    expect(tasks.begun).toEqual(['g0', 'o0', 'o1', 'g1', 'g2']);
  });

  it('gives the place on when a task fails', async () => {
    const turnstile = new Turnstile({ activeMax: 1, activeShareMax: 1, queuedMax: 1, queuedShareMax: 1 });
    const failing = turnstile.pass('a', () => Promise.reject(new Error('no')));
    const next = turnstile.pass('a', () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
