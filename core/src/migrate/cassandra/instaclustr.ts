import {
  beginDatacenter,
  finishDatacenter,
  labelRack,
  OWN_IMAGE,
  putContainer,
  putVersion,
  tagOf,
} from '#core/migrate/cassandra/datacenter.ts';
import type { CassandraSource } from '#core/migrate/cassandra/source.ts';
import { METADATA_ROWS, runRows, type FieldRow, type RowTarget } from '#core/migrate/rows.ts';
import { itemsOf, leaf, takeAt, textOf, treeAt, type Entry } from '#core/migrate/tree.ts';
import { lose, put, type MigrationJob } from '#core/migrate/job.ts';

const POD = 'spec.podTemplateSpec';
const SERVICE = 'spec.additionalServiceConfig';

const rows: readonly FieldRow[] = [
  ...METADATA_ROWS,
  { from: 'cluster', to: 'spec.clusterName', silent: true },
  { from: 'datacenter', to: 'spec.datacenterName', make: putDatacenterName },
  { from: 'spec.nodes', to: 'spec.size' },
  { from: 'spec.racks', to: 'spec.racks', make: putRacks },
  { from: 'spec.dataVolumeClaimSpec', to: 'spec.storageConfig.cassandraDataVolumeClaimSpec' },
  { from: 'spec.resources', to: 'spec.resources' },
  { from: 'spec.serviceAccountName', to: 'spec.serviceAccountName' },
  { from: 'spec.cassandraAuth', to: 'spec.config.cassandra-yaml', make: putAuth },
  {
    from: 'spec.cassandraEnv',
    to: `${POD}.spec.containers[].env`,
    make: (entry, { draft }) => entry.value && putContainer(draft, 'env', entry.value, entry),
  },
  {
    from: 'spec.imagePullPolicy',
    to: `${POD}.spec.containers[].imagePullPolicy`,
    make: (entry, { draft }) => entry.value && putContainer(draft, 'imagePullPolicy', entry.value, entry),
  },
  { from: 'spec.imagePullSecrets', to: `${POD}.spec.imagePullSecrets` },
  { from: 'spec.fsGroup', to: `${POD}.spec.securityContext.fsGroup` },
  { from: 'spec.operatorLabels.podTemplate', to: `${POD}.metadata.labels` },
  { from: 'spec.operatorAnnotations.podTemplate', to: `${POD}.metadata.annotations` },
  { from: 'spec.operatorLabels.nodesService', to: `${SERVICE}.allpodsService.additionalLabels` },
  { from: 'spec.operatorAnnotations.nodesService', to: `${SERVICE}.allpodsService.additionalAnnotations` },
  { from: 'spec.operatorLabels.seedNodesService', to: `${SERVICE}.seedService.additionalLabels` },
  { from: 'spec.operatorAnnotations.seedNodesService', to: `${SERVICE}.seedService.additionalAnnotations` },
  { from: 'spec.operatorLabels.statefulSet', lost: 'spec.additionalLabels would label everything that is made' },
  {
    from: 'spec.operatorAnnotations.statefulSet',
    lost: 'spec.additionalAnnotations would annotate everything that is made',
  },
  {
    from: 'spec.operatorLabels.prometheusService',
    lost: 'metrics come from the management API; label your ServiceMonitor instead',
  },
  {
    from: 'spec.operatorAnnotations.prometheusService',
    lost: 'metrics come from the management API; annotate your ServiceMonitor instead',
  },
  { from: 'spec.cassandraImage', lost: OWN_IMAGE },
  { from: 'spec.sidecarImage', lost: 'the management API in the image takes the place of the sidecar' },
  { from: 'spec.sidecarResources', lost: 'the management API in the image takes the place of the sidecar' },
  { from: 'spec.sidecarEnv', lost: 'the management API in the image takes the place of the sidecar' },
  { from: 'spec.sidecarSecretVolumeSource', lost: 'spec.managementApiAuth says how the management API is reached' },
  { from: 'spec.initImage', lost: 'kernel settings belong to the nodes; cass-operator changes none' },
  { from: 'spec.optimizeKernelParams', lost: 'kernel settings belong to the nodes; cass-operator changes none' },
  { from: 'spec.prometheusSupport', lost: 'metrics come from the management API, on port 9000' },
  {
    from: 'spec.userConfigMapVolumeSource',
    lost: 'write the settings of its files into spec.config (cassandra-yaml, jvm-server-options)',
  },
  {
    from: 'spec.userSecretVolumeSource',
    lost: 'mount the Secrets with spec.podTemplateSpec, or name them in spec.config',
  },
  { from: 'spec.dummyVolume', lost: 'cass-operator always asks for a volume' },
  { from: 'spec.deletePVCs', lost: 'cass-operator deletes the claims together with the CassandraDatacenter' },
  { from: 'spec.restore', lost: 'restore with Medusa of k8ssandra-operator (MedusaRestoreJob)' },
];

export const instaclustr: CassandraSource = {
  from: 'instaclustr/cassandra-operator',
  kinds: 'CassandraDataCenter (cassandraoperator.instaclustr.com/v1alpha1)',
  matches: ({ group, kind }) => group === 'cassandraoperator.instaclustr.com' && kind === 'CassandraDataCenter',
  rows,
  build,
};

function build(job: MigrationJob): void {
  const draft = beginDatacenter(job, job.name, job.text('cluster') ?? job.name);
  putVersion(draft, job, tagOf(job.text('spec.cassandraImage')));
  put(draft, 'spec.size', leaf(1));
  runRows(rows, { job, draft });
  finishDatacenter(draft, job, { isSpread: false });
}

function putDatacenterName(entry: Entry, { draft, job }: RowTarget): void {
  if (textOf(entry.value) !== job.name) put(draft, 'spec.datacenterName', entry.value);
}

function putRacks(entry: Entry, { draft }: RowTarget): void {
  for (const [index, rack] of itemsOf(entry.value).entries()) {
    labelRack(rack);
    if (takeAt(rack, ['tolerations']))
      lose(draft, `spec.racks[${index}].tolerations`, 'spec.tolerations holds for all racks');
  }
  put(draft, 'spec.racks', entry.value, entry);
}

const AUTH_SETTINGS = new Map([
  ['authenticator', 'authenticator'],
  ['authorizer', 'authorizer'],
  ['roleManager', 'role_manager'],
]);

function putAuth(entry: Entry, { draft }: RowTarget): void {
  for (const [field, setting] of AUTH_SETTINGS) {
    const value = treeAt(entry.value, [field]);
    if (value) put(draft, `spec.config.cassandra-yaml.${setting}`, value);
  }
}
