// The map of docs/ARCHITECTURE.md as rules: which package may import which, and where each foreign library may appear.
const { workspaces: packages } = require('./package.json');
const { builtinModules } = require('node:module');

const builtins = `^(node:)?(${builtinModules.join('|')})$`;
const ours = `^(${packages.join('|')})/`;

const imports = (from, ...allowed) => ({
  name: `${from} imports only ${allowed.join(', ') || 'itself'}`,
  comment: 'The packages form layers; see the map in docs/ARCHITECTURE.md.',
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: ours, pathNot: `^(${[from, ...allowed].join('|')})/` },
});

const stays = (library, where) => ({
  name: `${library} stays in ${where}`,
  comment: 'A library is adapted in one folder, so that it can be replaced there.',
  severity: 'error',
  from: { path: ours, pathNot: `^(${where}|bench|integration-tests)/|\\.test\\.ts$|^engine/test/` },
  to: { path: `node_modules/${library}` },
});

module.exports = {
  forbidden: [
    imports('schemas'),
    imports('telemetry'),
    imports('dial', 'schemas'),
    imports('engine', 'schemas'),
    imports('bundles', 'schemas', 'engine', 'dial'),
    imports('pdp', 'schemas', 'engine', 'bundles', 'telemetry'),
    imports('pep', 'schemas', 'bundles', 'dial', 'telemetry'),
    imports('cli', 'schemas', 'engine', 'bundles', 'dial', 'pdp', 'pep'),
    {
      name: 'a proxy opens bundles and builds none',
      comment: 'It asks for verdicts: neither the engine nor the build may reach it.',
      severity: 'error',
      from: { path: '^pep/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(engine|bundles/src/build)/', reachable: true },
    },
    {
      name: 'opening a bundle needs no engine',
      comment: 'A proxy opens bundles and must not carry the engine.',
      severity: 'error',
      from: { path: '^bundles/src/open/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/', reachable: true },
    },
    {
      name: 'the engine runs anywhere',
      comment: 'It also runs in a browser and in replay: nothing it reaches may come from node.',
      severity: 'error',
      from: { path: '^engine/src/index\\.ts$' },
      to: { path: builtins, reachable: true },
    },
    {
      name: 'the engine does not carry zod',
      comment: 'Wire types belong to the edges.',
      severity: 'error',
      from: { path: '^engine/src/index\\.ts$' },
      to: { path: 'node_modules/zod', reachable: true },
    },
    {
      name: 'the engine knows no MCP',
      comment: 'It decides over any Cedar schema.',
      severity: 'error',
      from: { path: '^engine/src/' },
      to: { path: '^schemas/src/(mcp|wire)/' },
    },
    stays('@cedar-policy', 'bundles/src'),
    stays('express/', 'pdp/src/http'),
    stays('@opentelemetry', 'telemetry/src'),
    stays('@modelcontextprotocol', 'cli/src/mcp'),
    stays('zod', 'schemas/src/wire'),
    stays('undici/', 'dial/src|pep/src/act|pep/src/decide'),
    stays('ajv/', 'pep/src/resolve'),
    stays('re2js', 'pep/src/resolve'),
    stays('ioredis/', 'pep/src/redis'),
    stays('jose/', 'pep/src/identify/jwt'),
    {
      name: 'no cycles',
      comment: 'Two files that need each other are one file, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything resolves',
      comment: 'An import that cannot be resolved was not checked by any rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
