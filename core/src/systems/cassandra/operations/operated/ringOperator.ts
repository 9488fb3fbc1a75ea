import { textAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { ResourceRef } from '#core/operations/operated/resource.ts';
import type { TaskTarget } from '#core/systems/cassandra/operations/operated/cassandraTask.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** Who runs a ring, and how it is spoken to. */
export interface RingOperator {
  /** As in the tables of kinds: `cass-operator`. */
  readonly flavour: string;
  /** `cass-operator`. */
  readonly title: string;
  readonly namespace: string;
  /** What it reads; undefined when it may not be read. */
  readonly resource: ResourceRef | undefined;
  readonly racks: readonly OperatedRack[];
  /** Name of the K8ssandraCluster above a CassandraDatacenter, which puts back what is changed in its spec; undefined when there is none. */
  readonly above: string | undefined;
}

/** A rack as an operator made it: one StatefulSet. */
export interface OperatedRack {
  /** As the operator calls it, by the label of the StatefulSet; not what the snitch says. */
  readonly name: string;
  /** Of a resource that has several (CassKop); empty where a resource is one datacenter. */
  readonly datacenter: string;
  /** Name and uid of the StatefulSet. */
  readonly workload: string;
  readonly uid: string;
  /** Names of pods that are, or should be. */
  readonly pods: readonly string[];
}

/** By flavour: what each is called, and by which labels its StatefulSets tell their rack. */
const operators: Readonly<
  Record<string, { readonly title: string; readonly rack: string; readonly datacenter?: string }>
> = {
  'cass-operator': { title: operatorNames['cass-operator'], rack: 'cassandra.datastax.com/rack' },
  'k8ssandra-operator': { title: operatorNames['k8ssandra-operator'], rack: 'cassandra.datastax.com/rack' },
  casskop: {
    title: operatorNames.casskop,
    rack: 'cassandraclusters.db.orange.com.rack',
    datacenter: 'cassandraclusters.db.orange.com.dc',
  },
  instaclustr: { title: operatorNames.instaclustr, rack: 'cassandra-operator.instaclustr.com/rack' },
  sky: { title: operatorNames.sky, rack: 'cassandra-operator/rack' },
  aslanbakirov: { title: operatorNames.aslanbakirov, rack: '' },
  vgkowski: { title: operatorNames.vgkowski, rack: '' },
};

/** Undefined for a ring that no operator runs. */
export function ringOperatorOf(data: DataCluster): RingOperator | undefined {
  const known = operators[data.flavour];
  if (!known) return undefined;
  const { resource } = data;
  return {
    flavour: data.flavour,
    title: known.title,
    namespace: data.namespace,
    resource: resource && {
      apiVersion: `${resource.group}/${resource.version}`,
      kind: resource.customKind,
      name: resource.meta.name,
      uid: resource.meta.uid,
    },
    racks: data.workloads.map(({ meta }): OperatedRack => ({
      name: meta.labels[known.rack] ?? '',
      datacenter: meta.labels[known.datacenter ?? ''] ?? '',
      workload: meta.name,
      uid: meta.uid,
      pods: data.members.filter(({ name }) => isOf(name, meta.name)).map(({ name }) => name),
    })),
    above: data.owner && 'kind' in data.owner && data.owner.kind === 'K8ssandraCluster' ? data.owner.name : undefined,
  };
}

/** `orders-dc1-r1-sts-0` of `orders-dc1-r1-sts`. */
const isOf = (pod: string, workload: string): boolean =>
  pod.startsWith(`${workload}-`) && /^\d+$/.test(pod.slice(workload.length + 1));

/** The datacenter that CassandraTasks of a ring of cass-operator are for; undefined when its resource may not be read. */
export function taskTargetOf({ resource, namespace }: DataCluster): TaskTarget | undefined {
  if (resource?.customKind !== 'CassandraDatacenter') return undefined;
  return { namespace, datacenter: resource.meta.name, clusterName: textAt(resource.spec, 'clusterName') };
}
