import type { LiveModule } from '#client/live/liveModule.ts';
import { liveSystems } from '#core/live/liveSystems.ts';
import { watchContext } from '#core/live/session.ts';
import { operations } from '#core/systems/operations.ts';
import { createDemoDirectory } from './demoDirectory.ts';
import { createClusterDirectory } from './directory.ts';

/** dist/kubernetes.cjs: everything that talks to clusters, and everything that makes sense of what they say. */
export { createClusterDirectory, createDemoDirectory, operations, watchContext };

/** Systems that can be asked themselves. */
export const askableSystems = liveSystems.filter(({ live }) => live.inspect !== undefined).map(({ id }) => id);

({ createClusterDirectory, createDemoDirectory, watchContext, operations, askableSystems }) satisfies LiveModule;
