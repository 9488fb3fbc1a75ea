import {
  beginDatacenter,
  finishDatacenter,
  labelRack,
  OWN_IMAGE,
  putClaim,
  putContainer,
  putVersion,
  tagOf,
} from '#core/migrate/cassandra/datacenter.ts';
import type { CassandraSource } from '#core/migrate/cassandra/source.ts';
import { lose, put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import { METADATA_ROWS, runRows, type FieldRow, type RowTarget } from '#core/migrate/rows.ts';
import {
  entriesOf,
  isTrue,
  itemsOf,
  leaf,
  listOf,
  numberOf,
  takeAt,
  textOf,
  treeAt,
  type Entry,
  type Tree,
} from '#core/migrate/tree.ts';

const POD = 'spec.podTemplateSpec';
const PROBES = [
  'InitialDelaySeconds',
  'HealthCheckTimeout',
  'HealthCheckPeriod',
  'FailureThreshold',
  'SuccessThreshold',
];
const OWN_PROBES =
  'the probes of cass-operator ask the management API; containers of spec.podTemplateSpec may set others';

const rows: readonly FieldRow[] = [
  ...METADATA_ROWS,
  { from: 'spec.topology', to: 'a CassandraDatacenter for each of dc[], spec.racks for rack[]', silent: true },
  { from: 'spec.nodesPerRacks', to: 'spec.size: nodesPerRacks times the racks', silent: true },
  {
    from: 'spec.serverType',
    to: 'spec.serverType',
    make: (entry, { draft }) => put(draft, 'spec.serverType', entry.value, entry),
  },
  { from: 'spec.serverVersion', to: 'spec.serverVersion', silent: true },
  { from: 'spec.dataCapacity', to: 'spec.storageConfig.cassandraDataVolumeClaimSpec', silent: true },
  {
    from: 'spec.dataStorageClass',
    to: 'spec.storageConfig.cassandraDataVolumeClaimSpec.storageClassName',
    silent: true,
  },
  { from: 'spec.resources', to: 'spec.resources', silent: true },
  { from: 'spec.hardAntiAffinity', to: 'spec.allowMultipleNodesPerWorker, the other way round', silent: true },
  { from: 'spec.config', to: 'spec.config' },
  { from: 'spec.readOnlyRootFilesystem', to: 'spec.readOnlyRootFilesystem' },
  { from: 'spec.serviceAccountName', to: 'spec.serviceAccountName' },
  { from: 'spec.maxPodUnavailable', to: 'spec.maxUnavailable' },
  { from: 'spec.pod.tolerations', to: 'spec.tolerations' },
  { from: 'spec.pod.annotations', to: `${POD}.metadata.annotations` },
  { from: 'spec.service.annotations', to: 'spec.additionalServiceConfig.dcService.additionalAnnotations' },
  { from: 'spec.imagePullSecret', to: `${POD}.spec.imagePullSecrets`, make: putPullSecret },
  {
    from: 'spec.imagepullpolicy',
    to: `${POD}.spec.containers[].imagePullPolicy`,
    make: inContainer('imagePullPolicy'),
  },
  { from: 'spec.envVars', to: `${POD}.spec.containers[].env`, make: inContainer('env') },
  { from: 'spec.shareProcessNamespace', to: `${POD}.spec.shareProcessNamespace` },
  { from: 'spec.runAsUser', to: `${POD}.spec.securityContext.runAsUser` },
  { from: 'spec.fsGroup', to: `${POD}.spec.securityContext.fsGroup` },
  { from: 'spec.cassandraImage', lost: OWN_IMAGE },
  { from: 'spec.bootstrapImage', lost: 'cass-operator brings its own' },
  { from: 'spec.configBuilderImage', lost: 'cass-operator brings its own' },
  {
    from: 'spec.configMapName',
    lost: 'write the settings of its files into spec.config (cassandra-yaml, jvm-server-options)',
  },
  { from: 'spec.deletePVC', lost: 'cass-operator deletes the claims together with the CassandraDatacenter' },
  {
    from: 'spec.storageConfigs',
    lost: 'spec.storageConfig.additionalVolumes takes further claims, with name, mountPath and pvcSpec',
  },
  { from: 'spec.sidecarConfigs', lost: 'add the containers to spec.podTemplateSpec.spec.containers' },
  { from: 'spec.backRestSidecar', lost: 'backups are made by Medusa of k8ssandra-operator' },
  { from: 'spec.imageJolokiaSecret', lost: 'the management API takes the place of Jolokia' },
  { from: 'spec.jmxConfiguration', lost: 'JMX stays inside the pod; the management API is reached from outside' },
  { from: 'spec.keyspaceCleanupThreads', lost: 'a CassandraTask with the command cleanup says how many jobs it runs' },
  ...['liveness', 'readiness'].flatMap((probe) =>
    PROBES.map((part): FieldRow => ({ from: `spec.${probe}${part}`, lost: OWN_PROBES })),
  ),
  ...[
    'autoPilot',
    'autoUpdateSeedList',
    'debug',
    'noCheckStsAreEqual',
    'restartCountBeforePodDeletion',
    'unlockNextOperation',
  ].map((name): FieldRow => ({ from: `spec.${name}`, lost: 'it steered CassKop itself' })),
];

export const casskop: CassandraSource = {
  from: 'CassKop',
  kinds: 'CassandraCluster (db.orange.com/v2)',
  matches: ({ group, kind }) => group === 'db.orange.com' && kind === 'CassandraCluster',
  rows,
  build,
};

function build(job: MigrationJob): void {
  const datacenters = itemsOf(job.value('spec.topology.dc'));
  for (const [index, datacenter] of datacenters.entries()) addDatacenter(job, datacenter, index);
  if (datacenters.length === 0) addDatacenter(job, undefined, 0);
  const [first, ...others] = job.drafts;
  if (!first) return;
  const isSpread = isTrue(job.value('spec.hardAntiAffinity'));
  runRows(rows, { job, draft: first });
  for (const draft of job.drafts) finishDatacenter(draft, job, { isSpread });
  if (others.length > 0) {
    job.step(
      'The datacenters share spec.clusterName; the second one needs the seeds of the first in spec.additionalSeeds, and what stands in spec of the first may be meant for all of them.',
    );
  }
}

/** A field of a datacenter, or that of the cluster when the datacenter has none. */
function settingOf(job: MigrationJob, datacenter: Tree | undefined, name: string): Tree | undefined {
  return treeAt(datacenter, [name]) ?? job.value(`spec.${name}`);
}

function addDatacenter(job: MigrationJob, datacenter: Tree | undefined, index: number): void {
  const name = textOf(treeAt(datacenter, ['name'])) ?? 'dc1';
  const draft = beginDatacenter(job, name, job.name);
  putVersion(draft, job, job.text('spec.serverVersion') ?? tagOf(job.text('spec.cassandraImage')));
  const racks = itemsOf(treeAt(datacenter, ['rack']));
  const nodes = numberOf(settingOf(job, datacenter, 'nodesPerRacks')) ?? 1;
  put(draft, 'spec.size', leaf(nodes * Math.max(1, racks.length)));
  if (racks.length > 0) put(draft, 'spec.racks', toRacks(racks, datacenter, draft));
  const size = settingOf(job, datacenter, 'dataCapacity');
  if (size) putClaim(draft, { size, className: settingOf(job, datacenter, 'dataStorageClass') });
  const resources = settingOf(job, datacenter, 'resources');
  if (resources) put(draft, 'spec.resources', resources);
  const config = treeAt(datacenter, ['config']);
  if (config) {
    put(draft, 'spec.config', config);
    if (job.value('spec.config'))
      lose(draft, `spec.topology.dc[${index}].config`, 'merge it with spec.config of the cluster');
  }
}

function toRacks(racks: readonly Tree[], datacenter: Tree | undefined, draft: Draft): Tree {
  const shared = entriesOf(treeAt(datacenter, ['labels']));
  for (const rack of racks) {
    for (const part of ['rollingRestart', 'rollingPartition']) takeAt(rack, [part]);
    if (takeAt(rack, ['config']))
      lose(draft, 'spec.topology.dc[].rack[].config', 'one spec.config holds for all racks');
    const labels = treeAt(rack, ['labels']);
    if (labels?.kind === 'map') labels.entries.unshift(...shared);
    labelRack(rack);
  }
  return listOf(racks);
}

function putPullSecret(entry: Entry, { draft }: RowTarget): void {
  if (entry.value) put(draft, `${POD}.spec.imagePullSecrets`, listOf([entry.value]), entry);
}

function inContainer(field: string): (entry: Entry, target: RowTarget) => void {
  return (entry, { draft }) => {
    if (entry.value) putContainer(draft, field, entry.value, entry);
  };
}
