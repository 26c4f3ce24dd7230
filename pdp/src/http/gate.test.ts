import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Gate, Turnstile } from './gate.ts';

describe('Gate', () => {
  it('lets in as many as it may, and others when one has left', () => {
    const gate = new Gate(2);
    gate.enter();
    gate.enter();
    expect(() => {
      gate.enter();
    }).toThrow(expect.objectContaining({ code: 'overloaded' }));
    gate.leave();
    gate.enter();
    expect(gate.inside).toBe(2);
  });
});

describe('Turnstile', () => {
  it('runs tasks in their order, no more at once than it may, and refuses those beyond its queue', async () => {
    const turnstile = new Turnstile(2, 2);
    const begun: number[] = [];
    const finish: (() => void)[] = [];
    const pass = (task: number): Promise<void> =>
      turnstile.pass(() => {
        begun.push(task);
        return new Promise((resolve) => finish.push(resolve));
      });
    const passes = [0, 1, 2, 3].map(pass);
    await expect(pass(4)).rejects.toMatchObject({ code: 'overloaded' });
    await turn();
    expect(begun).toEqual([0, 1]);
    finish[1]?.();
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    finish[0]?.();
    finish[2]?.();
    await turn();
    finish[3]?.();
    await Promise.all(passes);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('gives the place on when a task fails', async () => {
    const turnstile = new Turnstile(1, 1);
    const failing = turnstile.pass(() => Promise.reject(new Error('no')));
    const next = turnstile.pass(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
