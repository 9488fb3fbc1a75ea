import { existsSync, readdirSync } from 'node:fs';
import { clustersFolder, controlPlaneCluster, fullCluster, kubeconfigOf, type Cluster } from './cluster.ts';
import { tryKubectl } from './kubectl.ts';
import { kindFolder, kindKubeconfig } from './kind/driver.ts';
import { accessTo } from './native/access.ts';
import { recordedProcesses, runningPid } from './native/processes.ts';
import { minors, nodeMinor } from './versions.ts';

/** Prints what runs, cluster by cluster. */
export async function printStatus(write: (line: string) => void): Promise<void> {
  const clusters = existingClusters();
  if (clusters.length === 0 && !existsSync(kindFolder()))
    write('No test cluster. Bring one up with: npm run cluster up');
  for (const cluster of clusters) await printCluster(cluster, write);
  if (existsSync(kindFolder())) write(`kind: KUBECONFIG=${kindKubeconfig()} (kind get nodes --name data-clusters)`);
}

/** Those that have files, whether anything runs or not. */
function existingClusters(): Cluster[] {
  const present = existsSync(clustersFolder()) ? readdirSync(clustersFolder()) : [];
  const known = [fullCluster(nodeMinor), ...minors.map(controlPlaneCluster)];
  return known.filter(({ name }) => present.includes(name));
}

async function printCluster(cluster: Cluster, write: (line: string) => void): Promise<void> {
  const states = recordedProcesses(cluster).map((name) => {
    const pid = runningPid(cluster, name);
    return pid === undefined ? `${name} ended` : `${name} ${pid}`;
  });
  write(`${cluster.name}: Kubernetes ${cluster.minor}, KUBECONFIG=${kubeconfigOf(cluster)}`);
  write(`  processes: ${states.length === 0 ? 'none' : states.join(', ')}`);
  if (runningPid(cluster, 'apiserver') === undefined || !cluster.hasNodes) return;
  const { stdout, stderr } = await tryKubectl(await accessTo(cluster), [
    'get',
    'nodes,pods',
    '--all-namespaces',
    '-o',
    'wide',
  ]);
  write(stdout === '' ? stderr : stdout);
}
