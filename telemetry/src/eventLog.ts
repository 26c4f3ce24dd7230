// Log lines: JSON, one to a line, under names that stay. Which events a service has, and that none of them holds a
// token, an argument or a property of a subject, is said beside the service.

export type EventLog<Event extends { readonly event: string }> = (event: Event) => void;

export function createEventLog<Event extends { readonly event: string }>(
  service: string,
  writeLine: (line: string) => void,
  now: () => number,
): EventLog<Event> {
  return ({ event, ...fields }) => {
    writeLine(JSON.stringify({ time: new Date(now()).toISOString(), service, event, ...fields }));
  };
}
