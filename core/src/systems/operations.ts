import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { carryOut } from '#core/operations/carryOut.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import { watchJournals } from '#core/operations/journals.ts';
import { askHolder } from '#core/operations/leaseLock.ts';
import type { OperationTarget, RunRecord } from '#core/operations/model.ts';
import { nodeDrainOf } from '#core/operations/nodeDrain/nodeDrain.ts';
import { goneData } from '#core/operations/jobs/goneData.ts';
import { planNodeDrain } from '#core/operations/nodeDrain/planNodeDrain.ts';
import type { Operations, RunnerPorts, RunOrder } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { SystemOperations, SystemTable, Undertaken } from '#core/operations/systemOperations.ts';
import type { SystemId } from '#core/systems/contract.ts';
import { cassandraOperations } from '#core/systems/cassandra/operations/index.ts';
import { kafkaOperations } from '#core/systems/kafka/operations/index.ts';
import { sparkOperations } from '#core/systems/spark/operations/index.ts';
import { tfjobOperations } from '#core/systems/tfjob/operations/index.ts';

/** The systems that have operations. */
const systems: SystemTable = {
  kafka: kafkaOperations,
  cassandra: cassandraOperations,
  spark: sparkOperations,
  tfjob: tfjobOperations,
};

/** The operations of every system that has some. */
export const operations: Operations = {
  offers: (data) => systems[data.system]?.offers(data) ?? [],
  plan: async (wish, ports) => requireSystem(ports.data.system).plan(wish, ports),
  planNodeDrain: (wish, ports) => planNodeDrain(wish, { ...ports, systems }),
  files: (plan) => (plan.target.system === 'kubernetes' ? [] : (systems[plan.target.system]?.files?.(plan) ?? [])),
  run: runPlanned,
  history: (target, cluster) => readJournalOf(cluster, target),
  watchJournals: (cluster, namespaces, listener) => watchJournals(cluster, namespaces, listener),
  ask: (wish, target, cluster) => askHolder(wish, target, cluster),
};

async function runPlanned({ plan, clusters, earlier, confirmed }: RunOrder, ports: RunnerPorts): Promise<RunRecord> {
  const { procedure, close } =
    plan.target.system === 'kubernetes'
      ? await undertakeNodeDrain({ plan, clusters }, ports)
      : undertake({ plan, clusters }, ports);
  try {
    const asked = confirmed === undefined ? {} : { confirmed };
    return await carryOut({ plan, procedure, ...(earlier ? { earlier } : {}), ...asked }, ports);
  } finally {
    await close();
  }
}

function undertake({ plan, clusters }: RunOrder, { cluster, clock }: RunnerPorts): Undertaken {
  const data = dataOf(plan.target, clusters);
  return requireSystem(data.system).undertake(plan, { data, cluster, clock });
}

/** Each part is moved by its own system. */
async function undertakeNodeDrain({ plan, clusters }: RunOrder, ports: RunnerPorts): Promise<Undertaken> {
  const undertaken: Undertaken[] = [];
  const close = async (): Promise<void> => {
    for (const one of undertaken) await one.close();
  };
  try {
    const procedures = new Map<string, Procedure>();
    for (const part of plan.parts ?? []) {
      const departure = part.target.system === 'kubernetes' ? undefined : systems[part.target.system]?.departure;
      if (departure) {
        procedures.set(part.target.key, departure.procedure(part, ports));
        continue;
      }
      const one = undertake({ plan: part, clusters }, ports);
      undertaken.push(one);
      procedures.set(part.target.key, one.procedure);
    }
    const { cluster, clock } = ports;
    return { procedure: nodeDrainOf(plan, { cluster, clock, procedures }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function dataOf(target: OperationTarget, clusters: readonly DataCluster[]): DataCluster {
  const { key, name } = target;
  const found = clusters.find((data) => data.key === key);
  if (found) return found;
  if (target.anchorGoes === true && target.system !== 'kubernetes') return goneData(target, target.system);
  throw new ClusterProblem('absent', `There is no data cluster ${name} any more.`);
}

function requireSystem(id: SystemId): SystemOperations {
  const found = systems[id];
  if (found) return found;
  throw new ClusterProblem('invalid', `There are no operations for ${id} yet.`);
}
