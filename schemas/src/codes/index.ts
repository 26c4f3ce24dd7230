export * from './codes.ts';
export { Refusal } from './refusal.ts';
