// What may be logged of a fault of Redis. Errors of commands carry the command, and some servers repeat its arguments in
// their text: a password could be among them.

const codePattern = /^[A-Z]{2,32}(?= )/;

/** Longer texts say nothing more. */
const textCharactersMax = 120;

type Told = Partial<NodeJS.ErrnoException> & { readonly lastNodeError?: unknown };

/** Whether Redis itself has answered so. */
export function isReply(fault: unknown): boolean {
  return toTold(fault).name === 'ReplyError';
}

export function describeRedisFault(fault: unknown): string {
  const { message = 'unknown', code, syscall, lastNodeError } = toTold(fault);
  if (isReply(fault)) return `it answers ${codePattern.exec(message)?.[0] ?? 'with an error'}`;
  if (lastNodeError !== undefined && lastNodeError !== null) return describeRedisFault(lastNodeError);
  if (code !== undefined) return [syscall, code].filter(Boolean).join(' ');
  // After that comes what another server said.
  const [text = ''] = message.split(' Last error');
  return text.slice(0, textCharactersMax);
}

function toTold(fault: unknown): Told {
  return typeof fault === 'object' && fault !== null ? fault : {};
}
