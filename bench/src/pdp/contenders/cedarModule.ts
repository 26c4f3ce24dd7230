// The installed engine, compiled once for everything in this process that runs it.
import { loadInstalledEngine } from '@cardea/bundles';

export const { module: cedarModule } = await loadInstalledEngine();
