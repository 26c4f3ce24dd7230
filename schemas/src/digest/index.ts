export { digestOf, hexOf, isDigest, sha256Bytes, sha256Hex, type Digest } from './digest.ts';
