export {
  AuthorityReceiver,
  laggingMs,
  skewMs,
  staleMsDefault,
  type Floor,
  type FloorStore,
  type Freshness,
  type Received,
  type ReceiverOptions,
} from './authorityReceiver.ts';
export {
  intervalMsDefault,
  lifetimeMsDefault,
  signAuthority,
  type AuthoritySignerOptions,
} from './authoritySigner.ts';
export { BundleKeeper, type BundleKeeperOptions } from './bundleKeeper.ts';
export { FloorFile } from './floorFile.ts';
export {
  issueStatement,
  lifetimeMsMax,
  openStatement,
  StatementRefusal,
  type AuthorityStatement,
  type IssueOptions,
  type StatementCode,
} from './statement.ts';
