// Remembers what the validator said of a policy under a schema, so that publishing validates only pairs whose text
// changed. A local file of the publisher's own machine: whoever can write it can already change the sources.

import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isNotFound } from '../archive/boundedFile.ts';
import { replaceFile } from '../archive/durableFile.ts';
import type { CedarError } from './buildProblem.ts';

/** Warnings by pair, which is a digest over engine, schema and policy text. Pairs with errors are never kept. */
export type ValidatedPairs = ReadonlyMap<string, readonly CedarError[]>;

export interface ValidationCache {
  get(pair: string): readonly CedarError[] | undefined;
  /** Replaces everything: pairs that the last build did not need are forgotten. */
  replace(pairs: ValidatedPairs): Promise<void>;
}

/** Pairs kept; what is beyond is validated again. */
const pairsMax = 1_000_000;

/** One line a pair: the digest, and the warnings where there are any. */
const linePattern = /^([0-9a-f]{64})(?: (\[.*\]))?$/;

export class ValidationCacheFile implements ValidationCache {
  readonly #path: string;
  #pairs: ValidatedPairs;

  private constructor(path: string, pairs: ValidatedPairs) {
    this.#path = path;
    this.#pairs = pairs;
  }

  /** Empty where there is no such file; lines that are no pairs are passed over. */
  static async open(path: string): Promise<ValidationCacheFile> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isNotFound(error)) return '';
      throw error;
    });
    return new ValidationCacheFile(path, new Map(text.split('\n').flatMap(readLine)));
  }

  get(pair: string): readonly CedarError[] | undefined {
    return this.#pairs.get(pair);
  }

  async replace(pairs: ValidatedPairs): Promise<void> {
    this.#pairs = pairs;
    await mkdir(dirname(this.#path), { recursive: true });
    const lines = [...pairs].slice(0, pairsMax).map(([pair, warnings]) => writeLine(pair, warnings));
    await replaceFile(this.#path, Buffer.from(lines.join('\n')), { durable: false });
  }
}

/** For one build alone. */
export class NoValidationCache implements ValidationCache {
  get(): undefined {
    return undefined;
  }

  replace(): Promise<void> {
    return Promise.resolve();
  }
}

function writeLine(pair: string, warnings: readonly CedarError[]): string {
  return warnings.length === 0 ? pair : `${pair} ${JSON.stringify(warnings)}`;
}

function readLine(line: string): [string, readonly CedarError[]][] {
  const [, pair, warnings] = linePattern.exec(line) ?? [];
  if (pair === undefined) return [];
  return [[pair, warnings === undefined ? [] : (JSON.parse(warnings) as CedarError[])]];
}
