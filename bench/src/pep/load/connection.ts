// One connection of the load generator, a raw socket: it sends what it is given when the answer before is complete.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { AnswerReader, type Answer } from './answerReader.ts';

export class Connection {
  readonly #socket: Socket;
  readonly #reader = new AnswerReader();
  #resolve: ((answer: Answer) => void) | undefined;
  #reject: ((fault: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      this.#take(bytes);
    });
    socket.on('error', (fault) => {
      this.#fail(fault);
    });
    socket.on('close', () => {
      this.#fail(new Error('the connection was closed'));
    });
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** Calls back rather than promising: what the generator costs is missing to whom it measures. */
  send(bytes: Buffer, onAnswer: (answer: Answer) => void, onFault: (fault: Error) => void): void {
    this.#resolve = onAnswer;
    this.#reject = onFault;
    this.#socket.write(bytes);
  }

  /** Whoever waits for an answer is told that none comes. */
  close(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    try {
      const answer = this.#reader.push(bytes);
      if (answer === undefined) return;
      const resolve = this.#resolve;
      this.#forget();
      resolve?.(answer);
    } catch (fault) {
      this.#fail(fault as Error);
      this.#socket.destroy();
    }
  }

  #fail(fault: Error): void {
    const reject = this.#reject;
    this.#forget();
    reject?.(fault);
  }

  #forget(): void {
    this.#resolve = undefined;
    this.#reject = undefined;
  }
}
