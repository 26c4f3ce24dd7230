// What local services tell: for people. What goes as it should is one line or none; what does not is the service's own
// log line.
import { createLog as createPdpLog, type Log as DecisionLog } from '@cardea/pdp';
import { createLog as createPepLog, type Log as ProxyLog } from '@cardea/pep';
import type { Terminal } from '../frame/terminal.ts';

const asItShould: ReadonlySet<string> = new Set(['listening', 'closing', 'closed', 'bundle_current']);

/** `first` is the bundle that the start has told of. */
export function createDecisionLog(terminal: Terminal, first: string): DecisionLog {
  const logLine = createPdpLog(writeTo(terminal), Date.now);
  let current = first;
  return (event) => {
    if (asItShould.has(event.event)) return;
    if (event.event !== 'bundle_loaded') {
      logLine(event);
      return;
    }
    if (event.bundle !== current) terminal.out(`now decides by ${event.bundle}\n`);
    current = event.bundle;
  };
}

export function createProxyLog(terminal: Terminal): ProxyLog {
  const logLine = createPepLog(writeTo(terminal), Date.now);
  return (event) => {
    if (!asItShould.has(event.event)) logLine(event);
  };
}

function writeTo(terminal: Terminal): (line: string) => void {
  return (line) => {
    terminal.err(`${line}\n`);
  };
}
