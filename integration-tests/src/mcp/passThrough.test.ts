// The bare pass-through changes nothing: so where a proxy does, it is not for passing on.
import { describe } from '@jest/globals';
import { describeTransparency } from './describeTransparency.ts';
import { startPassThrough } from './endpoint.ts';

describe('the bare pass-through', () => {
  describeTransparency(startPassThrough);
});
