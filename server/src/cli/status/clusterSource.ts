import { createRequire } from 'node:module';
import process from 'node:process';
import { liveSystems, type WatchedSystem } from '#core/live/liveSystems.ts';
import type { Clock, ClusterDirectory, KubernetesModule } from '#core/live/ports.ts';
import type { Operations } from '#core/operations/operations.ts';
import type { Log } from '#core/ports.ts';
import { CliError } from '#server/cli/errors.ts';

/** Where the command line gets clusters from: the kubeconfig files of this computer, or the memory of a test. */
export interface ClusterSource {
  readonly clock: Clock;
  readonly systems: readonly WatchedSystem[];
  /** Contacts nothing. @throws CliError when the program is not complete */
  openDirectory(options: {
    readonly kubeconfigs: readonly string[];
    readonly watchFiles: boolean;
    readonly log: Log;
  }): ClusterDirectory;
  /** Safe restarts and the like. @throws CliError when the program is not complete */
  operations(this: void): Operations;
}

const load = createRequire(import.meta.url);

/** What talks to clusters is a file beside the program; from the sources it is the one that was built last. */
const file = import.meta.url.endsWith('.ts') ? '../../../../dist/kubernetes.cjs' : './kubernetes.cjs';

const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return { stop: () => clearTimeout(timer) };
  },
};

export const kubernetesSource: ClusterSource = {
  clock: systemClock,
  systems: liveSystems,
  openDirectory: ({ kubeconfigs, watchFiles, log }) =>
    loadModule().createClusterDirectory({
      kubeconfigPaths: () => kubeconfigs,
      environment: process.env,
      log,
      watchFiles,
      clock: systemClock,
      onLoginMessage: (user, text) => log.warn(`${user}: ${text}`),
    }),
  operations: () => loadModule().operations,
};

interface LoadedModule extends KubernetesModule {
  readonly operations: Operations;
}

function loadModule(): LoadedModule {
  const module = tryLoad();
  if (isKubernetesModule(module)) return module;
  throw new CliError(
    'The part of this program that talks to clusters cannot be loaded.',
    'Install it again; in a checkout, run `npm run build`.',
  );
}

function tryLoad(): unknown {
  try {
    return load(file);
  } catch (error) {
    throw new CliError(
      `The part of this program that talks to clusters cannot be loaded: ${firstLine(error)}`,
      'Install it again; in a checkout, run `npm run build`.',
    );
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? '';
}

function isKubernetesModule(module: unknown): module is LoadedModule {
  if (typeof module !== 'object' || module === null) return false;
  return 'createClusterDirectory' in module && 'operations' in module;
}
