import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileLooseTemplate, compileTemplate } from './uriTemplate.ts';

const matches = (template: string, uri: string): boolean => compileTemplate(template)?.(uri) === true;

describe('compileTemplate', () => {
  it.each([
    ['db://t', 'db://t'],
    ['db://{table}', 'db://users'],
    ['db://{table}/{id}', 'db://users/1'],
    ['db://{table}/{id}', 'db://us%20ers/a.b~c'],
    ['file:///{+path}', 'file:///a/b?c#d,e'],
    ['file:///{name}.json', 'file:///v1.json.json'],
    ['x://{a}-{b}', 'x://1-2-3'],
    ['x://{a}{b}', 'x://12'],
    ['x://{a,b}', 'x://1,2'],
    ['x://{list*}', 'x://1,2,3'],
    ['x://{map*}', 'x://k=v,l=w'],
    ['x://h{/a,b}', 'x://h/1/2'],
    ['x://h{/path*}', 'x://h/1/2/3'],
    ['x://h{.ext}', 'x://h.json'],
    ['x://h{?q,n}', 'x://h'],
    ['x://h{?q,n}', 'x://h?n=1'],
    ['x://h{?q,n}', 'x://h?q=a%26b&n='],
    ['x://h{?q*}', 'x://h?a=1&b=2'],
    ['x://h?a=1{&b,c}', 'x://h?a=1&c=2'],
    ['x://h{;a,b}', 'x://h;a;b=1'],
    ['x://h{#part}', 'x://h'],
    ['x://h{#part}', 'x://h#a/b'],
    ['x://{a:3}', 'x://abc'],
    ['x://{a:1000}{b:9999}', 'x://ab'],
    ['x://{user-id}/{a.b}', 'x://1/2'],
    ['x://(.*)+{a}', 'x://(.*)+b'],
  ])('%s gives %s', (template, uri) => {
    expect(matches(template, uri)).toBe(true);
  });

  it.each([
    ['db://t', 'db://t/'],
    ['db://t', 'db://T'],
    ['db://{table}', 'db://'],
    ['db://{table}', 'db://a/b'],
    ['db://{table}', 'db://a?b'],
    ['db://{table}', 'db://a#b'],
    ['db://{table}', 'db://a,b'],
    ['db://{table}', 'db://a\nb'],
    ['db://{table}', 'xdb://a'],
    ['db://{table}', 'db://a\u00e9'],
    ['db://{table}', 'db://%zz'],
    ['file:///{+path}', 'file:///a b'],
    ['file:///{+path}', 'file:///\u2025/a'],
    ['x://{a}/end', 'x://1/end/end2'],
    ['x://h{/a}', 'x://h/1/2'],
    ['x://h{?q}', 'x://h?p=1'],
    ['x://h{?q}', 'x://h?q=1&q=2'],
    ['x://h{?q}', 'x://h?q=1&p=2'],
    ['x://h{?q,n}', 'x://h?n=1&q=2'],
    ['x://h{?q}', 'x://h?q=a/b'],
    ['x://h?a=1{&b}', 'x://h?a=1&c=2'],
    ['x://h{;a}', 'x://h;b'],
    ['x://{a:3}', 'x://abcd'],
    ['x://(.*)+{a}', 'x://b'],
  ])('%s does not give %s', (template, uri) => {
    expect(matches(template, uri)).toBe(false);
  });

  it.each([
    'x://{',
    'x://}',
    'x://{}',
    'x://{a',
    'x://{{a}}',
    'x://{a b}',
    'x://{a,}',
    'x://{a:0}',
    'x://{=a}',
  ])('takes %s for no template', (template) => {
    expect(compileTemplate(template)).toBeUndefined();
  });

  it.each(['{+a}x{+b}x{+c}x{+d}', '{a}{b}{c}{d}{e}', '{/a*}{/b*}{/c*}', '{?a*,b*,c*}', '{a:1000}{b:1000}'])(
    'takes no longer than the URI under %s',
    (template) => {
      const match = compileTemplate(`x://${template}!`);
      const startMs = performance.now();
      for (const unit of ['x', '/x', '&x=', '?x=&x=', '%41']) match?.(`x://${unit.repeat(20_000)}`);
      expect(performance.now() - startMs).toBeLessThan(2_000);
    },
  );

  it('knows every expansion', () => {
    fc.assert(
      fc.property(templates, ({ template, uri }) => {
        expect([uri, matches(template, uri)]).toEqual([uri, true]);
      }),
      { numRuns: 500 },
    );
  });
});

interface Sample {
  readonly template: string;
  readonly uri: string;
}

const names = fc.constantFrom('a', 'b_c', 'x.y', 'n1', 'user-id');
const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 });
const literals = fc.constantFrom('', '/', '-', '.json', '/x(y)+', 'x', '?z=1');

/** RFC 6570, 3.2.1: everything but unreserved characters, or those that are reserved too, is escaped. */
function escape(text: string, isReserved: boolean): string {
  const escaped = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  if (!isReserved) return escaped;
  return escaped.replace(/%(?:2[13456789ABCF]|3[ABDF]|40|5[BD])/g, (triplet) => decodeURIComponent(triplet));
}

const marks = { '': '', '+': '', '#': '#', '.': '.', '/': '/', ';': ';', '?': '?', '&': '&' } as const;
const joints = { '': ',', '+': ',', '#': ',', '.': '.', '/': '/', ';': ';', '?': '&', '&': '&' } as const;

/** An expression with a value for each of its variables. */
const expressions: fc.Arbitrary<Sample> = fc
  .record({
    operator: fc.constantFrom('', '+', '#', '.', '/', ';', '?', '&'),
    values: fc.uniqueArray(fc.tuple(names, texts), {
      minLength: 1,
      maxLength: 3,
      selector: ([name]) => name,
    }),
    isSpread: fc.boolean(),
    list: fc.array(texts, { minLength: 1, maxLength: 3 }),
  })
  .map(({ operator, values, isSpread, list }) => {
    const key = operator;
    const isNamed = ';?&'.includes(key || 'x');
    const write = (name: string, value: string): string =>
      `${isNamed ? `${name}=` : ''}${escape(value, key === '+' || key === '#')}`;
    const [[only] = ['']] = values;
    const members = isSpread
      ? list.map((value) => write(only, value))
      : values.map(([name, value]) => write(name, value));
    return {
      template: `{${key}${isSpread ? `${only}*` : values.map(([name]) => name).join()}}`,
      uri: marks[key] + members.join(joints[key]),
    };
  });

const templates: fc.Arbitrary<Sample> = fc
  .array(fc.tuple(literals, expressions), { maxLength: 4 })
  .map((parts) => ({
    template: `x://h${parts.map(([literal, { template }]) => literal + template).join('')}`,
    uri: `x://h${parts.map(([literal, { uri }]) => literal + uri).join('')}`,
  }));

describe('compileLooseTemplate', () => {
  it.each([
    ['db://t', 'db://t'],
    ['db://{table}', 'db://a:b@c?d'],
    ['db://{table}', 'db://'],
    ['db://{table}/{id}', 'db://a/b,c'],
    ['db://{+path}', 'db://a/b'],
    ['db://h{/path*}', 'db://h'],
    ['db://h{?q}', 'db://h?other=1'],
    ['db://odd-{!name}/x', 'db://odd-a/b'],
    ['db://{a', 'db://b/c'],
    ['db://a}b', 'db://abc'],
  ])('takes for one of %s what some server could: %s', (template, uri) => {
    expect(compileLooseTemplate(template)(uri)).toBe(true);
  });

  it.each([
    ['db://t', 'db://t/'],
    ['db://{table}', 'db://a/b'],
    ['db://{table}/{id}', 'db://a'],
    ['db://odd-{!name}', 'db://od'],
  ])('takes for one of %s nothing else: %s', (template, uri) => {
    expect(compileLooseTemplate(template)(uri)).toBe(false);
  });
});
