// The server on SDK 1 in a process of its own. Asked for nothing, it answers with its URL.
import { answerQuestions } from '../../../../bench/src/child/childProcess.ts';
import { startSessionServer } from './sessionServer.ts';

answerQuestions(async (): Promise<string> => (await startSessionServer()).url);
