// The conformance server in a process of its own. Asked for nothing, it answers with its URL.
import { answerQuestions } from '../../../../bench/src/child/childProcess.ts';
import { startConformanceServer } from './conformanceServer.ts';

answerQuestions(async (): Promise<string> => (await startConformanceServer()).url);
