// cardea tools pull: what an MCP server offers, as a catalog to review.
import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { loadInstalledEngine } from '@cardea/bundles';
import { CedarHost } from '@cardea/engine';
import type { AddressRanges } from '@cardea/dial';
import type { Catalog } from '@cardea/schemas/mcp';
import { describeServer, type CatalogSource } from '../catalog/catalogServer.ts';
import { makeCatalog } from '../catalog/makeCatalog.ts';
import { readPreviousCatalog } from '../catalog/previousCatalog.ts';
import { proposePolicies } from '../catalog/proposePolicies.ts';
import { printPullSummary } from '../catalog/pullSummary.ts';
import { writeCatalog } from '../catalog/writeCatalog.ts';
import { Failure } from '../frame/failure.ts';
import { defineVerb } from '../frame/verb.ts';
import { writeFileWhole } from '../project/replaceFile.ts';
import type { StrictTransport } from '../mcp/strictTransport.ts';
import { formatPolicies } from '../project/formatPolicies.ts';
import { dialOptions, readRanges } from '../trust/dialOptions.ts';

export const toolsPull = defineVerb({
  name: 'tools pull',
  summary: 'Write down what an MCP server offers, as a catalog to review',
  details: [
    'The catalog goes to standard output or to the file of --out, every definition as the server sent it, with an ' +
      'effect proposed from its annotations and its name; a summary goes to standard error. What is new or has changed since --previous is ' +
      'pending, and so denied, until a reviewer writes "approved"; what has not changed keeps its review.',
    'A URL is asked over Streamable HTTP, a command over its standard streams. The command gets PATH, HOME and the ' +
      'variables named with --env, and is ended with everything that it started.',
    'Without --owner, --risk and --environment those of the previous catalog stay; a new one starts with owners, high ' +
      'and production. Neither the headers nor the path of the URL nor the arguments of the command are written down.',
  ],
  positionals: { value: 'URL', description: 'the endpoint of the server', min: 0, max: 1 },
  rest: {
    value: 'COMMAND',
    description: 'a command that serves MCP on its standard streams, in place of a URL',
  },
  options: {
    header: { type: 'text', value: "'NAME: VALUE'", many: true, description: 'a header for the URL' },
    ...dialOptions,
    env: {
      type: 'text',
      value: 'NAME',
      many: true,
      description: 'an environment variable to pass to the command',
    },
    id: { type: 'text', value: 'ID', description: 'the name of the server in policies' },
    owner: { type: 'text', value: 'GROUP', description: 'the group that answers for the server' },
    risk: { type: 'text', value: 'RISK', description: 'a word for policies, such as low or high' },
    environment: { type: 'text', value: 'NAME', description: 'a word for policies, such as staging' },
    previous: { type: 'text', value: 'FILE', description: 'the reviewed catalog of the same server' },
    out: {
      type: 'text',
      value: 'FILE',
      description: 'write the catalog to this file, in one step; it may be the previous one',
    },
    policies: { type: 'text', value: 'FILE', description: 'write a first set of policies to this new file' },
    timeout: {
      type: 'integer',
      value: 'SECONDS',
      min: 1,
      max: 600,
      default: 60,
      description: 'how long the whole may take',
    },
  },

  async run({ options, positionals, rest, terminal, untilStopped }) {
    const [url] = positionals;
    if ((url === undefined) === (rest.length === 0)) {
      throw new Failure('one server at a time: either a URL or -- and a command');
    }
    const { policies } = options;
    const allow = readRanges(options['dial-allow']);
    if (policies !== undefined && existsSync(policies)) {
      throw new Failure(`${policies} is there already`, 'policies are written to a new file only');
    }
    const previous = options.previous === undefined ? undefined : readPreviousCatalog(options.previous);
    const { pulled, source } = await withDeadline(options.timeout, untilStopped(), async (signal) => {
      const opened =
        url === undefined
          ? await openCommand(rest, options.env)
          : await openUrl(url, { headers: options.header, allow, signal });
      const { pullServer } = await import('../mcp/pullServer.ts');
      return { pulled: await pullServer(opened.transport, { signal }), source: opened.source };
    });
    const found = makeCatalog(pulled, describeServer(options, previous, source, pulled), previous);
    const text = writeCatalog(found.catalog);
    if (policies !== undefined) {
      writeFileSync(policies, await layOut(found.catalog, policies), { flag: 'wx' });
    }
    printPullSummary(terminal, pulled, found);
    if (options.out === undefined) terminal.out(text);
    else writeFileWhole(options.out, text);
    return 0;
  },
});

/** The reason of the signal is a Failure. */
async function withDeadline<T>(
  seconds: number,
  stopped: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const late = new Failure(`the server has not answered everything in ${seconds} s`, 'see --timeout');
  const timer = setTimeout(() => {
    controller.abort(late);
  }, seconds * 1000);
  stopped.addEventListener('abort', () => {
    controller.abort(new Failure('stopped'));
  });
  try {
    return await task(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

interface Opened {
  readonly transport: StrictTransport;
  readonly source: CatalogSource;
}

async function openCommand(words: readonly string[], passed: readonly string[]): Promise<Opened> {
  const { StdioTransport } = await import('../mcp/stdioTransport.ts');
  return { transport: new StdioTransport(words, passed), source: { command: basename(words[0] ?? '') } };
}

interface UrlOptions {
  readonly headers: readonly string[];
  readonly allow: AddressRanges;
  readonly signal: AbortSignal;
}

async function openUrl(text: string, { headers, allow, signal }: UrlOptions): Promise<Opened> {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Failure('the URL has to be an http or https one');
  if (url.username !== '' || url.password !== '') {
    throw new Failure('the URL holds credentials', "pass them as --header 'Authorization: ...'");
  }
  const { HttpTransport } = await import('../mcp/httpTransport.ts');
  const transport = new HttpTransport({ url, headers: readHeaders(headers), allow, signal });
  return { transport, source: { origin: url.origin } };
}

/** RFC 9110, 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const printableAscii = /^[\t -~]*$/;

/** Values are never quoted in messages: they are secrets. */
function readHeaders(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value] = /^([^:]+):(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Failure("--header is written as 'Name: value'");
    if (!token.test(name.trim()) || !printableAscii.test(value)) {
      throw new Failure(`--header ${name.trim()}: this is no header that HTTP can carry`);
    }
    headers.append(name.trim(), value.trim());
  }
  return headers;
}

async function layOut(catalog: Catalog, path: string): Promise<string> {
  const file = { path, text: proposePolicies(catalog) };
  const { module } = await loadInstalledEngine();
  const host = new CedarHost(module);
  const result = formatPolicies(host, file, { lineWidth: 80, indentWidth: 2 });
  if (result.kind === 'formatted') return result.text;
  throw new Error(`the proposed policies cannot be laid out: ${result.problems[0]?.message ?? ''}`);
}
