// The imports that a Cedar build may ask of its host. Builds 4.5 to 4.13 share these stems and differ only in a hash
// suffix, so an archived engine binds by stem; a build that asks for anything else is refused before it runs.

/** What the host lends to the engine. Texts cross as pre-serialised JSON, which keeps integers exact to 64 bits. */
export interface HostFunctions {
  readonly isUndefined: (value: unknown) => boolean;
  readonly getString: (resultPointer: number, value: unknown) => void;
  readonly throwText: (pointer: number, length: number) => never;
  readonly parse: (pointer: number, length: number) => unknown;
  readonly stringify: (value: unknown) => unknown;
  readonly initTable: () => void;
}

const hostFunctionByStem: Readonly<Record<string, keyof HostFunctions>> = {
  __wbg___wbindgen_is_undefined: 'isUndefined',
  __wbg___wbindgen_string_get: 'getString',
  __wbg___wbindgen_throw: 'throwText',
  __wbg_parse: 'parse',
  __wbg_stringify: 'stringify',
  __wbindgen_init_externref_table: 'initTable',
};

const hashSuffix = /_[0-9a-f]{16}$/;

/** The import object for one build. Throws when the build asks for a function that is not in the table. */
export function bindImports(
  module: WebAssembly.Module,
  host: HostFunctions,
): Record<string, Record<string, unknown>> {
  const bound: Record<string, Record<string, unknown>> = {};
  for (const { module: space, name, kind } of WebAssembly.Module.imports(module)) {
    const stem = name.replace(hashSuffix, '');
    if (kind !== 'function' || !Object.hasOwn(hostFunctionByStem, stem)) {
      throw new Error(`this engine build asks for the unknown import ${JSON.stringify(name)}`);
    }
    (bound[space] ??= {})[name] = host[hostFunctionByStem[stem] as keyof HostFunctions];
  }
  return bound;
}
