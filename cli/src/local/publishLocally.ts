// What a local service serves: the example, or a project that is watched. What somebody else made current in the state
// folder, by publishing or by a rollback, is left alone.
import type { EngineFile } from '@cardea/bundles';
import { ArchiveFault, openHead, readManifest, type Head, type Manifest } from '@cardea/bundles/open';
import { reportFailedTests, reportProblems } from '../bundle/buildReport.ts';
import { publishProject } from '../bundle/publishProject.ts';
import { Failure } from '../frame/failure.ts';
import type { Terminal } from '../frame/terminal.ts';
import { printDiagnostics } from '../report/problemList.ts';
import { failOnArchive } from '../trust/archiveLocation.ts';
import type { StateFolder } from './stateFolder.ts';
import { exampleFolder } from './whatToTry.ts';

export interface Published {
  readonly head: Head;
  readonly manifest: Manifest;
  /** Whether it is the example that ships with the product. */
  readonly isExample: boolean;
}

export interface LocalPublisher {
  readonly state: StateFolder;
  readonly engine: EngineFile;
  readonly terminal: Terminal;
}

/** Throws Failure where nothing is published in the end; what keeps a project from it is reported. */
export async function publishFirst(
  publisher: LocalPublisher,
  watched: string | undefined,
): Promise<Published> {
  const before = await failOnArchive(() => readPublished(publisher.state));
  if (watched !== undefined || before === undefined || before.isExample) {
    const head = await publishLocally(publisher, watched ?? exampleFolder);
    if (head !== undefined && watched === undefined) publisher.state.rememberExample(head.bundle);
  }
  const published = await failOnArchive(() => readPublished(publisher.state));
  if (published === undefined) throw new Failure('there is nothing to serve: no bundle was published');
  return published;
}

/** Undefined where the project is not published, which is reported: what was current stays. */
export async function publishLocally(
  { state, engine, terminal }: LocalPublisher,
  directory: string,
): Promise<Head | undefined> {
  const target = { archive: state.archive, signer: state.key('publisher'), others: [], engine };
  const outcome = await failOnArchive(() => publishProject(directory, target));
  switch (outcome.kind) {
    case 'published':
      printDiagnostics(terminal, outcome.warnings);
      return outcome.head;
    case 'problems':
      reportProblems(outcome.problems, { terminal, json: false });
      return undefined;
    case 'failed tests':
      reportFailedTests(outcome.run, { terminal, json: false });
      return undefined;
  }
}

/** Undefined before the first publication. */
async function readPublished(state: StateFolder): Promise<Published | undefined> {
  try {
    const head = openHead(await state.archive.readHead(), [state.key('publisher').verifier]);
    const manifest = readManifest(await state.archive.readManifest(head.bundle));
    return { head, manifest, isExample: head.bundle === state.lastExample() };
  } catch (fault) {
    if (fault instanceof ArchiveFault && fault.code === 'archive_missing') return undefined;
    throw fault;
  }
}
