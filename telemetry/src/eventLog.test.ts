import { describe, expect, it } from '@jest/globals';
import { createEventLog } from './eventLog.ts';

describe('createEventLog', () => {
  it('writes one line of JSON for each event, with the time and stable names', () => {
    const lines: string[] = [];
    const log = createEventLog<{ event: string; code: string; message: string }>(
      'cardea-pdp',
      (line) => lines.push(line),
      () => Date.parse('2026-11-20T12:00:00Z'),
    );
    log({ event: 'bundle_refused', code: 'bundle_unsigned', message: 'line\nbreak' });
    expect(lines).toEqual([
      '{"time":"2026-11-20T12:00:00.000Z","service":"cardea-pdp","event":"bundle_refused","code":"bundle_unsigned","message":"line\\nbreak"}',
    ]);
  });
});
