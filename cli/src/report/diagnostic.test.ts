import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderDiagnostic, toJson, type Diagnostic } from './diagnostic.ts';
import { isUnprintable } from './printable.ts';

const plain = { width: 60, colour: false };

function diagnose(text: string, marked: string | number, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = typeof marked === 'number' ? marked : text.indexOf(marked);
  const end = typeof marked === 'number' ? marked : start + marked.length;
  const place = { file: { path: 'a.cedar', text }, start, end };
  return { severity: 'error', code: 'some_code', message: 'it is wrong', place, ...more };
}

describe('a diagnostic names the place, shows the line, and marks the range', () => {
  it.each([
    {
      rule: 'carets below the range, notes and help below them',
      diagnostic: diagnose('permit;\nforbid (x, y);\n', 'x, y', { notes: ['one', 'two'], help: 'do this' }),
      shown: `
a.cedar:2:9: error[some_code]: it is wrong
 2 | forbid (x, y);
   |         ^^^^
   = one
   = two
   = help: do this
`,
    },
    {
      rule: 'a tab takes four columns',
      diagnostic: diagnose('\t\tcontext.\ty', 'y', { severity: 'warning' }),
      shown: `
a.cedar:1:12: warning[some_code]: it is wrong
 1 |         context.    y
   |                     ^
`,
    },
    {
      rule: 'a wide character takes two columns and two carets, an accent that stands by itself none',
      diagnostic: diagnose('日本 == "e\u0301" && 名', 'e\u0301" && 名'),
      shown: `
a.cedar:1:8: error[some_code]: it is wrong
 1 | 日本 == "e\u0301" && 名
   |          ^^^^^^^^
`,
    },
    {
      rule: 'columns count as editors do: an astral character is two of them',
      diagnostic: diagnose('"😀" == x', 'x'),
      shown: `
a.cedar:1:9: error[some_code]: it is wrong
 1 | "😀" == x
   |         ^
`,
    },
    {
      rule: 'the end of the file is a place',
      diagnostic: diagnose('permit (', 8),
      shown: `
a.cedar:1:9: error[some_code]: it is wrong
 1 | permit (
   |         ^
`,
    },
    {
      rule: 'so is the empty line behind the last line feed',
      diagnostic: diagnose('permit (\n', 9),
      shown: `
a.cedar:2:1: error[some_code]: it is wrong
 2 |
   | ^
`,
    },
    {
      rule: 'of a range over several lines the first is shown, without its carriage return',
      diagnostic: diagnose('when {\r\n  x\r\n};\r\n', '{\r\n  x\r\n}'),
      shown: `
a.cedar:1:6: error[some_code]: it is wrong
 1 | when {
   |      ^
`,
    },
    {
      rule: 'what a terminal would obey is spelt out, in the line, the message and the path',
      diagnostic: diagnose('"\u001b[2J\u202e\u0000" x', 'x', {
        message: 'no \u001b[31m here\nand no \u0007',
        place: { file: { path: 'a\u009b.cedar', text: '"\u001b[2J\u202e\u0000" x' }, start: 9, end: 10 },
      }),
      shown: `
a\\u{9b}.cedar:1:10: error[some_code]: no \\u{1b}[31m here
    and no \\u{7}
 1 | "\\u{1b}[2J\\u{202e}\\u{0}" x
   |                          ^
`,
    },
    {
      rule: 'an empty file has no line to show',
      diagnostic: diagnose('', 0),
      shown: `
a.cedar:1:1: error[some_code]: it is wrong
`,
    },
  ])('$rule', ({ diagnostic, shown }) => {
    expect(`\n${renderDiagnostic(diagnostic, plain)}`.replaceAll(/ +$/gm, '')).toBe(shown);
  });

  it('cuts a long line around the range', () => {
    const text = `${'a'.repeat(5_000)} BAD ${'b'.repeat(5_000)}`;
    expect(renderDiagnostic(diagnose(text, 'BAD'), plain)).toBe(
      [
        'a.cedar:1:5002: error[some_code]: it is wrong',
        ` 1 | …${'a'.repeat(19)} BAD ${'b'.repeat(29)}…`,
        `   |  ${' '.repeat(20)}^^^`,
        '',
      ].join('\n'),
    );
  });

  it('colours only where there is colour', () => {
    const diagnostic = diagnose('x', 'x');
    const bare = renderDiagnostic(diagnostic, { width: 60, colour: true }).replaceAll(/\u001b\[\d+m/g, '');
    expect(bare).toBe(renderDiagnostic(diagnostic, plain));
    expect(renderDiagnostic(diagnostic, { width: 60, colour: true })).toContain('\u001b[31m');
  });

  it('gives programs positions instead of offsets', () => {
    expect(toJson(diagnose('a\nbc de\nf', 'de\nf', { help: 'h' }))).toEqual({
      severity: 'error',
      code: 'some_code',
      message: 'it is wrong',
      help: 'h',
      file: 'a.cedar',
      line: 2,
      column: 4,
      endLine: 3,
      endColumn: 2,
    });
  });
});

describe('whatever the file holds', () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 200 });

  it('prints nothing that a terminal would obey, fits the width, and marks at least one column', () => {
    fc.assert(
      fc.property(hostile, fc.nat(), fc.nat(), hostile, (text, from, length, message) => {
        const start = from % (text.length + 1);
        const place = {
          file: { path: message, text },
          start,
          end: Math.min(text.length, start + (length % 50)),
        };
        const shown = renderDiagnostic({ severity: 'error', code: 'c', message, place }, plain);
        expect(Array.from(shown.replaceAll('\n', '')).filter(isUnprintable)).toEqual([]);
        const [marks = '', line = ''] = shown.trimEnd().split('\n').reverse();
        if (text === '') return;
        expect(marks).toMatch(/^ +\| +\^+ *\^*/u);
        expect(Array.from(line).length).toBeLessThanOrEqual(plain.width);
      }),
      { numRuns: 500 },
    );
  });
});
