import { describe, expect, it } from '@jest/globals';
import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost } from '@cardea/engine';
import { loadPolicies } from './policyProject.ts';
import { fillTemplate, readTemplateLinks, type TemplateLink } from './templateLinks.ts';

const host = new CedarHost((await loadInstalledEngine()).module);
const text = `@id("t") permit (principal in ?principal, action, resource == ?resource) // ?principal
when { context.who == "?resource" };
@id("s") permit (principal, action, resource);`;
const { policies } = loadPolicies(host, [{ path: 'p.cedar', text }]);

function read(...links: readonly unknown[]): TemplateLink[] {
  return readTemplateLinks(host, { path: 'l.json', text: JSON.stringify(links) }, policies);
}

const args = { '?principal': 'Group::"a \\"b\\""', '?resource': 'File::"f"' };

describe('template links', () => {
  it('fill slots, and leave texts and comments that look like them', () => {
    const [link] = read({ template_id: 't', link_id: 'l', args });
    const filled = fillTemplate(host, link as TemplateLink);
    expect(filled.text)
      .toBe(`@id("t") permit (principal in Group::"a \\"b\\"", action, resource == File::"f") // ?principal
when { context.who == "?resource" };`);
    expect(filled.compiled).toMatchObject({ id: 'l', effect: 'permit' });
  });

  it('are none in an empty file, which the cedar command leaves behind', () => {
    expect(readTemplateLinks(host, { path: 'l.json', text: '' }, policies)).toEqual([]);
  });

  it.each([
    [[7], 'link 1 in l.json is not an object'],
    [[{ template_id: 't', args }], 'link 1 in l.json needs the keys template_id, link_id and args'],
    [[{ template_id: 's', link_id: 'l', args }], 'link 1 in l.json: there is no template "s"'],
    [[{ template_id: 't', link_id: 's', args }], 'link 1 in l.json: the id "s" is taken'],
    [
      [{ template_id: 't', link_id: 'l', args: { '?action': 'A::"x"' } }],
      'link 1 in l.json: "?action" is no slot',
    ],
    [
      [{ template_id: 't', link_id: 'l', args: { '?principal': 'ann' } }],
      'link 1 in l.json: ?principal is no entity such as User::"alice"',
    ],
  ])('%j: %s', (links, message) => {
    expect(() => read(...links)).toThrow(message);
  });

  it.each([
    ['{}', 'l.json holds no list of template links'],
    ['[}', 'l.json: line 1, column 2'],
  ])('%s: %s', (file, message) => {
    expect(() => readTemplateLinks(host, { path: 'l.json', text: file }, policies)).toThrow(message);
  });
});
