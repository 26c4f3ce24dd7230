import { beforeEach, describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from './circuitBreaker.ts';

let nowMs: number;
let breaker: CircuitBreaker;

const fail = (times: number): void => {
  for (let time = 0; time < times; time += 1) breaker.note(false);
};

beforeEach(() => {
  nowMs = 1_000;
  breaker = new CircuitBreaker(() => nowMs);
});

describe('CircuitBreaker', () => {
  it('admits until there are eight failures in a row', () => {
    fail(7);
    expect(breaker.admits()).toBe(true);
    breaker.note(true);
    fail(7);
    expect([breaker.admits(), breaker.isOpen]).toEqual([true, false]);
    fail(1);
    expect([breaker.admits(), breaker.isOpen]).toEqual([false, true]);
  });

  it('lets one try after its rest, and the others wait', () => {
    fail(8);
    nowMs += 499;
    expect(breaker.admits()).toBe(false);
    nowMs += 1;
    expect([breaker.admits(), breaker.admits(), breaker.admits()]).toEqual([true, false, false]);
  });

  it('admits all again when the one succeeds', () => {
    fail(8);
    nowMs += 500;
    breaker.admits();
    breaker.note(true);
    expect([breaker.admits(), breaker.admits(), breaker.isOpen]).toEqual([true, true, false]);
  });

  it('rests again when the one fails', () => {
    fail(8);
    nowMs += 500;
    breaker.admits();
    nowMs += 100;
    fail(1);
    nowMs += 499;
    expect(breaker.admits()).toBe(false);
    nowMs += 1;
    expect(breaker.admits()).toBe(true);
  });

  it('lets another try when the one says nothing', () => {
    fail(8);
    nowMs += 500;
    breaker.admits();
    nowMs += 500;
    expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
  });
});
