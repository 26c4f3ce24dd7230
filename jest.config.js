import { readFileSync } from 'node:fs';

const { workspaces } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

export default {
  testEnvironment: 'node',
  roots: [...workspaces, 'policies'].map((folder) => `<rootDir>/${folder}`),
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tools/stripTypes.js' },
  moduleFileExtensions: ['ts', 'js', 'json', 'wasm', 'node'],
  coverageProvider: 'v8',
  testTimeout: 30_000,
  maxConcurrency: 2,
};
