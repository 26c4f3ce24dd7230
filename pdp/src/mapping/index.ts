export { createMapping } from './createMapping.ts';
export { type Mapped, type Mapping } from './mapping.ts';
