import base from '../../../jest.config.js';

export default {
  ...base,
  rootDir: '../../..',
  cache: false,
  transform: { '\\.ts$': '<rootDir>/integration-tests/src/mutants/transform.js' },
};
