import { objectsOf, textAt, valueAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { ringOperatorOf } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import {
  roundsOfNodes,
  roundsOfRacks,
  type RackSet,
  type Round,
} from '#core/systems/cassandra/operations/operated/rackRounds.ts';

/** How an operator makes a ring larger and smaller. */
export interface Scaling {
  /** Who decommissions: an operator that only lowers replicas is told after we have done it. */
  readonly decommissions: 'operator' | 'nobody';
  /** What becomes of the volumes of nodes that have left. */
  readonly claims: 'deleted' | 'kept';
  /** The disks that it wants before: each other node could hold all that leaves, or their sum. */
  readonly room: 'each' | 'sum';
  readonly rounds: (racks: readonly RackSet[], to: number) => readonly Round[];
  /** How many nodes there can be: `to` as the field counts. @throws ClusterProblem */
  readonly fieldValue: (racks: readonly RackSet[], to: number) => number;
  /** What happens when it goes wrong, a sentence each. */
  readonly risks: readonly string[];
}

const NEVER_BACK =
  'The size must not be changed again before the operator is done: it may leave a node behind that is decommissioned and stays so.';

/** Of the operators that keep the size of a ring; those that are missing cannot be scaled from here. */
export const scalings: Readonly<Record<string, Scaling>> = {
  'cass-operator': {
    decommissions: 'operator',
    claims: 'deleted',
    room: 'each',
    rounds: roundsOfNodes,
    fieldValue: atLeastOneEach,
    risks: [
      'cass-operator decommissions by force and asks nobody whether enough replicas are left; that is asked here before.',
      NEVER_BACK,
      'A StatefulSet of it that is scaled by hand gets it stuck.',
    ],
  },
  casskop: {
    decommissions: 'operator',
    claims: 'deleted',
    room: 'sum',
    rounds: roundsOfRacks,
    fieldValue: sameInEach,
    risks: [
      'All racks of the datacenter change at once; CassKop decides which goes first.',
      'What CassKop refuses it puts back by itself (CorrectCRDConfig), and the run ends.',
      'A pod that can never be scheduled stops it until spec.unlockNextOperation is true.',
      NEVER_BACK,
    ],
  },
  instaclustr: {
    decommissions: 'operator',
    claims: 'kept',
    room: 'sum',
    rounds: roundsOfNodes,
    fieldValue: atLeastOneEach,
    risks: [NEVER_BACK, 'It says nothing in a status: only the ring and the pods show how far it is.'],
  },
  aslanbakirov: lowersReplicas(),
  vgkowski: lowersReplicas(),
};

function lowersReplicas(): Scaling {
  return {
    decommissions: 'nobody',
    claims: 'kept',
    room: 'sum',
    rounds: roundsOfNodes,
    fieldValue: (_racks, to) => to,
    risks: [
      'The operator hands the size on to the StatefulSet and decommissions nobody, so a node is decommissioned from here first.',
      'It may replace the whole StatefulSet when it looks at its resource.',
    ],
  };
}

function atLeastOneEach(racks: readonly RackSet[], to: number): number {
  if (to >= racks.length) return to;
  throw new ClusterProblem('invalid', `There are ${racks.length} racks, and each needs a node: ${to} are too few.`);
}

/** The number of all nodes has to be a multiple of the racks. */
function sameInEach(racks: readonly RackSet[], to: number): number {
  if (to > 0 && to % racks.length === 0) return to / racks.length;
  const count = racks.length;
  throw new ClusterProblem(
    'invalid',
    `All ${count} racks of a datacenter of CassKop have the same number of nodes: choose a multiple of ${count}, and not 0 while data is replicated there.`,
  );
}

/** Racks in the order of the operator, and of one datacenter where a resource has several. @throws ClusterProblem */
export function racksOf(data: DataCluster, group: string | undefined): readonly RackSet[] {
  const { flavour, resource, workloads } = data;
  const racks = ringOperatorOf(data)?.racks ?? [];
  // cass-operator goes by the order of the resource, others by names.
  const listed = flavour === 'cass-operator' ? objectsOf(valueAt(resource?.spec, 'racks')) : [];
  const order = listed.map((one) => labelled(textAt(one, 'name')));
  const place = (rack: string): number => (order.includes(rack) ? order.indexOf(rack) : order.length);
  const chosen = racks.filter(({ datacenter }) => group === undefined || datacenter === '' || datacenter === group);
  const sets = chosen.flatMap(({ name, workload }): readonly RackSet[] => {
    const set = workloads.find(({ kind, meta }) => kind === 'StatefulSet' && meta.name === workload);
    if (!set) return [];
    const { replicas, firstOrdinal = 0, claimTemplates } = set;
    return [{ name, set: workload, replicas, firstOrdinal, claimTemplates }];
  });
  if (sets.length === 0) throw new ClusterProblem('absent', `The StatefulSets of ${data.name} were not found.`);
  return sets.toSorted((a, b) => place(a.name) - place(b.name) || (a.name < b.name ? -1 : 1));
}

/** cass-operator makes a label of a name by leaving out what labels may not have. */
const labelled = (name: string): string => name.replaceAll(/[^A-Za-z0-9_.-]/g, '');
