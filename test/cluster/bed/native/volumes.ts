import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { defaultNodes, inCluster, nodeName, type Cluster, type NodeNumber } from '../cluster.ts';
import { asArray, asText, at, parseJson, type Json } from '../json.ts';
import { applyObjects, kubectl } from '../kubectl.ts';
import { accessTo } from './access.ts';

const perNode = 5;
const shared = 8;

/** Nothing measures it: volumes are folders of one disk. Large enough for what samples ask for. */
const capacity = '200Gi';

interface Volume {
  readonly name: string;
  readonly folder: string;
  readonly spec: object;
}

/**
 * Volumes of both kinds. There is no provisioner, so they are made in advance. Those whose claim is gone are emptied and
 * made anew, as a provisioner would.
 */
export async function provideVolumes(
  cluster: Cluster,
  nodes: readonly NodeNumber[] = defaultNodes,
): Promise<string | undefined> {
  const phases = await phasesByName(cluster);
  const volumes = [...nodes.flatMap((node) => localVolumes(cluster, node)), ...sharedVolumes(cluster)];
  const released = volumes.filter(({ name }) => phases.get(name) === 'Released');
  await removeVolumes(cluster, released);
  const missing = volumes.filter((volume) => !phases.has(volume.name) || released.includes(volume));
  if (missing.length === 0) return 'kept';
  for (const { folder } of missing) await makeFolder(folder);
  await applyObjects(await accessTo(cluster), missing.map(persistentVolume));
  return `${missing.length} made`;
}

const localVolumes = (cluster: Cluster, node: NodeNumber): Volume[] =>
  numbers(perNode).map((number) => {
    const folder = inCluster(cluster, 'volumes', nodeName(node), String(number));
    const key = 'kubernetes.io/hostname';
    const terms = [{ matchExpressions: [{ key, operator: 'In', values: [nodeName(node)] }] }];
    const nodeAffinity = { required: { nodeSelectorTerms: terms } };
    return {
      name: `local-${nodeName(node)}-${number}`,
      folder,
      spec: { storageClassName: 'local', local: { path: folder }, nodeAffinity },
    };
  });

/** All nodes see one file system, so a folder without affinity to a node behaves like a network disk. */
const sharedVolumes = (cluster: Cluster): Volume[] =>
  numbers(shared).map((number) => {
    const folder = inCluster(cluster, 'volumes', 'shared', String(number));
    return { name: `shared-${number}`, folder, spec: { storageClassName: 'shared', hostPath: { path: folder } } };
  });

const persistentVolume = ({ name, spec }: Volume): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    capacity: { storage: capacity },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    ...spec,
  },
});

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // The kubelet gives local volumes to the group of the pod, but leaves folders of the host alone.
  await chmod(folder, 0o777);
}

async function removeVolumes(cluster: Cluster, volumes: readonly Volume[]): Promise<void> {
  if (volumes.length === 0) return;
  await kubectl(await accessTo(cluster), ['delete', 'pv', ...volumes.map(({ name }) => name)]);
  for (const { folder } of volumes) {
    for (const entry of await readdir(folder)) await rm(path.join(folder, entry), { recursive: true });
  }
}

async function phasesByName(cluster: Cluster): Promise<ReadonlyMap<string, string>> {
  const list = parseJson(await kubectl(await accessTo(cluster), ['get', 'pv', '-o', 'json']));
  return new Map(asArray(at(list, 'items')).map(nameAndPhase));
}

const nameAndPhase = (volume: Json): [string, string] => [
  asText(at(volume, 'metadata', 'name')),
  asText(at(volume, 'status', 'phase')),
];

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
