import path from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../../../scripts/editor/paths.mjs';
import type { KubernetesMinor } from './versions.ts';

/** One cluster on this machine: where it keeps its files and which addresses it uses. */
export interface Cluster {
  readonly name: string;
  readonly minor: KubernetesMinor;
  /** False for a control plane alone, which runs no pods. */
  readonly hasNodes: boolean;
  readonly folder: string;
  /** Where the API server listens. */
  readonly host: string;
  readonly apiPort: number;
  readonly etcdPort: number;
}

/** Node names, addresses and cgroups all carry the number. */
export type NodeNumber = number;

/** The nodes that `up` starts; a fourth to a sixth may be added to a running cluster. */
export const defaultNodes: readonly NodeNumber[] = [1, 2, 3];
export const possibleNodes: readonly NodeNumber[] = [1, 2, 3, 4, 5, 6];

/** Prefix of everything the bed puts into the machine: network namespaces, links, cgroups. */
export const prefix = 'dct';

/** Fixed private networks, so that left-overs of a crash are recognised. */
export const network = {
  bridge: `${prefix}0`,
  host: '10.240.0.1',
  services: '10.96.0.0/16',
  firstService: '10.96.0.1',
  pods: '10.244.0.0/16',
  mtu: 1400,
  nodeAddress: (node: NodeNumber) => `10.240.0.1${node}`,
  podsOfNode: (node: NodeNumber) => `10.244.${node}.0/24`,
  namespace: (node: NodeNumber) => `${prefix}n${node}`,
  link: (node: NodeNumber) => `${prefix}v${node}`,
} as const;

export const nodeName = (node: NodeNumber): string => `node${node}`;

/** Ports that neither a stock etcd nor a stock API server on the same machine uses. */
const basePorts: Record<KubernetesMinor, number> = { '1.34': 21340, '1.33': 21330 };

/** The folder for everything the bed keeps: binaries and images by version, and the clusters. */
export function bedFolder(): string {
  const own = process.env['DATA_CLUSTERS_TESTBED'];
  return own === undefined || own === '' ? path.join(cacheFolder(), 'testbed') : path.resolve(own);
}

/** Every cluster there is or was. */
export const clustersFolder = (): string => path.join(bedFolder(), 'clusters');

/** Three nodes with pods. */
export function fullCluster(minor: KubernetesMinor): Cluster {
  const base = { name: 'bed', minor, hasNodes: true, host: network.host, apiPort: 6443, etcdPort: 21400 };
  return { ...base, folder: path.join(clustersFolder(), base.name) };
}

/** An API server, its store and the controllers, on loopback: no root, no nodes, up in seconds. */
export function controlPlaneCluster(minor: KubernetesMinor): Cluster {
  const name = `control-plane-${minor}`;
  const port = basePorts[minor];
  const ports = { apiPort: port, etcdPort: port + 1 };
  return { name, minor, hasNodes: false, host: '127.0.0.1', ...ports, folder: path.join(clustersFolder(), name) };
}

export const kubeconfigOf = (cluster: Cluster): string => path.join(cluster.folder, 'kubeconfig');
export const certificatesOf = (cluster: Cluster): string => path.join(cluster.folder, 'certificates');
export const inCluster = (cluster: Cluster, ...parts: string[]): string => path.join(cluster.folder, ...parts);
export const apiServerUrl = (cluster: Cluster): string => `https://${cluster.host}:${cluster.apiPort}`;
