import { describe, expect, it } from '@jest/globals';
import { createLog } from './log.ts';

describe('createLog', () => {
  it('writes one line of JSON for each event, with the time and stable names', () => {
    const lines: string[] = [];
    const log = createLog(
      (line) => lines.push(line),
      () => Date.parse('2026-11-20T12:00:00Z'),
    );
    log({ event: 'bundle_refused', bundle: 'sha256:x', code: 'bundle_unsigned', message: 'line\nbreak' });
    expect(lines).toEqual([
      '{"time":"2026-11-20T12:00:00.000Z","service":"cardea-pdp","event":"bundle_refused","bundle":"sha256:x","code":"bundle_unsigned","message":"line\\nbreak"}',
    ]);
  });
});
