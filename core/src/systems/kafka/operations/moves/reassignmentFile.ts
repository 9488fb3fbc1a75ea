import { ClusterProblem } from '#core/live/ports.ts';
import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import { isSameOrder } from '#core/systems/kafka/operations/moves/moveText.ts';
import { readReassignmentJson, type Assignment } from '#core/systems/kafka/rebalance/exchange.ts';
import { comparePartitions } from '#core/systems/kafka/rebalance/order.ts';
import type { Move, RebalanceInput, Unsolved } from '#core/systems/kafka/rebalance/model.ts';

/** What a file of kafka-reassign-partitions asks for. @throws ClusterProblem that says what is wrong with it */
export function readReassignment(text: string): readonly Assignment[] {
  const { assignments, problems } = readReassignmentJson(text);
  const why = assignments.length === 0 && problems.length === 0 ? ['It names no partition.'] : problems;
  if (why.length === 0) return assignments;
  throw new ClusterProblem('invalid', `The reassignment file cannot be carried out. ${why.join(' ')}`);
}

/** As moves from what there is now; what cannot be done is named. Partitions that are as the file wants them are left out. */
export function movesOfFile(
  wanted: readonly Assignment[],
  { partitions, brokers }: RebalanceInput,
): { readonly moves: readonly Move[]; readonly unsolved: readonly Unsolved[] } {
  const present = new Map(partitions.map((one) => [partitionName(one), one]));
  const known = new Set(brokers.map(({ id }) => id));
  const moves: Move[] = [];
  const unsolved: Unsolved[] = [];
  for (const { topic, index, replicas } of wanted) {
    const found = present.get(partitionName({ topic, index }));
    const unknown = replicas.filter((id) => !known.has(id));
    if (!found) unsolved.push({ topic, index, reason: 'there is no such partition' });
    else if (replicas.length !== found.replicas.length)
      unsolved.push({
        topic,
        index,
        reason: `it has ${found.replicas.length} replicas and the file lists ${replicas.length}`,
      });
    else if (unknown.length > 0) unsolved.push({ topic, index, reason: `there is no broker ${unknown.join(', ')}` });
    else if (!isSameOrder(replicas, found.replicas))
      moves.push({ topic, index, before: found.replicas, after: replicas, bytes: found.bytes });
  }
  return { moves: moves.toSorted(comparePartitions), unsolved };
}
