// Jest transform: exactly what the runtime does (types become spaces), so that lines, columns and coverage need no source maps.
import { stripTypeScriptTypes } from 'node:module';

export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
