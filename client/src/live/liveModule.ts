import { createRequire } from 'node:module';
import type { Clock, Cluster, ClusterDirectory, DirectoryOptions, KubernetesModule } from '#core/live/ports.ts';
import type { WatchOptions } from '#core/live/session.ts';
import type { ContextWatch } from '#core/live/view.ts';
import type { Operations } from '#core/operations/operations.ts';
import type { Log } from '#core/ports.ts';
import type { SystemId } from '#core/systems/contract.ts';

export interface DemoOptions {
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything about live clusters that is not loaded before somebody looks at them: what `dist/kubernetes.cjs` exports. */
export interface LiveModule extends KubernetesModule {
  watchContext(this: void, cluster: Cluster, options: WatchOptions): ContextWatch;
  /** A directory with simulated clusters; contacts nothing. */
  createDemoDirectory(this: void, options: DemoOptions): ClusterDirectory;
  /** Systems that can be asked themselves. */
  readonly askableSystems: readonly SystemId[];
  /** Safe restarts and the like. */
  readonly operations: Operations;
}

export type { DirectoryOptions };

const load = createRequire(import.meta.url);

let loaded: LiveModule | undefined;

/** @throws Error when the file is missing or another one than this program was built with */
export function loadLiveModule(): LiveModule {
  return (loaded ??= readModule(load('./kubernetes.cjs')));
}

function readModule(module: unknown): LiveModule {
  if (!isLiveModule(module)) throw new Error('kubernetes.cjs is broken: install the extension again.');
  return module;
}

const functions = ['createClusterDirectory', 'watchContext', 'createDemoDirectory'] as const;

function isLiveModule(module: unknown): module is LiveModule {
  if (typeof module !== 'object' || module === null || !('askableSystems' in module)) return false;
  const members = new Map<string, unknown>(Object.entries(module));
  return functions.every((name) => typeof members.get(name) === 'function');
}
