import type { LiveCustom } from '#core/live/objects.ts';
import { cassandraKinds } from '#core/systems/cassandra/kinds.ts';
import { fieldsAt, isTrueAt, listAt, numberAt, textAt } from '#core/systems/cassandra/live/reading.ts';

type Labels = Readonly<Record<string, string>>;

/** How one operator lays its rings out: which labels its StatefulSets and pods carry, and what its resource says. */
export interface RingLayout {
  readonly flavour: string;
  readonly group: string;
  readonly kind: string;
  /** Name of the ring that these labels tell of; undefined when they are not of this operator. */
  readonly nameFrom: (labels: Labels, namespace: string) => string | undefined;
  /** The resource made what carries these labels. */
  readonly isOf: (resource: LiveCustom, labels: Labels) => boolean;
  readonly rackLabel: string;
  /** Where it is another one: racks of several datacenters may have the same name. */
  readonly groupLabel?: string;
  /** How many nodes the resource asks for. */
  readonly wanted: (resource: LiveCustom) => number | undefined;
  readonly version: (resource: LiveCustom) => string;
}

const cassOperator = 'cassandra.datastax.com';
const instaclustr = 'cassandra-operator.instaclustr.com';

export const ringLayouts: readonly RingLayout[] = [
  {
    flavour: 'cass-operator',
    group: cassOperator,
    kind: 'CassandraDatacenter',
    nameFrom: (labels) => labels[`${cassOperator}/datacenter`],
    // The label has the name that the ring uses, which need not be the name of the resource.
    isOf: ({ meta, spec }, labels) =>
      [meta.name, labelValue(textAt(spec, 'datacenterName'))].includes(labels[`${cassOperator}/datacenter`] ?? '-') &&
      [undefined, labelValue(textAt(spec, 'clusterName'))].includes(labels[`${cassOperator}/cluster`]),
    rackLabel: `${cassOperator}/rack`,
    wanted: ({ spec }) => (isTrueAt(spec, 'stopped') ? 0 : numberAt(spec, 'size')),
    version: ({ spec }) => textAt(spec, 'serverVersion'),
  },
  {
    flavour: 'casskop',
    group: 'db.orange.com',
    kind: 'CassandraCluster',
    nameFrom: (labels) => (labels['app'] === 'cassandracluster' ? labels['cassandracluster'] : undefined),
    isOf: ({ meta }, labels) => labels['cassandracluster'] === meta.name,
    rackLabel: 'cassandraclusters.db.orange.com.rack',
    groupLabel: 'dc-rack',
    wanted: ({ spec }) => wantedByTopology(spec),
    version: ({ spec }) => textAt(spec, 'serverVersion') || versionOfImage(textAt(spec, 'cassandraImage')),
  },
  {
    flavour: 'instaclustr',
    group: 'cassandraoperator.instaclustr.com',
    kind: 'CassandraDataCenter',
    nameFrom: (labels) => labels[`${instaclustr}/datacenter`],
    isOf: ({ meta, spec }, labels) =>
      [meta.name, textAt(spec, 'datacenter')].includes(labels[`${instaclustr}/datacenter`] ?? '-') &&
      [undefined, '', textAt(spec, 'cluster')].includes(labels[`${instaclustr}/cluster`]),
    rackLabel: `${instaclustr}/rack`,
    wanted: ({ spec }) => numberAt(spec, 'nodes'),
    version: ({ spec }) => versionOfImage(textAt(spec, 'cassandraImage')),
  },
  {
    flavour: 'sky',
    group: 'core.sky.uk',
    kind: 'Cassandra',
    nameFrom: (labels, namespace) =>
      labels['cassandra-operator/rack'] === undefined
        ? undefined
        : labels['app.kubernetes.io/instance']?.replace(`${namespace}.`, ''),
    isOf: ({ meta }, labels) => labels['app.kubernetes.io/instance'] === `${meta.namespace}.${meta.name}`,
    rackLabel: 'cassandra-operator/rack',
    wanted: ({ spec }) => sum(listAt(spec, 'racks').map((rack) => numberAt(rack, 'replicas') ?? 0)),
    version: ({ spec }) => versionOfImage(textAt(spec, 'pod', 'image')),
  },
  {
    flavour: 'aslanbakirov',
    group: 'cassandra.database.com',
    kind: 'CassandraCluster',
    // Its labels are the same for every ring; the owner tells which one it is.
    nameFrom: () => undefined,
    isOf: () => false,
    rackLabel: '',
    wanted: ({ spec }) => numberAt(spec, 'size'),
    version: ({ spec }) => versionOfImage(textAt(spec, 'pod', 'image')) || textAt(spec, 'version'),
  },
  {
    flavour: 'vgkowski',
    group: 'cassandra',
    kind: 'CassandraCluster',
    nameFrom: (labels) => (labels['role'] === 'cassandraCluster' ? labels['cassandraCluster'] : undefined),
    isOf: ({ meta }, labels) => labels['role'] === 'cassandraCluster' && labels['cassandraCluster'] === meta.name,
    rackLabel: '',
    wanted: ({ spec }) => numberAt(spec, 'nbNodes'),
    version: ({ spec }) => versionOfImage(textAt(spec, 'baseImage')),
  },
];

export const layoutOf = (custom: Pick<LiveCustom, 'group' | 'customKind'>): RingLayout | undefined =>
  ringLayouts.find(({ group, kind }) => group === custom.group && kind === custom.customKind);

export const successorOf = (custom: Pick<LiveCustom, 'group' | 'customKind'>): string | undefined =>
  cassandraKinds.find(({ group, kind }) => group === custom.group && kind === custom.customKind)?.successor;

/**
 * The version in an image's tag, or else at the end of its name; empty for tags that are none of Cassandra's versions, `latest` and
 * the `v13` of the tutorial's image.
 */
export function versionOfImage(image: string): string {
  const [name = ''] = image.split('@');
  const last = name.slice(name.lastIndexOf('/') + 1);
  const [repository = '', tag = ''] = last.split(':');
  const version = /^(\d+\.\d+(?:\.\d+)?(?:-(?:alpha|beta|rc)\d*)?)(?![\d.])/;
  return version.exec(tag)?.[1] ?? version.exec(repository.slice(repository.lastIndexOf('-') + 1))?.[1] ?? '';
}

/** cass-operator makes a label of a name by leaving out what labels may not have. */
const labelValue = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z0-9_.-]/g, '')
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 63);

function wantedByTopology(spec: LiveCustom['spec']): number | undefined {
  const perRack = numberAt(spec, 'nodesPerRacks');
  const datacenters = listAt(spec, 'topology', 'dc');
  // Without a topology the operator makes one datacenter of one rack.
  if (datacenters.length === 0) return perRack;
  const counts = datacenters.map((datacenter) => {
    const racks = Math.max(1, listAt(fieldsAt(datacenter), 'rack').length);
    return (numberAt(datacenter, 'nodesPerRacks') ?? perRack ?? 0) * racks;
  });
  return sum(counts);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
