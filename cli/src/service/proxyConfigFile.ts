// pep.json, as a command is given it: what is wrong in it is shown where it stands.
import { dirname } from 'node:path';
import { readProxyConfig, type ProxyConfig } from '@cardea/pep';
import { JsonRefusal } from '@cardea/schemas/json';
import type { Terminal } from '../frame/terminal.ts';
import { readTextFile } from '../project/inputFiles.ts';
import { describeRefusal } from '../project/schema.ts';
import { printDiagnostics } from '../report/problemList.ts';

/** Paths in it are relative to its folder. Undefined where it is not right, which is reported. Throws Failure. */
export function readConfigFile(path: string, terminal: Terminal): ProxyConfig | undefined {
  const file = readTextFile(path);
  try {
    return readProxyConfig(file.text, dirname(path));
  } catch (refusal) {
    if (!(refusal instanceof JsonRefusal)) throw refusal;
    printDiagnostics(terminal, [describeRefusal(refusal, file)]);
    return undefined;
  }
}
