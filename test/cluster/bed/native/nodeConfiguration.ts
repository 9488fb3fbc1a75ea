import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from '../../../../scripts/editor/paths.mjs';
import { certificatesOf, inCluster, network, nodeName, prefix, type Cluster, type NodeNumber } from '../cluster.ts';

/** The root of a node's control groups, for everything that its kubelet starts. */
export const cgroupOf = (node: NodeNumber): string => `${prefix}-${nodeName(node)}`;

export const nodeFolder = (cluster: Cluster, node: NodeNumber): string => inCluster(cluster, 'nodes', nodeName(node));

/** Writes what containerd, the kubelet, kube-proxy and the pod network of a node read. */
export async function writeNodeConfiguration(cluster: Cluster, node: NodeNumber): Promise<void> {
  const folder = nodeFolder(cluster, node);
  const keys = certificatesOf(cluster);
  await mkdir(folder, { recursive: true });
  await writeFile(inCluster(cluster, 'resolv.conf'), '');
  await copyFile(inProject('test/cluster/bed/native/node/containerd.toml'), path.join(folder, 'containerd.toml'));
  await copyFile(path.join(keys, `${nodeName(node)}.kubeconfig`), path.join(folder, 'kubeconfig'));
  await writeJson(path.join(folder, 'kubelet.json'), kubeletConfiguration(cluster, node));
  await writeJson(path.join(folder, 'proxy.json'), proxyConfiguration(cluster, node));
  await writeJson(path.join(folder, 'pods.conflist'), podNetwork(node));
}

function kubeletConfiguration(cluster: Cluster, node: NodeNumber): object {
  const keys = certificatesOf(cluster);
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: network.nodeAddress(node),
    readOnlyPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${keys}/ca.crt` },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: `${keys}/${nodeName(node)}.crt`,
    tlsPrivateKeyFile: `${keys}/${nodeName(node)}.key`,
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroupOf(node)}`,
    failSwapOn: false,
    failCgroupV1: false,
    oomScoreAdj: 0,
    clusterDomain: 'cluster.local',
    clusterDNS: [network.host],
    resolvConf: inCluster(cluster, 'resolv.conf'),
    maxPods: 40,
    nodeStatusUpdateFrequency: '5s',
    // Otherwise images that no registry could bring back are deleted, or pods evicted, on a machine whose disk is full.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '1%',
      'imagefs.available': '1%',
      'nodefs.inodesFree': '1%',
    },
  };
}

function proxyConfiguration(cluster: Cluster, node: NodeNumber): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    bindAddress: network.nodeAddress(node),
    hostnameOverride: nodeName(node),
    clientConnection: { kubeconfig: path.join(certificatesOf(cluster), 'proxy.kubeconfig') },
    clusterCIDR: network.pods,
    mode: 'nftables',
    // These settings of the kernel are read-only outside of the machine's first network namespace.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    oomScoreAdj: 0,
  };
}

/** Routed, not bridged: Service addresses work inside a node without the kernel's bridge filter. */
const podNetwork = (node: NodeNumber): object => ({
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [
    {
      type: 'ptp',
      ipMasq: false,
      mtu: network.mtu,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: network.podsOfNode(node) }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
  ],
});

const writeJson = (file: string, value: object): Promise<void> =>
  writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
