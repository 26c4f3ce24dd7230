// Everything that dials out does it through here.
export { AddressRanges, RangeFault } from './addressRanges.ts';
export type { DialPolicy } from './dialPolicy.ts';
export { DialRefusal, refusalBehind } from './dialRefusal.ts';
export { FetchFault, makeFetchBounded, type FetchBounded, type FetchedDocument } from './fetchBounded.ts';
export { makeGuardedFetch, type GuardedFetch } from './guardedFetch.ts';
export { makeGuardedConnector } from './guardedConnector.ts';
