// Where the echo on standard streams is: a file that Node runs.
import { fileURLToPath } from 'node:url';

export const stdioEcho = fileURLToPath(new URL('stdio.ts', import.meta.url));
