import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { certificatesOf, inCluster, network, type Cluster } from '../cluster.ts';
import { lastLines, until } from '../commands.ts';
import { tryKubectl } from '../kubectl.ts';
import { accessTo } from './access.ts';
import { readFileSync } from 'node:fs';
import { binariesFolder } from './binaries.ts';
import { logFile, runningPid, startProcess } from './processes.ts';

/** Starts the store, the API server and the controllers, each unless it runs already; returns when they work. */
export async function startControlPlane(cluster: Cluster): Promise<void> {
  const programs = await binariesFolder(cluster.minor);
  await mkdir(inCluster(cluster, 'etcd'), { recursive: true, mode: 0o700 });
  startProcess(cluster, 'etcd', 'etcd', etcdArguments(cluster));
  startProcess(cluster, 'apiserver', path.join(programs, 'kube-apiserver'), apiServerArguments(cluster));
  await until('the API server to be ready', 90, () => isReady(cluster));
  const manager = controllerManagerArguments(cluster);
  startProcess(cluster, 'controller-manager', path.join(programs, 'kube-controller-manager'), manager);
  if (cluster.hasNodes) {
    startProcess(cluster, 'scheduler', path.join(programs, 'kube-scheduler'), schedulerArguments(cluster));
  }
  await until('the controllers to work', 60, () => hasDefaultAccount(cluster));
}

/** In the order in which they are stopped: whoever asks the API server first. */
export const controlPlaneProcesses = ['coredns', 'scheduler', 'controller-manager', 'apiserver', 'etcd'] as const;

async function isReady(cluster: Cluster): Promise<boolean> {
  for (const name of ['etcd', 'apiserver']) {
    if (runningPid(cluster, name) !== undefined) continue;
    throw new Error(
      `${name} has ended. Its last lines:\n${lastLines(readFileSync(logFile(cluster, name), 'utf8'), 15)}`,
    );
  }
  return (await tryKubectl(await accessTo(cluster), ['get', '--raw', '/readyz'])).code === 0;
}

const hasDefaultAccount = async (cluster: Cluster): Promise<boolean> =>
  (await tryKubectl(await accessTo(cluster), ['-n', 'default', 'get', 'serviceaccount', 'default'])).code === 0;

const etcdUrl = (cluster: Cluster): string => `http://127.0.0.1:${cluster.etcdPort}`;

function etcdArguments(cluster: Cluster): string[] {
  const peers = `http://127.0.0.1:${cluster.etcdPort + 1}`;
  return flags({
    'data-dir': inCluster(cluster, 'etcd'),
    // A test cluster need not survive a power cut, and waiting for the disk is what makes etcd slow.
    'unsafe-no-fsync': 'true',
    'listen-client-urls': etcdUrl(cluster),
    'advertise-client-urls': etcdUrl(cluster),
    'listen-peer-urls': peers,
    'initial-advertise-peer-urls': peers,
    'initial-cluster': `default=${peers}`,
  });
}

function apiServerArguments(cluster: Cluster): string[] {
  const keys = certificatesOf(cluster);
  return flags({
    'etcd-servers': etcdUrl(cluster),
    'bind-address': cluster.host,
    'secure-port': String(cluster.apiPort),
    'service-cluster-ip-range': network.services,
    'allow-privileged': 'true',
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'client-ca-file': `${keys}/ca.crt`,
    'tls-cert-file': `${keys}/apiserver.crt`,
    'tls-private-key-file': `${keys}/apiserver.key`,
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': `${keys}/accounts.pub`,
    'service-account-signing-key-file': `${keys}/accounts.key`,
    ...(cluster.hasNodes ? kubeletClient(cluster) : withoutEndpoints),
  });
}

function kubeletClient(cluster: Cluster): Record<string, string> {
  const keys = certificatesOf(cluster);
  return {
    'advertise-address': cluster.host,
    // It runs beside the nodes, where no kube-proxy answers for Services: webhooks are called at their pods.
    'enable-aggregator-routing': 'true',
    'kubelet-certificate-authority': `${keys}/ca.crt`,
    'kubelet-client-certificate': `${keys}/kubelet-client.crt`,
    'kubelet-client-key': `${keys}/kubelet-client.key`,
    'kubelet-preferred-address-types': 'InternalIP',
  };
}

/** A loopback address may not be published as the endpoint of the kubernetes Service, and no pod needs it. */
const withoutEndpoints = { 'endpoint-reconciler-type': 'none' };

function controllerManagerArguments(cluster: Cluster): string[] {
  const keys = certificatesOf(cluster);
  return flags({
    ...componentFlags(cluster, 'controller-manager'),
    'use-service-account-credentials': 'true',
    'service-account-private-key-file': `${keys}/accounts.key`,
    'root-ca-file': `${keys}/ca.crt`,
    'cluster-signing-cert-file': `${keys}/ca.crt`,
    'cluster-signing-key-file': `${keys}/ca.key`,
  });
}

const schedulerArguments = (cluster: Cluster): string[] => flags(componentFlags(cluster, 'scheduler'));

/** Several clusters share the machine, so nobody opens the stock port for metrics. */
const componentFlags = (cluster: Cluster, user: string): Record<string, string> => ({
  kubeconfig: path.join(certificatesOf(cluster), `${user}.kubeconfig`),
  'leader-elect': 'false',
  'secure-port': '0',
});

const flags = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).map(([name, value]) => `--${name}=${value}`);
