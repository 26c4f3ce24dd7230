import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DirectoryArchive } from '@cardea/bundles';
import { BundleProjects } from '../../test/bundleProjects.ts';

const projects = new BundleProjects();
const trusted: Record<string, string> = {};

/** One bundle for each edit of the example, in the order of publication. */
const digests: string[] = [];

const publish = (project: string, ...more: string[]): ReturnType<BundleProjects['run']> =>
  projects.run('bundle', 'publish', project, '--archive', 'archive', '--key', 'publisher.key', ...more);

const rollback = (...words: string[]): ReturnType<BundleProjects['run']> =>
  projects.run(
    ...['bundle', 'rollback', ...words, '--archive', 'archive', '--key', 'publisher.key'],
    ...['--organisation', 'example'],
  );

const verify = (...words: string[]): ReturnType<BundleProjects['run']> =>
  projects.run(
    ...['bundle', 'verify', ...words, '--archive', 'archive', '--trust', trusted['publisher'] ?? ''],
    ...['--organisation', 'example'],
  );

beforeAll(async () => {
  projects.copy('desk');
  for (const name of ['publisher', 'stranger']) {
    trusted[name] = (
      await projects.run('keys', 'create', `example/${name}`, '--out', `${name}.key`)
    ).out.trim();
  }
});

afterAll(() => {
  projects.remove();
});

// Each step stands on the ones before it, as an operator's day does.
describe('publishing', () => {
  it('does not begin an archive with a project that is wrong', async () => {
    projects.edit('desk/policies/desk.cedar', 'input.amount <= 10000', 'input.amount <= 1');
    expect((await publish('desk')).code).toBe(1);
    projects.edit('desk/policies/desk.cedar', 'input.amount <= 1', 'input.amuont <= 1');
    expect((await publish('desk')).code).toBe(3);
    expect(existsSync(projects.path('archive/head'))).toBe(false);
    projects.edit('desk/policies/desk.cedar', 'input.amuont <= 1', 'input.amount <= 10000');
  });

  it('makes the archive, and names what is current', async () => {
    const { code, out } = await publish('desk');
    expect(code).toBe(0);
    expect(out).toMatch(/^sha256:[0-9a-f]{64} \(.*\)\n\d+ tests passed; .*\npublished as number 1\n$/);
    digests.push(out.slice(0, 71));
    expect((await publish('desk')).out).toMatch(/\nwas current already, as number 1\n$/);
  });

  it('counts up with each change, and answers programs with one object', async () => {
    projects.edit('desk/policies/desk.cedar', 'input.amount > 5000', 'input.amount > 6000');
    const { out } = await publish('desk', '--json');
    const published = JSON.parse(out) as { bundle: string };
    expect(published).toMatchObject({ seq: 2, moved: true, organisation: 'example', problems: [] });
    digests.push(published.bundle);
  });

  it('does not go on from a head that somebody else signed', async () => {
    projects.edit('desk/policies/desk.cedar', 'input.amount > 6000', 'input.amount > 7000');
    const words = ['bundle', 'publish', 'desk', '--archive', 'archive', '--key', 'stranger.key'];
    const refused = await projects.run(...words);
    expect(refused).toMatchObject({ code: 1, err: 'error: no trusted key signed this (bundle_unsigned)\n' });
    const { code, out } = await projects.run(...words, '--trust', trusted['publisher'] ?? '');
    expect(code).toBe(0);
    expect(out).toContain('published as number 3\n');
    digests.push(out.slice(0, 71));
  });

  it('refuses an archive behind a URL, which cannot be written', async () => {
    const words = ['--archive', 'https://bundles.example/', '--key', 'publisher.key'];
    const { code, err } = await projects.run('bundle', 'publish', 'desk', ...words);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'error: https://bundles.example/ is a URL: publishing writes to a directory\n',
    });
  });
});

describe('rolling back', () => {
  it('goes to what was current before, and at the second time further back', async () => {
    writeFileSync(projects.path('keys.txt'), `# who publishes here\n${trusted['stranger'] ?? ''}\n`);
    const first = await rollback('--trust', 'keys.txt');
    expect(first).toMatchObject({ code: 0, out: `${digests[1]} is current, as number 4\n` });
    const second = await rollback('--trust', 'keys.txt');
    expect(second).toMatchObject({ code: 0, out: `${digests[0]} is current, as number 5\n` });
    const third = await rollback('--trust', 'keys.txt');
    expect(third).toMatchObject({ code: 1 });
    expect(third.err).toContain('nothing is known to have been current before');
  });

  it('goes to the bundle that is named, in either spelling', async () => {
    const [, second = ''] = digests;
    expect((await rollback(second.slice('sha256:'.length), '--json')).out).toBe(
      `${JSON.stringify({ bundle: second, seq: 6, moved: true })}\n`,
    );
    expect((await rollback(second)).out).toBe(`${second} was already current, as number 6\n`);
  });

  it.each([
    ['a bundle that is not archived', `sha256:${'0'.repeat(64)}`, /\(bundle_unsigned\)\n$/],
    ['what is no digest', 'sha256:12', /is no digest/],
  ])('refuses %s', async (_, digest, message) => {
    const { code, err } = await rollback(digest);
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });
});

describe('verifying', () => {
  it('takes the published bundle as a decision service would', async () => {
    const { code, out } = await verify();
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^ok: ${digests[1]} \\(`));
  });

  it.each([
    ['another key', { trust: () => trusted['stranger'] ?? '' }, 'bundle_unsigned'],
    ['another organisation', { organisation: 'acme' }, 'bundle_foreign'],
    ['another profile', { profile: 'plain' }, 'bundle_foreign'],
  ])('refuses it for %s', async (_, change, code) => {
    const {
      trust,
      organisation = 'example',
      profile = 'mcp',
    } = change as {
      trust?: () => string;
      organisation?: string;
      profile?: string;
    };
    const words = ['--trust', trust?.() ?? trusted['publisher'] ?? '', '--organisation', organisation];
    const ended = await projects.run(
      ...['bundle', 'verify', digests[1] ?? '', '--archive', 'archive', '--profile', profile, ...words],
    );
    expect(ended.code).toBe(1);
    expect(ended.err).toContain(`(${code})`);
  });

  it('refuses a bundle of which one byte has changed, and rolls back to none such', async () => {
    const [first = '', second = ''] = digests;
    const archive = new DirectoryArchive(projects.path('archive'));
    const manifest = JSON.parse(
      Buffer.from(await archive.readManifest(first as `sha256:${string}`)).toString(),
    ) as {
      files: Record<string, string>;
    };
    const blob = manifest.files['policies/desk.cedar']?.slice('sha256:'.length) ?? '';
    projects.edit(`archive/blobs/${blob}`, 'input.amount <= 10000', 'input.amount <= 99999');
    expect((await verify(first)).err).toContain('(bundle_tampered)');
    expect((await rollback(first)).err).toContain('(bundle_tampered)');
    expect((await verify()).out).toContain(second);
  });
});

it('leaves no file behind that a publisher had begun', () => {
  const left = ['.', 'blobs', 'heads', 'manifests', 'signatures'].flatMap((folder) =>
    readdirSync(projects.path('archive', folder)).filter((name) => name.startsWith('.tmp')),
  );
  expect(left).toEqual([]);
});
