// A file of policy tests: a JSON array. Every number in it stays exact to 64 bits.
import type { CedarHost } from '@cardea/engine';
import {
  isJsonObject,
  JsonRefusal,
  parseStrictDocument,
  type JsonDocument,
  type JsonValue,
} from '@cardea/schemas/json';
import { readEntityUid } from '../project/entityUid.ts';
import { fileBytesMax } from '../project/inputFiles.ts';
import { describeRefusal } from '../project/schema.ts';
import type { Diagnostic, Place } from '../report/diagnostic.ts';
import type { SourceFile } from '../report/sourceFile.ts';
import { MemberReader } from './memberReader.ts';
import type { BrokenTest, PolicyTest, ServiceExpectation, TestIdentity } from './policyTest.ts';

/** Below what kills the engine, with room for the array and the test around a context. */
const depthMax = 100;
const nodesMax = 4_000_000;

export type TestFile =
  | { readonly kind: 'tests'; readonly tests: readonly (PolicyTest | BrokenTest)[] }
  | { readonly kind: 'problem'; readonly problem: Diagnostic };

const testKeys = ['name', 'request', 'entities', 'decision', 'reason', 'num_errors'];
const serviceKeys = ['verdict', 'code', 'approvers', 'approved', 'supplied'];
const requestKeys = ['principal', 'action', 'resource', 'context'];

export function parseTestFile(host: CedarHost, file: SourceFile): TestFile {
  try {
    const document = parseStrictDocument(file.text, { bytesMax: fileBytesMax, nodesMax, depthMax });
    const list = document.value;
    if (Array.isArray(list)) {
      const entries = list as readonly JsonValue[];
      return {
        kind: 'tests',
        tests: entries.map((entry, index) =>
          readTest(host, entry, identify({ document, file, index, entry })),
        ),
      };
    }
    const place: Place = { file, start: 0, end: 1 };
    return {
      kind: 'problem',
      problem: { severity: 'error', code: 'test_format', message: 'tests are a JSON array', place },
    };
  } catch (refusal) {
    if (refusal instanceof JsonRefusal) return { kind: 'problem', problem: describeRefusal(refusal, file) };
    throw refusal;
  }
}

interface Entry {
  readonly document: JsonDocument;
  readonly file: SourceFile;
  readonly index: number;
  readonly entry: JsonValue;
}

function identify({ document, file, index, entry }: Entry): TestIdentity {
  const name = isJsonObject(entry) ? entry['name'] : undefined;
  return {
    path: file.path,
    index,
    // As for the cedar command, a name that is no text is none.
    ...(typeof name === 'string' ? { name } : {}),
    placeOf: (pointer) => {
      const start = (document.locate(`/${index}${pointer}`) ?? document.locate(`/${index}`))?.offset ?? 0;
      return { file, start, end: start + tokenLength(file.text, start) };
    },
  };
}

/** Of a text or a word; of an object or an array only the bracket. */
function tokenLength(text: string, start: number): number {
  const token = /"(?:[^"\\]|\\.)*"|[[{]|[^\s,\]}]+/y;
  token.lastIndex = start;
  return token.exec(text)?.[0].length ?? 1;
}

function readTest(host: CedarHost, entry: JsonValue, identity: TestIdentity): PolicyTest | BrokenTest {
  const problems: Diagnostic[] = [];
  const test = new MemberReader(identity, '', problems).object(entry, 'a test', [
    ...testKeys,
    ...serviceKeys,
  ]);
  if (test === undefined) return { kind: 'broken', ...identity, problems };
  const request = test.child('request', requestKeys);
  const principal = readUid(host, request, 'principal');
  const action = readUid(host, request, 'action');
  const resource = readUid(host, request, 'resource');
  const context = request?.required('context');
  const entities = test.required('entities');
  const decision = test.word('decision', ['allow', 'deny'] as const);
  const reason = test.texts('reason');
  const errorCount = test.count('num_errors');
  const extras = readExtras(test);
  const broken: BrokenTest = { kind: 'broken', ...identity, problems };
  if (principal === undefined || action === undefined || resource === undefined) return broken;
  if (context === undefined || entities === undefined || decision === undefined) return broken;
  if (reason === undefined || errorCount === undefined || extras === undefined) return broken;
  if (problems.some(({ severity }) => severity === 'error')) return broken;
  const expected = { decision, reason, errorCount };
  return {
    kind: 'test',
    ...identity,
    principal,
    action,
    resource,
    context,
    entities,
    expected,
    ...extras,
    warnings: problems,
  };
}

function readUid(
  host: CedarHost,
  request: MemberReader | undefined,
  name: string,
): PolicyTest['principal'] | undefined {
  const text = request?.text(name);
  if (request === undefined || text === undefined) return undefined;
  const uid = readEntityUid(host, text);
  if (uid === undefined)
    request.refuse(name, `the ${name} is no entity`, 'entities are written as User::"alice"');
  return uid;
}

type Extras = Pick<PolicyTest, 'service' | 'approved' | 'supplied'>;

function readExtras(test: MemberReader): Extras | undefined {
  const verdict = test.has('verdict')
    ? test.word('verdict', ['allow', 'deny', 'hold', 'needs'] as const)
    : undefined;
  const code = test.has('code') ? test.text('code') : undefined;
  const approvers = test.has('approvers') ? test.texts('approvers') : undefined;
  const approved = test.has('approved') ? test.texts('approved') : [];
  const supplied = test.has('supplied') ? test.texts('supplied') : undefined;
  const service: ServiceExpectation = {
    ...(verdict === undefined ? {} : { verdict }),
    ...(code === undefined ? {} : { code }),
    ...(approvers === undefined ? {} : { approvers }),
  };
  return { service, approved: approved ?? [], ...(supplied === undefined ? {} : { supplied }) };
}
