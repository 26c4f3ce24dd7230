// The part of autocannon that the load generator uses; the package has no types of its own.
declare module 'autocannon' {
  export interface Client {
    setRequests(requests: readonly Request[]): void;
  }

  export interface Request {
    method: 'POST';
    path: string;
    headers: Readonly<Record<string, string>>;
    body: string;
  }

  export interface Options {
    url: string;
    connections: number;
    /** Seconds. Not looked at where there is an amount. */
    duration?: number;
    amount?: number;
    /** How often it looks whether it is done, in milliseconds. */
    sampleInt: number;
    /** Seconds. */
    timeout: number;
    setupClient: (client: Client) => void;
  }

  export interface Result {
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
    readonly start: Date;
    readonly finish: Date;
    readonly latency: { readonly p50: number; readonly p99: number };
  }

  export interface Run extends Promise<Result> {
    on(event: 'response', listener: () => void): this;
    stop(): void;
  }

  export default function autocannon(options: Options): Run;
}
