import type { NodeView } from '#core/lint/rules/view.ts';
import { wholeNumber } from '#core/preview/amounts.ts';
import type { TextPreview } from '#core/preview/model.ts';
import { readFirst } from '#core/preview/reading.ts';
import type { ReplicaView } from '#core/systems/tfjob/rules/replicas.ts';

const DEFAULT_PORT = 2222;
const CONTAINER = 'tensorflow';

/** Replicas of one role as the operator counts them. */
export interface KnownReplicas {
  /** As it stands in names and in TF_CONFIG: `worker`, and for a role that nobody knows its key in lower case. */
  readonly role: string;
  readonly isKnownRole: boolean;
  readonly count: number;
  readonly port: number;
}

/** What TF_CONFIG is made of, or why it cannot be told. */
export type TfCluster =
  | { readonly state: 'known'; readonly replicas: readonly KnownReplicas[] }
  | { readonly state: 'unknown'; readonly why: string };

/** Reads the replicas; a role that stands twice in different letters counts once, as the last of them in the operator. */
export function readTfCluster(views: readonly ReplicaView[], isOpen: boolean): TfCluster {
  if (isOpen) return { state: 'unknown', why: 'a template may bring more replicas' };
  const byRole = new Map<string, KnownReplicas>();
  for (const view of views) {
    const count = countOf(view);
    if (count === undefined) return { state: 'unknown', why: `the number of replicas of ${view.key} is not known` };
    const port = portOf(view.pod);
    if (port === undefined) return { state: 'unknown', why: `the port of ${view.key} is not known` };
    const role = (view.role ?? view.key).toLowerCase();
    byRole.set(role, { role, isKnownRole: view.role !== undefined, count, port });
  }
  return { state: 'known', replicas: [...byRole.values()] };
}

function countOf({ count, view }: ReplicaView): number | undefined {
  if (count === undefined) return undefined;
  return view.field('replicas').isUnknown ? undefined : wholeNumber(String(count));
}

/** The port named `tfjob-port` of the container `tensorflow`, else 2222. Source: training-operator GetPortFromTFJob. */
function portOf(pod: NodeView): number | undefined {
  const container = pod.field('containers').items.find((item) => item.field('name').text === CONTAINER);
  const ports = container?.field('ports');
  const port = ports?.items.find((item) => item.field('name').text === 'tfjob-port');
  if (port === undefined) return ports?.isOpen === true ? undefined : DEFAULT_PORT;
  const written = readFirst(port.field('containerPort'));
  return written.state === 'given' ? wholeNumber(written.text) : undefined;
}

/**
 * Whether the operator writes TF_CONFIG at all: not when the known roles have one replica together. Roles that nobody knows are not
 * counted. Source: training-operator isDistributed.
 */
export function isDistributed(replicas: readonly KnownReplicas[]): boolean {
  const known = replicas.filter(({ isKnownRole }) => isKnownRole);
  return known.reduce((sum, { count }) => sum + count, 0) !== 1;
}

export interface TfJobNames {
  readonly job: string;
  readonly namespace: string;
  readonly isDynamic: boolean;
}

/** Replicas whose text is shown, of each role: the others differ in their index only. */
const SHOWN = 10;
/** More addresses than anybody reads. */
const ADDRESS_LIMIT = 500;

/** TF_CONFIG of the replicas, byte for byte as the operator writes it. */
export function tfConfigs(replicas: readonly KnownReplicas[], names: TfJobNames): readonly TextPreview[] {
  const addresses = replicas.reduce((sum, { count }) => sum + count, 0);
  if (addresses > ADDRESS_LIMIT) return [];
  const cluster = clusterOf(replicas, names);
  return replicas.flatMap(({ role, count }) =>
    Array.from({ length: Math.min(count, SHOWN) }, (_, index): TextPreview => ({
      title: `TF_CONFIG of ${names.job}-${role}-${index}`,
      content: names.isDynamic ? sparseConfig(cluster, role, index) : wholeConfig(cluster, role, index),
    })),
  );
}

type Cluster = ReadonlyMap<string, readonly string[]>;

/**
 * The addresses of all roles, in the order of their names. The evaluator is among them, although TensorFlow does not count it to the
 * cluster. Source: training-operator 1.8.1 genClusterSpec, GenGeneralName.
 */
function clusterOf(replicas: readonly KnownReplicas[], { job, namespace }: TfJobNames): Cluster {
  const sorted = replicas.toSorted((one, other) => (one.role < other.role ? -1 : 1));
  return new Map(
    sorted.map(({ role, count, port }) => [
      role,
      Array.from({ length: count }, (_, index) => `${job}-${role}-${index}.${namespace}.svc:${port}`),
    ]),
  );
}

function wholeConfig(cluster: Cluster, type: string, index: number): string {
  return JSON.stringify({ cluster: Object.fromEntries(cluster), task: { type, index }, environment: 'cloud' });
}

/**
 * With dynamic workers a worker knows itself and the parameter servers, a parameter server only itself, and every other role nobody.
 * Without parameter servers a worker gets `null` for them. Source: training-operator 1.8.1 convertClusterSpecToSparseClusterSpec.
 */
function sparseConfig(cluster: Cluster, type: string, index: number): string {
  const own = cluster.get(type)?.[index];
  const worker = type === 'worker' ? { [index]: own } : {};
  const servers = cluster.get('ps') ?? null;
  const ps = type === 'worker' ? servers : type === 'ps' ? [own] : [];
  return JSON.stringify({ cluster: { worker, ps }, task: { type, index } });
}
