// A window that slides in steps: 64 to its length. What was added counts until the last moment of its step has left the
// window, so up to one step too long and never too short.

const stepsPerWindow = 64;

export function stepMsOf(windowMs: number): number {
  return Math.max(1, Math.ceil(windowMs / stepsPerWindow));
}

/** Steps before this one have left the window. */
export function firstStepOf(nowMs: number, windowMs: number): number {
  return Math.floor((nowMs - windowMs) / stepMsOf(windowMs));
}

export function stepOf(nowMs: number, windowMs: number): number {
  return Math.floor(nowMs / stepMsOf(windowMs));
}
