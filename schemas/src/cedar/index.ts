export * from './coreSchema.ts';
export * from './extensionValue.ts';
export * from './projection.ts';
export * from './quote.ts';
export * from './reservedKeys.ts';
export * from './type.ts';
export * from './value.ts';
export * from './vocabulary.ts';
