// One scene for the tests of a file, as new before each.
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { RelayScene } from './relayScene.ts';

export function useScene(): RelayScene {
  const scene = new RelayScene();
  beforeAll(() => scene.open());
  beforeEach(() => {
    scene.reset();
  });
  afterAll(() => scene.close());
  return scene;
}
