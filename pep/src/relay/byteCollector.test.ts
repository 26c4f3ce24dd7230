import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ByteCollector } from './byteCollector.ts';

describe('bytes that come in parts', () => {
  it('come out as they came, again and again', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 3 }), (rounds) => {
        const collector = new ByteCollector(100_000);
        for (const round of rounds) {
          for (const part of round) collector.append(Buffer.from(part));
          const whole = Buffer.concat(round);
          expect(collector.length).toBe(whole.length);
          expect(collector.take().equals(whole)).toBe(true);
          expect(collector.length).toBe(0);
        }
      }),
    );
  });

  it('are not copied where there is one part', () => {
    const part = Buffer.from('whole');
    const collector = new ByteCollector(100);
    collector.append(part);
    expect(collector.take().buffer).toBe(part.buffer);
  });

  it('leave the parts themselves alone', () => {
    const first = Buffer.from('first ');
    const collector = new ByteCollector(100);
    collector.append(first.subarray(0, 3));
    collector.append(Buffer.from('XYZ'));
    expect(collector.take().toString()).toBe('firXYZ');
    expect(first.toString()).toBe('first ');
  });

  it('take no more room than there may be bytes', () => {
    const collector = new ByteCollector(10_000);
    for (let part = 0; part < 9; part += 1) collector.append(Buffer.alloc(1_000));
    expect([collector.length, collector.heldBytes]).toEqual([9_000, 10_000]);
    collector.take();
    expect(collector.heldBytes).toBe(0);
  });
});
