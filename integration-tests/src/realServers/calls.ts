// Calls of every server, and what is to come of each: the server's own answer, or a refusal and its words.
import type { Code } from '@cardea/schemas/codes';
import type { ServerId } from './governed.ts';

export interface Call {
  readonly server: ServerId;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly wanted: 'allowed' | Refused;
}

export interface Refused {
  readonly code: Code;
  readonly message: string;
}

const at =
  (server: ServerId) =>
  (tool: string, args: Call['args'], wanted: Call['wanted'] = 'allowed'): Call => ({
    server,
    tool,
    args,
    wanted,
  });
const everything = at('everything');
const files = at('files');
const memory = at('memory');
const thinking = at('thinking');

const forbidden = (message: string): Refused => ({ code: 'forbidden', message });
const unpermitted: Refused = { code: 'default_deny', message: 'No policy permits the call.' };

const kettle = (contents: string[]): object => ({ entityName: 'kettle', contents });
const makesTea = { from: 'kettle', to: 'tea', relationType: 'makes' };
const thought = {
  thought: 'First things first.',
  nextThoughtNeeded: true,
  thoughtNumber: 1,
  totalThoughts: 5,
};

/** In turn: what is remembered is asked for later. `ROOT` and `PAGE` stand for those of the grounds. */
export const calls: readonly Call[] = [
  everything('get-sum', { a: 400, b: 600.5 }),
  everything('get-sum', { a: -400, b: 1000 }),
  everything('get-sum', { a: 1, b: 1000.5 }, forbidden('Sums are of numbers up to 1000.')),
  everything('get-structured-content', { location: 'New York' }),
  everything(
    'get-structured-content',
    { location: 'Chicago' },
    forbidden('Nobody asks for the weather in Chicago.'),
  ),
  everything('echo', { message: 'Grüße, 世界' }),
  everything('echo', { message: 'it is classified' }, forbidden('What is classified is not repeated.')),
  everything('gzip-file-as-resource', { name: 'a.gz', data: 'data:text/plain,a', outputType: 'resource' }),
  everything(
    'gzip-file-as-resource',
    { name: 'a.gz', data: 'PAGE' },
    forbidden('The server fetches nothing.'),
  ),
  everything('gzip-file-as-resource', { name: 'a.gz' }, forbidden('The server fetches nothing.')),
  everything('gzip-file-as-resource', { name: 'a.gz', data: 'data:text/html,a' }, unpermitted),
  files('read_text_file', { path: 'ROOT/public/note.txt' }),
  files('read_text_file', { path: 'ROOT/public/note.txt', head: 1 }),
  files('read_text_file', { path: 'ROOT/privé/secret.txt' }, forbidden('Private files are for people.')),
  files('read_text_file', { path: 'public/note.txt' }, unpermitted),
  files('read_multiple_files', { paths: ['ROOT/public/note.txt'] }),
  files('read_multiple_files', { paths: ['ROOT/public/note.txt', 'ROOT/privé/secret.txt'] }, unpermitted),
  files('write_file', { path: 'ROOT/public/draft.txt', content: 'Tea at five.' }),
  files('write_file', { path: 'ROOT/public/note.md', content: '' }, unpermitted),
  files('read_multiple_files', { paths: ['ROOT/public/draft.txt', 'ROOT/public/note.txt'] }),
  memory('open_nodes', { names: ['kettle'] }),
  memory('open_nodes', { names: ['kettle', 'vault'] }, forbidden('The vault stays closed.')),
  memory('search_nodes', { query: 'red' }),
  memory('search_nodes', { query: 'combination' }, unpermitted),
  memory('create_entities', {
    entities: [{ name: 'tea', entityType: 'drink', observations: ['hot', 'green'] }],
  }),
  memory(
    'create_entities',
    {
      entities: [
        { name: 'cup', entityType: 'thing', observations: [] },
        { name: 'card', entityType: 'thing', observations: ['blue', 'it says 4111 1111 1111 1111'] },
      ],
    },
    forbidden('Memories hold no personal data.'),
  ),
  memory('create_relations', { relations: [makesTea] }),
  memory(
    'create_relations',
    { relations: [makesTea, { ...makesTea, to: 'vault', relationType: 'opens' }] },
    unpermitted,
  ),
  memory('add_observations', { observations: [kettle(['it whistles'])] }),
  memory(
    'add_observations',
    { observations: [{ entityName: 'vault', contents: ['it whistles'] }] },
    forbidden('Only what is known of the kettle is noted.'),
  ),
  memory(
    'add_observations',
    { observations: [kettle(['it leaks', 'it whistles']), kettle(['it talks'])] },
    forbidden('Only what is known of the kettle is noted.'),
  ),
  memory('add_observations', { observations: [kettle(['it leaks', 'it whistles'])] }),
  memory('delete_entities', { entityNames: ['vault'] }, forbidden('The vault stays.')),
  memory('delete_entities', { entityNames: ['tea'] }),
  memory('open_nodes', { names: ['kettle', 'tea'] }),
  thinking('sequentialthinking', thought),
  thinking('sequentialthinking', { ...thought, thoughtNumber: 2, branchFromThought: 1, branchId: 'draft-1' }),
  thinking('sequentialthinking', { ...thought, thoughtNumber: 6 }, forbidden('Five thoughts are enough.')),
  thinking('sequentialthinking', { ...thought, totalThoughts: 9 }, forbidden('Five thoughts are enough.')),
  thinking(
    'sequentialthinking',
    { ...thought, branchFromThought: 1, branchId: 'final' },
    forbidden('Branches are called draft.'),
  ),
  thinking('sequentialthinking', { ...thought, thoughtNumber: 3, nextThoughtNeeded: false }),
];
