// What the service needs of an engine: the engine itself, or one under watch.
import type { Engine } from '@cardea/engine';

export type Judge = Pick<Engine, 'decide' | 'dependsOn' | 'isVisible' | 'explainSteps'>;
