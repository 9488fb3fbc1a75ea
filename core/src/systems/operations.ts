import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { carryOut } from '#core/operations/carryOut.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import { watchJournals } from '#core/operations/journals.ts';
import { askHolder } from '#core/operations/leaseLock.ts';
import type { OperationTarget, RunRecord, SubjectId } from '#core/operations/model.ts';
import { planRollback } from '#core/operations/helmRollback/planRollback.ts';
import { helmRollbackOf } from '#core/operations/helmRollback/rollbackProcedure.ts';
import { nodeDrainOf } from '#core/operations/nodeDrain/nodeDrain.ts';
import { goneData } from '#core/operations/jobs/goneData.ts';
import { planNodeDrain } from '#core/operations/nodeDrain/planNodeDrain.ts';
import type { Operations, RunnerPorts, RunOrder } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { isOver } from '#core/operations/run.ts';
import type { SystemOperations, SystemTable, Undertaken } from '#core/operations/systemOperations.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';
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
  planRollback: (wish, ports) => planRollback(wish, { ...ports, systems }),
  files: (plan) => (isOfParts(plan.target.system) ? [] : (systems[plan.target.system]?.files?.(plan) ?? [])),
  undoing,
  run: runPlanned,
  history: (target, cluster) => readJournalOf(cluster, target),
  watchJournals: (cluster, namespaces, listener) => watchJournals(cluster, namespaces, listener),
  ask: (wish, target, cluster) => askHolder(wish, target, cluster),
};

function undoing(record: RunRecord): readonly ConfigureWish[] {
  const { system } = record.plan.target;
  return isOfParts(system) || !isOver(record.state) ? [] : (systems[system]?.undoing?.(record) ?? []);
}

async function runPlanned({ plan, clusters, earlier, confirmed }: RunOrder, ports: RunnerPorts): Promise<RunRecord> {
  const { procedure, close } = isOfParts(plan.target.system)
    ? await undertakeParts({ plan, clusters }, ports)
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

/** Members in each part are moved or restarted by their own system. */
async function undertakeParts({ plan, clusters }: RunOrder, ports: RunnerPorts): Promise<Undertaken> {
  const undertaken: Undertaken[] = [];
  const close = async (): Promise<void> => {
    for (const one of undertaken) await one.close();
  };
  try {
    const procedures = new Map<string, Procedure>();
    for (const part of plan.parts ?? []) {
      const departure =
        plan.target.system === 'helm' || isOfParts(part.target.system)
          ? undefined
          : systems[part.target.system]?.departure;
      if (departure) {
        procedures.set(part.target.key, departure.procedure(part, ports));
        continue;
      }
      const one = undertake({ plan: part, clusters }, ports);
      undertaken.push(one);
      procedures.set(part.target.key, one.procedure);
    }
    const { cluster, clock } = ports;
    const procedureOf = plan.target.system === 'helm' ? helmRollbackOf : nodeDrainOf;
    return { procedure: procedureOf(plan, { cluster, clock, procedures }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is no data cluster itself and has members of some. */
function isOfParts(system: SubjectId): system is 'kubernetes' | 'helm' {
  return system === 'kubernetes' || system === 'helm';
}

function dataOf(target: OperationTarget, clusters: readonly DataCluster[]): DataCluster {
  const { key, name } = target;
  const found = clusters.find((data) => data.key === key);
  if (found) return found;
  if (target.anchorGoes === true && !isOfParts(target.system)) return goneData(target, target.system);
  throw new ClusterProblem('absent', `There is no data cluster ${name} any more.`);
}

function requireSystem(id: SystemId): SystemOperations {
  const found = systems[id];
  if (found) return found;
  throw new ClusterProblem('invalid', `There are no operations for ${id} yet.`);
}
