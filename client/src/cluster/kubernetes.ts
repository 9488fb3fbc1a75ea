import type { KubernetesModule } from '#core/live/ports.ts';
import { createClusterDirectory } from './directory.ts';

/** dist/kubernetes.cjs: everything that talks to clusters. */
export { createClusterDirectory };

({ createClusterDirectory }) satisfies KubernetesModule;
