// A pass-through in a process of its own. Asked for the URL of an upstream, it answers with its own.
import { answerQuestions } from '../child/childProcess.ts';
import { startPassThrough } from './passThrough.ts';

answerQuestions(async (upstream: string): Promise<string> => (await startPassThrough(upstream)).url);
