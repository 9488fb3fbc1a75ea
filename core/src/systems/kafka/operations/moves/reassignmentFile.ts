import { isObject, listOf, objectOf } from '#core/json.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import { isSameOrder } from '#core/systems/kafka/operations/moves/moveText.ts';
import { comparePartitions } from '#core/systems/kafka/rebalance/order.ts';
import type { Move, RebalanceInput, Unsolved } from '#core/systems/kafka/rebalance/model.ts';

/** The file that `kafka-reassign-partitions --reassignment-json-file` reads. Source: KIP-455 and the tool's own documentation. */
export function writeReassignment(moves: readonly Move[], which: 'before' | 'after'): string {
  const partitions = moves.toSorted(comparePartitions).map(({ topic, index, [which]: replicas }) => ({
    topic,
    partition: index,
    replicas,
  }));
  return `${JSON.stringify({ version: 1, partitions }, undefined, 1)}\n`;
}

interface Wanted {
  readonly topic: string;
  readonly index: number;
  readonly replicas: readonly number[];
}

/** Files of this length hold a hundred thousand partitions. */
const LONGEST = 10_000_000;

/** What such a file asks for. Which disk of a broker takes a replica (`log_dirs`) is left to the broker. @throws ClusterProblem */
export function readReassignment(text: string): readonly Wanted[] {
  const file = parse(text);
  const items = listOf(file['partitions']);
  if (file['version'] !== 1 || items.length === 0) throw invalid('It is not a reassignment file of version 1.');
  const wanted = items.map(readPartition);
  const names = new Set(wanted.map(partitionName));
  if (names.size < wanted.length) throw invalid('The reassignment file names a partition twice.');
  return wanted;
}

/** As moves from what there is now; what cannot be done is named. Partitions that are as the file wants them are left out. */
export function movesOfFile(
  wanted: readonly Wanted[],
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

function parse(text: string): Readonly<Record<string, unknown>> {
  if (text.length > LONGEST) throw invalid('The reassignment file is too long.');
  try {
    return objectOf(JSON.parse(text));
  } catch {
    throw invalid('The reassignment file is not JSON.');
  }
}

function readPartition(value: unknown): Wanted {
  const { topic, partition, replicas } = isObject(value) ? value : {};
  const ids: readonly number[] = listOf(replicas).map(Number);
  const areIds =
    ids.length > 0 && ids.every((id) => Number.isInteger(id) && id >= 0) && new Set(ids).size === ids.length;
  if (typeof topic === 'string' && /^[\w.-]{1,249}$/.test(topic) && Number.isInteger(partition) && areIds) {
    return { topic, index: Number(partition), replicas: ids };
  }
  throw invalid('The reassignment file has a partition without topic, number or replicas.');
}

function invalid(message: string): ClusterProblem {
  return new ClusterProblem('invalid', message);
}
