// From a request to what has to be decided about it. What is hidden from this identity and what does not exist take
// the same path to the same answer.
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '@cardea/schemas/codes';
import { isJsonObject, quoteExcerpt, type JsonObject, type JsonValue } from '@cardea/schemas/json';
import { mapArguments, qualifyName } from '@cardea/schemas/mcp';
import type { Era } from '../admit/era.ts';
import { requireMirrored } from '../admit/headers.ts';
import { memberOf, type RpcRequest } from '../admit/message.ts';
import type { ServerView, ToolView } from './catalogView.ts';
import { requireExactIntegers } from './exactIntegers.ts';
import { findMethod } from './methods.ts';
import { requireNormalPaths } from './pathArgument.ts';
import type { Target } from './target.ts';
import { refuseUnoffered, UnofferedResource } from './unoffered.ts';
import { requireNormalUri } from './uriForm.ts';
import type { Visible } from './visibility.ts';

export interface ResolveContext {
  readonly era: Era;
  readonly view: ServerView;
  readonly visible: Visible;
  readonly headers: IncomingHttpHeaders;
  /** The call that has become a task of this identity. */
  readonly findTask: (taskId: string) => Target | undefined;
}

const noArguments: JsonObject = Object.freeze(Object.create(null) as JsonObject);

/** Every one of the targets has to be allowed. Throws Refusal. */
export function resolveRequest(request: RpcRequest, context: ResolveContext): readonly Target[] {
  const { method, params } = request;
  const { view } = context;
  switch (findMethod(method, context.era)) {
    case undefined:
      throw new Refusal('unknown_method', `the method ${quoteExcerpt(method)} cannot be used here`);
    case 'server':
      return [aboutServer(method, view)];
    case 'tool':
      return [resolveTool(request, context)];
    case 'prompt':
      return [aboutPrompt(method, readText(params, 'name'), context)];
    case 'resource':
      return aboutResource(method, readText(params, 'uri'), context);
    case 'completion':
      requireVisibleReference(memberOf(params, 'ref'), context);
      return [aboutServer(method, view)];
    case 'task':
      return [aboutServer(method, view), aboutTask(readText(params, 'taskId'), context)];
    case 'subscriptions':
      return [aboutServer(method, view), ...resolveSubscriptions(params, context)];
  }
}

function aboutServer(method: string, view: ServerView): Target {
  return { method, type: 'Server', id: view.id, input: undefined };
}

function resolveTool(
  { method, params }: RpcRequest,
  { view, visible, headers, era }: ResolveContext,
): Target {
  const name = readText(params, 'name');
  // Asked for first: what looking at a tool costs would tell that a hidden one is there.
  const tool = visible.tools.has(name) ? view.findTool(name) : undefined;
  if (tool === undefined) refuseUnoffered();
  const args = memberOf(params, 'arguments') ?? noArguments;
  if (!isJsonObject(args)) throw new Refusal('invalid_argument', 'params.arguments: expected an object');
  requireFitting(tool, args);
  if (tool.mirrored === undefined) {
    throw new Refusal('unchecked_argument', `the schema of ${quoteExcerpt(name)} has headers without end`);
  }
  requireMirrored(tool.mirrored, args, headers, era === 'stateless');
  return { method, type: 'Tool', id: tool.id, effect: tool.effect, input: args };
}

/** Throws Refusal for arguments that the tool does not declare, or not so. */
function requireFitting(tool: ToolView, args: JsonObject): void {
  const mapped = mapArguments(tool.type, args, tool);
  if (mapped.kind === 'refused')
    throw new Refusal(mapped.code, `arguments${mapped.pointer}: ${mapped.message}`);
  requireExactIntegers(args, tool.place);
  const problem = tool.check(args);
  if (problem !== undefined) throw new Refusal('invalid_argument', `arguments: ${problem}`);
  requireNormalPaths(args);
}

function aboutPrompt(method: string, name: string, { view, visible }: ResolveContext): Target {
  if (!view.prompts.has(name) || !visible.prompts.has(name)) refuseUnoffered();
  return { method, type: 'Prompt', id: qualifyName(view.id, name), input: undefined };
}

/**
 * One for each resource and template that a server could take the URI for. For what is hidden and what is not there
 * these are the same steps, to the same answer.
 */
function aboutResource(method: string, uri: string, { view, visible, era }: ResolveContext): Target[] {
  const found = view.findResources(uri);
  const shown = found.filter(({ kind, name }) =>
    (kind === 'resource' ? visible.resources : visible.templates).has(name),
  );
  const isShown = shown.some(({ isSure }) => isSure) && shown.length === found.length;
  // A reviewer has seen that spelling, whatever its form.
  if (!isShown || !view.resources.has(uri)) requireNormalUri(uri);
  if (!isShown) throw new UnofferedResource(uri, era);
  return shown.map(({ name }) => ({
    method,
    type: 'Resource',
    id: qualifyName(view.id, name),
    input: undefined,
  }));
}

function requireVisibleReference(ref: JsonValue | undefined, { view, visible }: ResolveContext): void {
  if (!isJsonObject(ref)) throw new Refusal('invalid_request', 'params.ref: expected an object');
  const type = memberOf(ref, 'type');
  if (type === 'ref/prompt') {
    const name = readText(ref, 'name');
    if (!view.prompts.has(name) || !visible.prompts.has(name)) refuseUnoffered();
    return;
  }
  if (type !== 'ref/resource') throw new Refusal('invalid_request', 'params.ref.type: none that MCP knows');
  const uri = readText(ref, 'uri');
  if (!visible.templates.has(uri) && !visible.resources.has(uri)) refuseUnoffered();
}

/** Whoever may no longer make the call may no longer have what came of it. */
function aboutTask(taskId: string, { view, visible, findTask }: ResolveContext): Target {
  const call = findTask(taskId);
  if (call === undefined || !visible.tools.has(call.id.slice(view.id.length + 1))) refuseUnoffered();
  return call;
}

/** Updates of a resource, or of a task, tell of it as reading does: subscribing asks the same question. */
function resolveSubscriptions(params: JsonObject | undefined, context: ResolveContext): Target[] {
  const wanted = memberOf(params, 'notifications');
  if (!isJsonObject(wanted)) return [];
  const uris = readTexts(wanted, 'resourceSubscriptions');
  const taskIds = readTexts(wanted, 'taskIds');
  return [
    ...uris.flatMap((uri) => aboutResource('resources/subscribe', uri, context)),
    ...taskIds.map((taskId) => aboutTask(taskId, context)),
  ];
}

function readTexts(wanted: JsonObject, name: string): readonly string[] {
  const texts = memberOf(wanted, name) ?? [];
  if (!Array.isArray(texts) || texts.length > subscriptionsMax) {
    throw new Refusal('invalid_request', `${name}: expected at most ${subscriptionsMax} texts`);
  }
  if (texts.every((text) => typeof text === 'string')) return texts;
  throw new Refusal('invalid_request', `${name}: expected texts`);
}

const subscriptionsMax = 256;

function readText(object: JsonObject | undefined, name: string): string {
  const value = memberOf(object, name);
  if (typeof value === 'string') return value;
  throw new Refusal('invalid_request', `${name}: expected a text`);
}
