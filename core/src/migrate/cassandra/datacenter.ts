import { put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import {
  entriesOf,
  leaf,
  listOf,
  mapOf,
  putAt,
  renameAt,
  takeAt,
  treeAt,
  type Entry,
  type Tree,
} from '#core/migrate/tree.ts';

const DATACENTER = { group: 'cassandra.datastax.com', version: 'v1beta1', kind: 'CassandraDatacenter' } as const;

/** A version of each line of Cassandra that cass-operator runs, for manifests that say the line only. */
const NEWEST_OF_LINE: ReadonlyMap<string, string> = new Map([
  ['3.11', '3.11.19'],
  ['4.0', '4.0.18'],
  ['4.1', '4.1.10'],
  ['5.0', '5.0.5'],
]);

const FALLBACK_VERSION = '4.1.10';

export const OWN_IMAGE =
  'cass-operator needs an image with the management API, and chooses one by spec.serverVersion; spec.serverImage names another';

const CONTAINER = 'cassandra';

/** The beginning of every CassandraDatacenter; what it needs and the old manifest lacks is told. */
export function beginDatacenter(job: MigrationJob, name: string, cluster: string): Draft {
  const draft = job.begin(DATACENTER, name);
  put(draft, 'spec.clusterName', leaf(cluster));
  put(draft, 'spec.serverType', leaf('cassandra'));
  job.step(
    'The new datacenter begins empty. Bring the data with a backup and restore (Medusa, sstableloader), or join it to the old ring: same cluster name, the old nodes in spec.additionalSeeds, then nodetool rebuild.',
  );
  return draft;
}

/** From `3.11.9`, `3.11`, or the tag of an image; what is not said is said to be chosen. */
export function putVersion(draft: Draft, job: MigrationJob, text: string | undefined): void {
  const [whole, line] = /(\d+\.\d+)\.\d+/.exec(text ?? '') ?? [];
  if (whole !== undefined && line !== undefined) return put(draft, 'spec.serverVersion', leaf(whole));
  const [found = ''] = /\d+\.\d+/.exec(text ?? '') ?? [];
  const version = NEWEST_OF_LINE.get(found) ?? FALLBACK_VERSION;
  job.step(
    NEWEST_OF_LINE.has(found)
      ? `Check spec.serverVersion: the old manifest says ${found} without a patch.`
      : 'Choose spec.serverVersion: the old manifest does not say which Cassandra runs, and data of another version may not be read.',
  );
  put(draft, 'spec.serverVersion', leaf(version));
}

/** The tag of an image, where the version usually stands. */
export function tagOf(image: string | undefined): string | undefined {
  return image === undefined ? undefined : /:([^/@]+)(?:@|$)/.exec(image)?.[1];
}

export function putClaim(draft: Draft, { size, className }: { size: Tree; className: Tree | undefined }): void {
  const claim = mapOf({
    ...(className ? { storageClassName: className } : {}),
    accessModes: listOf([leaf('ReadWriteOnce')]),
    resources: mapOf({ requests: mapOf({ storage: size }) }),
  });
  put(draft, 'spec.storageConfig.cassandraDataVolumeClaimSpec', claim);
}

/** What cass-operator needs and no row has brought. */
export function finishDatacenter(draft: Draft, job: MigrationJob, { isSpread }: { readonly isSpread: boolean }): void {
  ensureClaim(draft, job);
  if (!isSpread) allowSharedNodes(draft, job);
  completePod(draft);
}

/** Storage that the old manifest does not ask for, but cass-operator does. */
function ensureClaim(draft: Draft, job: MigrationJob): void {
  if (treeAt(draft.tree, ['spec', 'storageConfig'])) return;
  putClaim(draft, { size: leaf('10Gi'), className: undefined });
  job.step(
    'Choose the size and the class of spec.storageConfig: the old manifest keeps no data, or does not say how much.',
  );
}

/** Something for the container of Cassandra, which the operator completes. */
export function putContainer(draft: Draft, field: string, value: Tree, from?: Entry): void {
  const path = ['spec', 'podTemplateSpec', 'spec', 'containers'];
  const containers = treeAt(draft.tree, path);
  const [first] = containers?.kind === 'list' ? containers.items : [];
  if (first?.value?.kind === 'map') return putAt(first.value, [field], value, from);
  putAt(draft.tree, path, listOf([mapOf({ name: leaf(CONTAINER), [field]: value })]));
}

const SHARES = ['requests', 'limits'].flatMap((part) => ['cpu', 'memory'].map((name) => [part, name]));

/** cass-operator wants to know what a pod needs before several may share a node. */
function allowSharedNodes(draft: Draft, job: MigrationJob): void {
  const isWhole = SHARES.every((path) => treeAt(draft.tree, ['spec', 'resources', ...path]));
  if (isWhole) put(draft, 'spec.allowMultipleNodesPerWorker', leaf(true));
  else
    job.step(
      'Several Cassandra pods may have shared a node: cass-operator allows it with spec.allowMultipleNodesPerWorker when spec.resources has requests and limits of cpu and memory.',
    );
}

/** Labels of a rack chose its nodes; they are called what they are now. A rack without any stays without. */
export function labelRack(rack: Tree): void {
  if (entriesOf(treeAt(rack, ['labels'])).length > 0) renameAt(rack, 'labels', 'nodeAffinityLabels');
  else takeAt(rack, ['labels']);
}

/** A pod template is only taken with its list of containers. */
function completePod(draft: Draft): void {
  const isThere = treeAt(draft.tree, ['spec', 'podTemplateSpec']) !== undefined;
  if (!isThere || treeAt(draft.tree, ['spec', 'podTemplateSpec', 'spec', 'containers'])) return;
  put(draft, 'spec.podTemplateSpec.spec.containers', listOf([mapOf({ name: leaf(CONTAINER) })]));
}
