// The echo in a process of its own, so that what it costs is not counted as anybody's else.
import { answerQuestions } from '../../child/childProcess.ts';
import { startEchoServer, type EchoUrls } from './echoServer.ts';

answerQuestions((): Promise<EchoUrls> => startEchoServer());
