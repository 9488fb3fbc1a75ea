import { ClusterProblem } from '#core/live/ports.ts';
import { carryOut } from '#core/operations/carryOut.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { RunRecord } from '#core/operations/model.ts';
import type { Operations, RunnerPorts, RunOrder } from '#core/operations/operations.ts';
import { openKafkaDoor } from '#core/systems/kafka/operations/openDoor.ts';
import { planKafkaRestart } from '#core/systems/kafka/operations/planRestart.ts';
import { brokerPlacesOf, kafkaRestartOf } from '#core/systems/kafka/operations/restartOf.ts';

/** The operations of every system that has some. */
export const operations: Operations = {
  async planRestart(wish, { data, cluster, clock, id }) {
    if (data.system !== 'kafka') throw unknownTo(data.system);
    const door = openKafkaDoor(data, cluster, clock);
    try {
      return await planKafkaRestart(data, wish, { cluster, clock, door, id });
    } finally {
      await door.close();
    }
  },
  run: runKafka,
  history: (target, cluster) => readJournalOf(cluster, target),
};

async function runKafka({ plan, data, earlier }: RunOrder, ports: RunnerPorts): Promise<RunRecord> {
  if (plan.target.system !== 'kafka' || plan.operation !== 'restart') throw unknownTo(plan.target.system);
  const { cluster, clock } = ports;
  const door = openKafkaDoor(data, cluster, clock, brokerPlacesOf(plan));
  try {
    const procedure = kafkaRestartOf(plan, { cluster, clock, door });
    return await carryOut({ plan, procedure, ...(earlier ? { earlier } : {}) }, ports);
  } finally {
    await door.close();
  }
}

function unknownTo(system: string): ClusterProblem {
  return new ClusterProblem('invalid', `There is no safe restart of ${system} yet.`);
}
