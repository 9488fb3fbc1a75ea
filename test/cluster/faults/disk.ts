import { run } from '../bed/commands.ts';
import { nodeName, type NodeNumber } from '../bed/cluster.ts';
import { asArray, asText, at, parseJson } from '../bed/json.ts';
import { kubectl, tryKubectl } from '../bed/kubectl.ts';
import { until } from '../bed/commands.ts';
import type { Fault, FaultBed } from './fault.ts';
import { nodeNumberOf, nodeOfPod, nodeProcess, readPod } from './processes.ts';

const defaultMegabytes = 32;

/**
 * Volumes of the bed are folders of one disk, which must not be filled. So the pod's volume is first exchanged for a small
 * one with the same contents, and that one is filled. Both directions restart the pod.
 */
export const fillDisk: Fault = {
  name: 'fill-disk',
  target: 'pod',
  summary:
    'puts the volume of a pod on a small disk, --megabytes larger than its contents (default 32), and fills that',
  async apply(bed, target, { megabytes = defaultMegabytes }) {
    const volume = await volumeOf(bed, target);
    await whileStopped(bed, target, volume.node, () => inMounts(bed, volume.node, exchange(volume.folder, megabytes)));
    await waitUntilReady(bed, target);
    await inMounts(bed, volume.node, `cat /dev/zero >'${volume.folder}/filler' || true`);
    return { folder: volume.folder, node: nodeName(volume.node) };
  },
  async undo(bed, target, memo) {
    const folder = asText(memo['folder']);
    // Nothing was exchanged yet when bringing it about broke that early.
    if (folder === '') return;
    const node = nodeNumberOf(asText(memo['node']));
    await whileStopped(bed, target, node, () => inMounts(bed, node, giveBack(folder)));
    await waitUntilReady(bed, target);
  },
};

interface PodVolume {
  readonly node: NodeNumber;
  readonly folder: string;
}

/** The first claim of a pod, which must be on a volume that is bound to its node. */
async function volumeOf(bed: FaultBed, target: string): Promise<PodVolume> {
  const pod = await readPod(bed, target);
  const [namespace = ''] = target.split('/');
  const claims = asArray(at(pod, 'spec', 'volumes')).map((one) =>
    asText(at(one, 'persistentVolumeClaim', 'claimName')),
  );
  const claim = claims.find((name) => name !== '');
  if (claim === undefined) throw new Error(`${target} has no volume.`);
  const get = async (...args: string[]): Promise<ReturnType<typeof parseJson>> =>
    parseJson(await kubectl(bed.access, [...args, '-o', 'json']));
  const bound = await get('-n', namespace, 'get', 'pvc', claim);
  const volume = await get('get', 'pv', asText(at(bound, 'spec', 'volumeName')));
  const folder = asText(at(volume, 'spec', 'local', 'path'));
  if (!folder.startsWith(`${bed.cluster.folder}/volumes/`)) throw new Error(`The volume of ${target} is not local.`);
  return { node: nodeOfPod(pod), folder };
}

/** Keeps the pod away while `work` runs: its volume is bound to the node, so on a cordoned node it waits. */
async function whileStopped(
  bed: FaultBed,
  target: string,
  node: NodeNumber,
  work: () => Promise<unknown>,
): Promise<void> {
  const [namespace = '', pod = ''] = target.split('/');
  await kubectl(bed.access, ['cordon', nodeName(node)]);
  try {
    await kubectl(bed.access, ['-n', namespace, 'delete', 'pod', pod, '--ignore-not-found', '--timeout=320s']);
    await work();
  } finally {
    await kubectl(bed.access, ['uncordon', nodeName(node)]);
  }
}

async function waitUntilReady(bed: FaultBed, target: string): Promise<void> {
  const [namespace = '', pod = ''] = target.split('/');
  const condition = "jsonpath={.status.conditions[?(@.type=='Ready')].status}";
  await until(`${target} to be ready`, 300, async () => {
    const { stdout } = await tryKubectl(bed.access, ['-n', namespace, 'get', 'pod', pod, '-o', condition]);
    return stdout === 'True';
  });
}

/** A shell that sees the disks as the node's kubelet does. */
const inMounts = (bed: FaultBed, node: NodeNumber, script: string): Promise<string> =>
  run('nsenter', ['--target', String(nodeProcess(bed, node)), '--mount', '--', 'sh', '-euc', script]);

/** A file system in memory, so that neither its making nor its filling touches the machine's disk. */
const exchange = (folder: string, megabytes: number): string => `
size=$(( $(du -sk '${folder}' | cut -f1) + ${megabytes} * 1024 ))
mkdir -p '${folder}.small'
mount -t tmpfs -o size="$size"k tmpfs '${folder}.small'
cp -a --sparse=always '${folder}/.' '${folder}.small/'
mount --bind '${folder}.small' '${folder}'
`;

const giveBack = (folder: string): string => `
rm -f '${folder}/filler'
if mountpoint -q '${folder}'; then umount '${folder}'; fi
if mountpoint -q '${folder}.small'; then
  find '${folder}' -mindepth 1 -delete
  cp -a --sparse=always '${folder}.small/.' '${folder}/'
  umount '${folder}.small'
fi
rmdir '${folder}.small'
`;
