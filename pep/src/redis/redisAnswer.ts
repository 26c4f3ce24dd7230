// What comes of asking Redis: an answer, or one word for why there is none. It is never an exception.

/** `refused`: Redis answered with an error. `overloaded`: too much waits for an answer already. */
export type RedisFailure = 'unreachable' | 'timed_out' | 'refused' | 'overloaded';

export type RedisAnswer<T> =
  { readonly kind: 'answered'; readonly value: T } | { readonly kind: 'failed'; readonly why: RedisFailure };
