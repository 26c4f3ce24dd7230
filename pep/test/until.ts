// Waits for something that happens by itself.

const attemptsMax = 400;
const pauseMs = 10;

/** Looks until it is so; fails the test when it never is. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error('what was waited for did not happen');
}
