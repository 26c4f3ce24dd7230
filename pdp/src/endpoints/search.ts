// POST /access/v1/search/{subject,resource,action}: who may, on what, and which (AuthZEN 1.0, 8). A search judges
// candidates that the bundle knows, one by one and in their order, as an evaluation would.
import { Refusal } from '@cardea/schemas/codes';
import {
  actionSearchSchema,
  readWire,
  resourceSearchSchema,
  subjectSearchSchema,
  type WireEvaluation,
  type WireSearchAnswer,
} from '@cardea/schemas/wire';
import { callerClasses } from '../callers/caller.ts';
import { answerJson, type Call, type Endpoint } from '../http/call.ts';
import { costOfElement } from '../http/cost.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { pageCandidatesMax, readPage } from './searchPage.ts';
import type { Services } from './services.ts';

interface Search {
  readonly candidates: readonly string[];
  readonly complete: (candidate: string) => WireEvaluation;
  readonly show: (candidate: string) => Readonly<Record<string, string>>;
  readonly page: { readonly token?: string | undefined; readonly limit?: number | undefined } | undefined;
}

const plans: Readonly<Record<string, (call: Call, mapping: Mapping) => Search>> = {
  subject: planSubjectSearch,
  resource: planResourceSearch,
  action: planActionSearch,
};

export function searchEndpoints(services: Services): Endpoint[] {
  return Object.entries(plans).map(([sought, plan]) => {
    const path = `/access/v1/search/${sought}`;
    return {
      method: 'POST',
      path,
      kind: 'guarded',
      // A client that could list subjects would learn of those that it may not ask about.
      callers: sought === 'subject' ? ['proxy', 'author'] : callerClasses,
      long: true,
      handle: async (call) => {
        const { serving } = services.state;
        services.state.requireFresh();
        return answerJson(await runSearch(path, plan(call, serving.mapping), call, { ...services, serving }));
      },
    };
  });
}

async function runSearch(
  path: string,
  { candidates, complete, show, page: stated }: Search,
  { body, caller }: Call,
  { serving, newPace, callerRates }: Services & { readonly serving: Services['state']['serving'] },
): Promise<WireSearchAnswer> {
  const page = readPage(path, body, stated);
  const pace = newPace();
  const results: Readonly<Record<string, string>>[] = [];
  const end = Math.min(candidates.length, page.start + pageCandidatesMax);
  callerRates.spend(caller.name, (end - page.start) * costOfElement([body]) - 1);
  let next = page.start;
  for (; next < end && results.length < page.resultsMax; next += 1) {
    const candidate = candidates[next] as string;
    const judge = (): boolean => serving.mapping.isShown(serving.judge, complete(candidate), caller);
    if (await pace.work(judge)) results.push(show(candidate));
  }
  const next_token = next < candidates.length ? page.tokenAt(next) : '';
  return { page: { next_token, count: results.length }, results } as WireSearchAnswer;
}

function planSubjectSearch({ body }: Call, mapping: Mapping): Search {
  const { subject, page, ...rest } = readWire(subjectSearchSchema, body);
  if (!mapping.searchesSubjects) throw new Refusal('not_found', 'this bundle holds no subjects');
  return {
    candidates: mapping.listSubjects(subject.type),
    complete: (id) => ({ ...rest, subject: { ...subject, id } }),
    show: (id) => ({ type: subject.type, id }),
    page,
  };
}

function planResourceSearch({ body, caller }: Call, mapping: Mapping): Search {
  const { resource, page, ...rest } = readWire(resourceSearchSchema, body);
  return {
    candidates: mapping.listResources(resource.type, caller),
    complete: (id) => ({ ...rest, resource: { ...resource, id } }),
    show: (id) => ({ type: resource.type, id }),
    page,
  };
}

function planActionSearch({ body }: Call, mapping: Mapping): Search {
  const { page, ...rest } = readWire(actionSearchSchema, body);
  return {
    candidates: mapping.listActions(rest.resource),
    complete: (name) => ({ ...rest, action: { name } }),
    show: (name) => ({ name }),
    page,
  };
}
