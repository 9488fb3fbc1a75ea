import type { Clock, Cluster } from '#core/live/ports.ts';
import type { Plan, StepValue } from '#core/operations/model.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { RingView } from '#core/systems/cassandra/ring.ts';
import { CassandraMaintenance } from '#core/systems/cassandra/operations/maintenanceProcedure.ts';
import { CassandraRestart } from '#core/systems/cassandra/operations/restartProcedure.ts';
import type { RestartTarget } from '#core/systems/cassandra/operations/restartTarget.ts';
import { RingNow } from '#core/systems/cassandra/operations/ringNow.ts';

export interface RestartPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
}

/** What restarts the nodes of a plan, on whatever machine and whenever it is gone on with. */
export function cassandraRestartOf(plan: Plan, ports: RestartPorts): CassandraRestart {
  return new CassandraRestart(restartTargetOf(plan, ports));
}

/** What drains a node of a plan and leaves it. */
export function cassandraMaintenanceOf(plan: Plan, ports: RestartPorts): CassandraMaintenance {
  const target = restartTargetOf(plan, ports);
  const ring = new RingNow(target.cluster, target.clock, target.namespace, target.nodes);
  return new CassandraMaintenance(new CassandraRestart(target), ring);
}

function restartTargetOf(plan: Plan, { cluster, clock }: RestartPorts): RestartTarget {
  const { parameters, target } = plan;
  return {
    cluster,
    clock,
    clusterIdentity: target.clusterIdentity,
    namespace: target.namespace,
    ringName: target.systemIdentity ?? '',
    nodes: nodesOf(plan),
    level: parameters['level'] === 'min-ISR safe' ? 'min-ISR safe' : 'fully replicated',
    consented: new Set(textsIn(parameters['consented'])),
    lastStep: plan.steps.at(-1)?.id ?? '',
  };
}

/** By which the members of a plan are found again. */
export function nodeParameters({ members }: DataCluster, ring: RingView): Readonly<Record<string, StepValue>> {
  return {
    nodes: members.map(({ name }) => name),
    containers: members.map(({ container }) => container),
    hostIds: members.map(({ name }) => ring.nodes.find(({ member }) => member === name)?.hostId ?? ''),
  };
}

function nodesOf({ parameters }: Plan): RestartTarget['nodes'] {
  const containers = textsIn(parameters['containers']);
  const hostIds = textsIn(parameters['hostIds']);
  return textsIn(parameters['nodes']).map((pod, place) => ({
    pod,
    container: containers[place] ?? '',
    hostId: hostIds[place] ?? '',
  }));
}

const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
