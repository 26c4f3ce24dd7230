// Jest transform that plants one mistake: the runtime's own stripping of types, after one replacement in one file.
import { stripTypeScriptTypes } from 'node:module';

const planted = JSON.parse(process.env.CARDEA_MUTANT ?? 'null');

export default {
  process(source, path) {
    if (planted === null || !path.endsWith(planted.file)) return { code: stripTypeScriptTypes(source) };
    const code = source.replace(planted.find, () => planted.replace);
    if (code === source) throw new Error(`the mistake ${planted.name} no longer fits ${planted.file}`);
    return { code: stripTypeScriptTypes(code) };
  },
};
