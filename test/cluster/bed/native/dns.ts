import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { certificatesOf, inCluster, network, type Cluster } from '../cluster.ts';
import { binariesFolder } from './binaries.ts';
import { startProcess } from './processes.ts';

/** The names of Services and pods, answered by a process on the host. */
export async function startDns(cluster: Cluster): Promise<void> {
  const file = inCluster(cluster, 'Corefile');
  await writeFile(file, corefile(cluster));
  startProcess(cluster, 'coredns', path.join(await binariesFolder(cluster.minor), 'coredns'), ['-conf', file]);
}

/** A short life of answers, so that a pod is found at its new address soon after a restart. */
const corefile = (cluster: Cluster): string => `.:53 {
  bind ${network.host}
  errors
  health 127.0.0.1:21481
  ready 127.0.0.1:21482
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${path.join(certificatesOf(cluster), 'dns.kubeconfig')} data-clusters-${cluster.name}
    pods insecure
    ttl 5
  }
}
`;
