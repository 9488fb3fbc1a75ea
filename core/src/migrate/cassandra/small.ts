import {
  beginDatacenter,
  finishDatacenter,
  OWN_IMAGE,
  putClaim,
  putContainer,
  putVersion,
  tagOf,
} from '#core/migrate/cassandra/datacenter.ts';
import type { CassandraSource } from '#core/migrate/cassandra/source.ts';
import { put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import { METADATA_ROWS, runRows, type FieldRow } from '#core/migrate/rows.ts';
import { isTrue, leaf, mapOf, type Entry, type Tree } from '#core/migrate/tree.ts';

const POD = 'spec.podTemplateSpec';
const NEVER_APPLIED = 'the old operator never applied it; what it says becomes true now';

const aslanbakirovRows: readonly FieldRow[] = [
  ...METADATA_ROWS,
  { from: 'spec.size', to: 'spec.size' },
  { from: 'spec.version', to: 'spec.serverVersion', silent: true },
  { from: 'spec.pod.resources', to: 'spec.resources' },
  { from: 'spec.pod.antiAffinity', to: 'spec.allowMultipleNodesPerWorker, the other way round', silent: true },
  { from: 'spec.pod.pv.volumeSize', to: 'spec.storageConfig.cassandraDataVolumeClaimSpec', silent: true },
  {
    from: 'spec.pod.pv.storageClass',
    to: 'spec.storageConfig.cassandraDataVolumeClaimSpec.storageClassName',
    silent: true,
  },
  { from: 'spec.pod.pv.name', lost: 'cass-operator names the volume itself' },
  { from: 'spec.pod.pv.mountPath', lost: 'cass-operator mounts the volume itself' },
  { from: 'spec.pod.env', to: `${POD}.spec.containers[].env`, make: (entry, { draft }) => putEnv(draft, entry) },
  { from: 'spec.pod.labels', to: `${POD}.metadata.labels` },
  { from: 'spec.pod.nodeSelector', to: 'spec.nodeSelector' },
  { from: 'spec.pod.tolerations', to: 'spec.tolerations' },
  { from: 'spec.pod.serviceAccountName', to: 'spec.serviceAccountName' },
  { from: 'spec.pod.image', lost: OWN_IMAGE },
];

/** Fields that its operator read and passed over. */
const PASSED_OVER = ['labels', 'nodeSelector', 'tolerations', 'serviceAccountName'];

export const aslanbakirov: CassandraSource = {
  from: 'aslanbekirov/cassandra-operator',
  kinds: 'CassandraCluster (cassandra.database.com/v1alpha1)',
  matches: ({ group, kind }) => group === 'cassandra.database.com' && kind === 'CassandraCluster',
  rows: aslanbakirovRows,
  build: (job) => {
    const draft = beginDatacenter(job, job.name, job.name);
    putVersion(draft, job, job.text('spec.version') ?? tagOf(job.text('spec.pod.image')));
    put(draft, 'spec.size', leaf(1));
    const isSpread = isTrue(job.value('spec.pod.antiAffinity'));
    const size = job.value('spec.pod.pv.volumeSize');
    if (size) putClaim(draft, { size, className: job.value('spec.pod.pv.storageClass') });
    const passedOver = PASSED_OVER.filter((name) => job.value(`spec.pod.${name}`));
    if (passedOver.length > 0)
      job.step(`See whether spec.pod.${passedOver.join(', spec.pod.')} is right: ${NEVER_APPLIED}.`);
    runRows(aslanbakirovRows, { job, draft });
    finishDatacenter(draft, job, { isSpread });
  },
};

function putEnv(draft: Draft, entry: Entry): void {
  if (entry.value) putContainer(draft, 'env', entry.value, entry);
}

const vgkowskiRows: readonly FieldRow[] = [
  ...METADATA_ROWS,
  { from: 'spec.nbNodes', to: 'spec.size' },
  { from: 'spec.baseImage', lost: OWN_IMAGE },
  { from: 'spec.cpu', to: 'spec.resources', silent: true },
  { from: 'spec.memory', to: 'spec.resources', silent: true },
  { from: 'spec.data', to: 'spec.storageConfig.cassandraDataVolumeClaimSpec', silent: true },
  { from: 'spec.antiAffinity', to: 'spec.allowMultipleNodesPerWorker, the other way round', silent: true },
  {
    from: 'spec.rackLabel',
    lost: 'cass-operator names its racks: write spec.racks with a name, and nodeAffinityLabels with one value of this label, for each',
  },
  { from: 'spec.dcLabel', lost: 'a CassandraDatacenter is one datacenter; spec.datacenterName names it' },
  { from: 'spec.spec.nbToken', to: 'spec.config.cassandra-yaml.num_tokens' },
  { from: 'spec.spec.maxHeapSize', to: 'spec.config.jvm-server-options.max_heap_size', silent: true },
  { from: 'spec.spec.heapNewSize', to: 'spec.config.jvm-server-options.heap_size_young_generation', silent: true },
  {
    from: 'spec.spec.interNodeTLS',
    lost: 'spec.config.cassandra-yaml.server_encryption_options needs keystores from a Secret, mounted with spec.podTemplateSpec',
  },
  {
    from: 'spec.spec.clientTLS',
    lost: 'spec.config.cassandra-yaml.client_encryption_options needs keystores from a Secret, mounted with spec.podTemplateSpec',
  },
];

export const vgkowski: CassandraSource = {
  from: 'vgkowski/cassandra-operator',
  kinds: 'CassandraCluster (cassandra/v1)',
  matches: ({ group, kind }) => group === 'cassandra' && kind === 'CassandraCluster',
  rows: vgkowskiRows,
  build: (job) => {
    const draft = beginDatacenter(job, job.name, job.name);
    const version = tagOf(job.text('spec.baseImage'));
    putVersion(draft, job, version);
    put(draft, 'spec.size', leaf(1));
    const isSpread = isTrue(job.value('spec.antiAffinity'));
    putStorage(draft, job);
    putResources(draft, job);
    putHeap(draft, job, version);
    runRows(vgkowskiRows, { job, draft });
    finishDatacenter(draft, job, { isSpread });
  },
};

function putStorage(draft: Draft, job: MigrationJob): void {
  const size = job.value('spec.data.storageVolume');
  if (size) putClaim(draft, { size, className: job.value('spec.data.storageClass') });
}

function putResources(draft: Draft, job: MigrationJob): void {
  const [cpu, memory] = [job.value('spec.cpu'), job.value('spec.memory')];
  if (!cpu && !memory) return;
  const both: Readonly<Record<string, Tree>> = { ...(cpu ? { cpu } : {}), ...(memory ? { memory } : {}) };
  put(draft, 'spec.resources', mapOf({ requests: mapOf(both), ...(memory ? { limits: mapOf({ memory }) } : {}) }));
}

/** Cassandra 3 keeps the options of Java in one file, later ones in a file for servers. */
function putHeap(draft: Draft, job: MigrationJob, version: string | undefined): void {
  const file = version?.startsWith('3.') ? 'jvm-options' : 'jvm-server-options';
  const heap = job.value('spec.spec.maxHeapSize');
  const young = job.value('spec.spec.heapNewSize');
  if (heap) {
    put(draft, `spec.config.${file}.max_heap_size`, heap);
    put(draft, `spec.config.${file}.initial_heap_size`, heap);
  }
  if (young) put(draft, `spec.config.${file}.heap_size_young_generation`, young);
}
