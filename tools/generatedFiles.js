// The files that `npm run generate` writes, by path. Each is rendered beside the table that it shows.
import { renderCliReference } from '../cli/src/frame/reference.ts';
import { renderOptionsReference } from '../cli/src/service/optionsReference.ts';
import { renderCodesReference } from '../schemas/src/codes/reference.ts';

export function generatedFiles() {
  return {
    'docs/reference/cli.md': renderCliReference(),
    'docs/reference/codes.md': renderCodesReference(),
    'docs/reference/options.md': renderOptionsReference(),
  };
}
