import type { Clock, Cluster } from '#core/live/ports.ts';
import type { Answer, Plan, PlannedStep } from '#core/operations/model.ts';
import { textsIn } from '#core/operations/stepParameters.ts';
import { memberNode, type PlannedNode, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { RingNow } from '#core/systems/cassandra/operations/ringNow.ts';

/** The ring of a plan, for steps that take nobody out. */
export interface RingTarget {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly namespace: string;
  readonly clusterIdentity: string | undefined;
  /** What the ring calls itself; empty when it was not known. */
  readonly ringName: string;
  readonly planId: string;
  /** Every member of the plan. */
  readonly ring: RingNow;
}

export function ringTargetOf(plan: Plan, ports: { readonly cluster: Cluster; readonly clock: Clock }): RingTarget {
  const { cluster, clock } = ports;
  const { target, id, parameters } = plan;
  const containers = textsIn(parameters, 'containers');
  const hostIds = textsIn(parameters, 'hostIds');
  const nodes = textsIn(parameters, 'nodes').map((pod, place): PlannedNode => ({
    pod,
    container: containers[place] ?? '',
    hostId: hostIds[place] ?? '',
  }));
  return {
    cluster,
    clock,
    namespace: target.namespace,
    clusterIdentity: target.clusterIdentity,
    ringName: target.systemIdentity ?? '',
    planId: id,
    ring: new RingNow(cluster, clock, target.namespace, nodes),
  };
}

export async function otherKubernetes({ cluster, clusterIdentity }: RingTarget): Promise<string | undefined> {
  if ((await cluster.identity()) === clusterIdentity) return undefined;
  return `Another Kubernetes cluster answers as the context ${cluster.context.name} than when the plan was made.`;
}

/** A ring, or a node, that is not the one of the plan. */
export function strangerIn({ ringName, ring }: RingTarget, reading: RingReading): Answer | undefined {
  const fix = 'Make a new plan.';
  const other = ringName === '' ? undefined : reading.clusterNames.find((name) => name !== ringName);
  if (other !== undefined)
    return {
      kind: 'stop',
      reason: `A node belongs to the Cassandra cluster ${other}; the plan was made for ${ringName}.`,
      fix,
    };
  for (const { pod, hostId } of ring.nodes) {
    const now = reading.answers.find(({ member }) => member === pod)?.info?.hostId ?? memberNode(reading, pod)?.hostId;
    if (hostId === '' || now === undefined || now === '' || now === hostId) continue;
    return { kind: 'stop', reason: `${pod} has the Host ID ${now}; it was ${hostId} when the plan was made.`, fix };
  }
  return undefined;
}

/** What a command is kept under in its container: the same for everybody who goes on with the plan. */
export const tokenOf = ({ planId }: RingTarget, { id }: PlannedStep, attempt: number): string =>
  `${planId}-${id}-${attempt}`;
