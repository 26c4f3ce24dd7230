// What a signer tells whoever runs it: JSON, one line to an event. A fault that lasts is told once, and its end too.
import type { Head } from '@cardea/bundles/open';

export interface SignerLog {
  readonly issued: (head: Head) => void;
  readonly fault: (fault: unknown) => void;
}

export function createSignerLog(writeLine: (line: string) => void, now: () => number): SignerLog {
  let last = '';
  const tell = (event: string, fields: Readonly<Record<string, unknown>>): void => {
    const told = JSON.stringify({ event, ...fields });
    if (told === last) return;
    last = told;
    writeLine(
      JSON.stringify({ time: new Date(now()).toISOString(), service: 'cardea-signer', event, ...fields }),
    );
  };
  return {
    issued: ({ organisation, seq, bundle }) => {
      tell('authority_issued', { organisation, seq, bundle });
    },
    fault: (fault) => {
      const { message, code } = fault as Error & { readonly code?: string };
      tell('authority_not_issued', { ...(code === undefined ? {} : { code }), message });
    },
  };
}
