import type { Member } from '#core/systems/cassandra/rules/members.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Where the images of Cassandra keep data: the official one and those of the operators, Bitnami, the Kubernetes example. */
const DATA_PATHS = ['/var/lib/cassandra', '/bitnami/cassandra', '/cassandra_data'];

/** Volume sources that hold files of the manifest or of the cluster, never data. */
const FILES = ['configMap', 'secret', 'downwardAPI', 'projected', 'image', 'serviceAccountToken'];

/** What stands behind a mount: a claim template, another disk, a folder of the Kubernetes node, room of the pod, or files. */
export type VolumeKind = 'claim' | 'disk' | 'hostPath' | 'emptyDir' | 'files' | 'unknown';

export interface Mount {
  readonly mount: NodeView;
  readonly path: string;
  readonly kind: VolumeKind;
  readonly volume: NodeView | undefined;
}

/** The mounts of a member; undefined when there may be others or one cannot be read. */
export function readMounts({ container, pod, object }: Member): readonly Mount[] | undefined {
  const places = [container, pod.spec, object.spec];
  if (places.some((place) => place.isOpen)) return undefined;
  const mounts = container.field('volumeMounts').items.map((mount): Mount | undefined => {
    const name = mount.field('name').text;
    const path = mount.field('mountPath').text;
    return name === undefined || path === undefined ? undefined : { mount, path, ...findVolume(name, pod) };
  });
  return mounts.every((mount) => mount !== undefined) ? mounts : undefined;
}

/** Whether a path is the directory of the data or one above or below it. */
export function isDataPath(path: string): boolean {
  return DATA_PATHS.some((data) => isWithin(path, data) || isWithin(data, path));
}

/** Whether the data may stand there and outlive the pod: any disk may hold it, because settings can move the directory. */
export function mayKeepData({ kind, path }: Mount): boolean {
  return kind === 'unknown' || kind === 'claim' || kind === 'disk' || (kind === 'hostPath' && isDataPath(path));
}

function isWithin(path: string, folder: string): boolean {
  const clean = path.replace(/\/+$/, '');
  return clean === folder || clean.startsWith(`${folder}/`);
}

function findVolume(name: string, { claims, volumes }: Member['pod']): Pick<Mount, 'kind' | 'volume'> {
  const named = (list: readonly NodeView[], ...path: readonly string[]): NodeView | undefined =>
    list.find((item) => item.at(...path).text === name);
  const claim = named(claims, 'metadata', 'name');
  if (claim) return { kind: 'claim', volume: claim };
  const volume = named(volumes, 'name');
  return volume ? { kind: kindOf(volume), volume } : { kind: 'unknown', volume: undefined };
}

function kindOf(volume: NodeView): VolumeKind {
  if (volume.isOpen) return 'unknown';
  const sources = volume.fields.filter((field) => field.step !== 'name' && field.isPresent);
  const [first] = sources;
  if (!first || typeof first.step !== 'string') return sources.length === 0 ? 'emptyDir' : 'unknown';
  if (first.step === 'emptyDir' || first.step === 'hostPath') return first.step;
  return FILES.includes(first.step) ? 'files' : 'disk';
}
