// Bare node:http that passes on: what any proxy costs at least.
import { startPassThrough } from '../../../passThrough/passThrough.ts';
import { answerAsProxy } from '../../proxy/answerAsProxy.ts';

answerAsProxy((upstream: string) => startPassThrough(upstream));
