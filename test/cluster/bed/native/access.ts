import path from 'node:path';
import { kubeconfigOf, type Cluster } from '../cluster.ts';
import type { Access } from '../kubectl.ts';
import { binariesFolder } from './binaries.ts';

/** As administrator, with the kubectl of the cluster's own version. */
export const accessTo = async (cluster: Cluster): Promise<Access> => ({
  program: path.join(await binariesFolder(cluster.minor), 'kubectl'),
  kubeconfig: kubeconfigOf(cluster),
});
