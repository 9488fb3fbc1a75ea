import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { carryOut } from '#core/operations/carryOut.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import { watchJournals } from '#core/operations/journals.ts';
import { askHolder } from '#core/operations/leaseLock.ts';
import type { OperationTarget, RunRecord } from '#core/operations/model.ts';
import type { Operations, RunnerPorts, RunOrder } from '#core/operations/operations.ts';
import type { SystemOperations } from '#core/operations/systemOperations.ts';
import type { SystemId } from '#core/systems/contract.ts';
import { kafkaOperations } from '#core/systems/kafka/operations/index.ts';

/** The systems that have operations. */
const systems: Readonly<Partial<Record<SystemId, SystemOperations>>> = { kafka: kafkaOperations };

/** The operations of every system that has some. */
export const operations: Operations = {
  offers: (data) => systems[data.system]?.offers(data) ?? [],
  plan: async (wish, ports) => requireSystem(ports.data.system).plan(wish, ports),
  planNodeDrain: () => Promise.reject(new ClusterProblem('invalid', 'Nodes cannot be drained yet.')),
  files: (plan) => (plan.target.system === 'kubernetes' ? [] : (systems[plan.target.system]?.files?.(plan) ?? [])),
  run: runPlanned,
  history: (target, cluster) => readJournalOf(cluster, target),
  watchJournals: (cluster, namespaces, listener) => watchJournals(cluster, namespaces, listener),
  ask: (wish, target, cluster) => askHolder(wish, target, cluster),
};

async function runPlanned({ plan, clusters, earlier }: RunOrder, ports: RunnerPorts): Promise<RunRecord> {
  const { cluster, clock } = ports;
  const data = dataOf(plan.target, clusters);
  const { procedure, close } = requireSystem(data.system).undertake(plan, { data, cluster, clock });
  try {
    return await carryOut({ plan, procedure, ...(earlier ? { earlier } : {}) }, ports);
  } finally {
    await close();
  }
}

function dataOf({ key, name }: OperationTarget, clusters: readonly DataCluster[]): DataCluster {
  const found = clusters.find((data) => data.key === key);
  if (found) return found;
  throw new ClusterProblem('absent', `There is no data cluster ${name} any more.`);
}

function requireSystem(id: SystemId): SystemOperations {
  const found = systems[id];
  if (found) return found;
  throw new ClusterProblem('invalid', `There are no operations for ${id} yet.`);
}
