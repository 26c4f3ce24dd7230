// Mistakes on the way back: what a server says, and whose it is.
import type { Mutant } from './mutant.ts';

const tasks = 'integration-tests/src/pep/adversary/tasks.test.ts';
const midway = 'integration-tests/src/pep/adversary/midway.test.ts';

export const relayMutants: readonly Mutant[] = [
  {
    name: 'tasks: whoever knows the name has it',
    file: 'pep/src/tasks/taskTable.ts',
    find: 'if (entry === undefined || entry.owner !== ownerOf(identity)) return undefined;',
    replace: 'if (entry === undefined) return undefined;',
    noticedBy: tasks,
  },
  {
    name: 'tasks: once allowed, always allowed',
    file: 'pep/src/resolve/resolveRequest.ts',
    find: "[aboutServer(method, view), aboutTask(readText(params, 'taskId'), context)]",
    replace: "[aboutTask(readText(params, 'taskId'), context), aboutServer(method, view)].slice(1)",
    noticedBy: tasks,
  },
  {
    name: 'relay: the tasks of others are in the list',
    file: 'pep/src/relay/frames/judgeResult.ts',
    find: 'const filtered = filterTasks(frame.result, exchange);',
    replace: 'const filtered = frame.result;',
    noticedBy: tasks,
  },
  {
    name: 'relay: what asks for input is no list',
    file: 'pep/src/relay/frames/judgeResult.ts',
    find: "if (entries === undefined && isJsonObject(memberOf(result, 'inputRequests'))) return;",
    replace: "if (isJsonObject(memberOf(result, 'inputRequests'))) return;",
    noticedBy: 'pep/src/relay/bypasses.test.ts',
  },
  {
    name: 'relay: escapes are the affair of others',
    file: 'pep/src/relay/events/rewriteEvent.ts',
    find: 'data: ${escapeBreaks(data)}',
    replace: 'data: ${data}',
    noticedBy: 'pep/src/relay/events/rewriteEvent.test.ts',
  },
  {
    name: 'relay: what was asked is answered, whoever asked',
    file: 'pep/src/relay/relay.ts',
    find: 'if (!options.mayStay(context)) {',
    replace: 'if (!options) {',
    noticedBy: midway,
  },
  {
    name: 'relay: what is read may be kept for others',
    file: 'pep/src/relay/frames/judgeResult.ts',
    find: 'const result = isShared(filtered, exchange) ? keepPrivate(filtered) : filtered;',
    replace: 'const result = filtered;',
    noticedBy: 'pep/src/relay/initialize.test.ts',
  },
  {
    name: 'relay: a server may say its credential in escapes',
    file: 'pep/src/relay/leaks/quotesSecret.ts',
    find: '|| (bytes.includes(backslash) && holds(value, secret))',
    replace: '',
    noticedBy: 'pep/src/relay/secrets.test.ts',
  },
  {
    name: 'relay: a name in other letters is another name',
    file: 'pep/src/relay/leaks/hiddenNames.ts',
    find: 'return findFolded(readable, folded) !== undefined;',
    replace: 'return false;',
    noticedBy: 'pep/src/relay/leaks/hiddenNames.test.ts',
  },
  {
    name: 'relay: logs may name what they like',
    file: 'pep/src/relay/frames/judgeTexts.ts',
    find: 'if (naming.length === 0) return pass;',
    replace: 'if (naming.length >= 0) return pass;',
    noticedBy: 'pep/src/relay/bypasses.test.ts',
  },
];
