import { describe, expect, it } from '@jest/globals';
import type { Refusal } from '@cardea/schemas/codes';
import fc from 'fast-check';
import { readUri, requireNormalUri } from './uriForm.ts';

function isNormal(uri: string): boolean {
  try {
    requireNormalUri(uri);
    return true;
  } catch (refusal) {
    expect((refusal as Refusal).code).toBe('uri_not_normal');
    return false;
  }
}

describe('requireNormalUri', () => {
  it.each([
    'file:///',
    'file:///a/b.txt',
    'file:///a/b/',
    'file:///a..b/.hidden/x...y',
    'repo://readme',
    'x:y',
    'https://example.com:8080/a?b=c&d=..#e',
    'https://[::1]/a',
    'x://h/a%20b%C3%A9',
    'x://h/%F0%9F%98%80',
    "x://h/!$&'()*+,;=:@",
    'x://h/a;v=1',
    'db://payroll',
    'db://payroll:users/a',
    'note://caf%C3%A9',
    'https://xn--caf-dma.example/a',
    'http://127.0.0.1:8080/',
    'urn:Some:Name',
  ])('takes %s', (uri) => {
    expect(isNormal(uri)).toBe(true);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['no scheme', '/etc/passwd'],
    ['a scheme in capitals', 'File:///a'],
    ['a scheme that begins with a digit', '1x:a'],
    ['a dot segment', 'file:///a/./b'],
    ['two dots', 'file:///a/../b'],
    ['two dots at the end', 'file:///a/..'],
    ['two dots without a slash', 'x:..'],
    ['two dots with a parameter', 'x://h/..;/b'],
    ['a dot with a parameter', 'x://h/.;x=1/b'],
    ['two slashes', 'file:///a//b'],
    ['four slashes', 'file:////etc/passwd'],
    ['escaped dots', 'file:///%2E%2E/b'],
    ['escaped dots in small letters', 'file:///%2e%2e/b'],
    ['an escaped slash', 'file:///a%2Fb'],
    ['an escaped backslash', 'file:///a%5Cb'],
    ['an escaped letter', 'file:///%61'],
    ['an escaped digit', 'file:///%30'],
    ['an escaped NUL', 'file:///a%00.txt'],
    ['an escaped line feed', 'file:///a%0Ab'],
    ['an escaped percent sign', 'file:///%252e'],
    ['half an escape', 'file:///a%2'],
    ['no escape', 'file:///a%zz'],
    ['an escape in small letters', 'file:///%c3%a9'],
    ['an overlong slash', 'file:///a%C0%AFb'],
    ['overlong dots', 'file:///%E0%80%AE%E0%80%AE/b'],
    ['half of a character', 'file:///%C3'],
    ['a surrogate', 'file:///%ED%A0%80'],
    ['a wide slash', 'file:///a%EF%BC%8Fb'],
    ['two dots in one character', 'file:///%E2%80%A5/b'],
    ['a control of the second kind', 'file:///a%C2%85b'],
    ['a space without width', 'file:///a%E2%80%8Bb'],
    ['a mark that turns the reading', 'file:///%E2%80%AEa'],
    ['a letter and its accent', 'file:///e%CC%81'],
    ['a space', 'file:///a b'],
    ['a backslash', 'file:///a\\..\\b'],
    ['a letter beyond ASCII', 'file:///\u00e9'],
    ['a line feed', 'file:///a\n'],
    ['a user', 'https://admin@example.com/'],
    ['a user that looks like a host', 'https://example.com@evil.example/'],
    ['a host in capitals', 'https://INTRANET.example/salaries'],
    ['a host in capitals, whatever the scheme', 'note://Secret/a'],
    ['a host in escapes', 'https://caf%C3%A9.example/'],
    ['a host that ends in a dot', 'https://intranet.example./salaries'],
    ['a host of no scheme we know that ends in a dot', 'db://payroll.:80/'],
    ['the default port', 'https://intranet.example:443/salaries'],
    ['a port with zeros', 'https://intranet.example:08443/salaries'],
    ['a port that is not there', 'db://payroll:/a'],
    ['a port with zeros, whatever the scheme', 'db://payroll:0080/a'],
    ['a host that counts as none', 'file://localhost/srv/salaries'],
    ['an address in one number', 'http://2130706433/'],
    ['an address in hexadecimal', 'http://0x7f.0.0.1/'],
    ['a short address', 'http://127.1/'],
    ['an address with zeros', 'x://[0:0::1]/'],
    ['no slash behind the host', 'https://intranet.example'],
    ['no slash behind the scheme', 'https:intranet.example/'],
    ['one slash behind the scheme', 'https:/intranet.example/'],
    ['a file without a host', 'file:/a'],
    ['a query that is written otherwise', "https://h/?a='b'"],
    ['a host that is none', 'https://a..b:99999/'],
    ['too much', `file:///${'a'.repeat(2_048)}`],
  ])('refuses %s', (_, uri) => {
    expect(isNormal(uri)).toBe(false);
  });

  it('takes nothing that resolves to another URI', () => {
    const pieces = fc.constantFrom(
      '/',
      '.',
      '..',
      'a',
      '%2E',
      '%2F',
      ';',
      '%61',
      '\\',
      '?',
      '#',
      '%C3%A9',
      '//',
      '@',
      'b',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const uri = `http://h/${parts.join('')}`;
        if (!isNormal(uri)) return;
        expect(new URL(uri).href).toBe(uri);
        const [path = ''] = decodeURIComponent(uri.slice('http://h'.length)).split(/[?#]/);
        expect(new URL(path, 'http://h/').pathname).toBe(new URL(uri).pathname);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes no two spellings of one URI', () => {
    const scheme = fc.constantFrom('http', 'https', 'ws', 'ftp', 'file', 'db', 'note');
    const host = fc.oneof(
      fc.constantFrom(
        '',
        'localhost',
        'LOCALHOST',
        'h',
        'H',
        'h.',
        'xn--caf-dma',
        '2130706433',
        '127.1',
        '0x7f.1',
      ),
      fc.constantFrom(
        '127.0.0.1',
        '127.0.0.01',
        '[::1]',
        '[0::1]',
        '[::0001]',
        '[::FFFF:1.2.3.4]',
        'a.b',
        'A.b',
      ),
      fc.stringMatching(/^[A-Ba-b0-9.%-]{1,6}$/),
    );
    const port = fc.constantFrom('', ':', ':80', ':080', ':443', ':21', ':8080', ':08080');
    const path = fc.constantFrom('', '/', '/a', '/A', '/a/', '?q', '/?q', '#f', "/?'", '/%41');
    const uris = fc
      .tuple(scheme, fc.constantFrom('//', '/', ''), host, port, path)
      .map(([name, ...rest]) => `${name}:${rest.join('')}`);
    fc.assert(
      fc.property(fc.array(uris, { minLength: 20, maxLength: 60 }), (many) => {
        const taken = [...new Set(many)].filter(isNormal);
        expect(new Set(taken.map(readUri)).size).toBe(taken.length);
        for (const uri of taken) expect(readUri(uri)).toBe(uri);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['%C3%A9', 'a/', '?', ';', '%'])('takes no longer than the URI for many %s', (unit) => {
    const startMs = performance.now();
    isNormal(`x://${unit.repeat(500_000)}`);
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});
