export default {
  testEnvironment: 'node',
  roots: ['schemas', 'telemetry', 'engine', 'bundles', 'pdp', 'pep', 'cli', 'policies', 'bench', 'integration-tests'].map(
    (folder) => `<rootDir>/${folder}`,
  ),
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tools/stripTypes.js' },
  moduleFileExtensions: ['ts', 'js', 'json', 'wasm', 'node'],
  coverageProvider: 'v8',
  testTimeout: 30_000,
  maxConcurrency: 2,
};
