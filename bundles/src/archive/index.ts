// What reads an archive. Nothing here reaches the engine, so that a proxy can import it.
export { DirectoryArchive } from './directoryArchive.ts';
export { UrlArchive, type UrlArchiveOptions } from './urlArchive.ts';
