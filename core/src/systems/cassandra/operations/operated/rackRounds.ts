/** A rack as an operator makes it: one StatefulSet. */
export interface RackSet {
  readonly name: string;
  /** Name of the StatefulSet. */
  readonly set: string;
  readonly replicas: number;
  /** Of its first pod. */
  readonly firstOrdinal: number;
  readonly claimTemplates: readonly string[];
}

/** One change of the field that keeps the size, and what it makes of the racks. */
export interface Round {
  readonly from: number;
  readonly to: number;
  readonly pods: readonly string[];
}

/** Racks differ by one node at most, the first ones have more: cass-operator (SplitRacks) and instaclustr (BuildRacksDistribution). */
export function spread(nodes: number, racks: number): readonly number[] {
  const each = Math.floor(nodes / racks);
  return Array.from({ length: racks }, (_, index) => each + (index < nodes % racks ? 1 : 0));
}

/**
 * How a number of nodes becomes another where the field counts nodes: up by at most one in each rack at a time, as an operator adds them; down by
 * single nodes. The racks are in the order of the operator, who takes from the first that has more than its share.
 */
export function roundsOfNodes(racks: readonly RackSet[], to: number): readonly Round[] {
  const rounds: Round[] = [];
  let counts = racks.map(({ replicas }) => replicas);
  for (let from = sum(counts); from !== to; from = sum(counts)) {
    const next = from < to ? Math.min(to, from + racks.length) : from - 1;
    const wanted = from < to ? spread(next, racks.length) : afterOneLeft(counts, racks.length);
    rounds.push({ from, to: next, pods: podsBetween(racks, counts, wanted) });
    counts = [...wanted];
  }
  return rounds;
}

/** Where the field counts the nodes of each rack, all racks change by one at once. */
export function roundsOfRacks(racks: readonly RackSet[], to: number): readonly Round[] {
  const rounds: Round[] = [];
  let each = racks[0]?.replicas ?? 0;
  while (each !== to) {
    const next = each < to ? each + 1 : each - 1;
    const counts = (count: number): readonly number[] => racks.map(() => count);
    rounds.push({ from: each, to: next, pods: podsBetween(racks, counts(each), counts(next)) });
    each = next;
  }
  return rounds;
}

/** The first rack, in their order, that has more than its share of one node less. */
function afterOneLeft(counts: readonly number[], racks: number): readonly number[] {
  const wanted = spread(sum(counts) - 1, racks);
  const index = counts.findIndex((count, place) => count > (wanted[place] ?? 0));
  return counts.map((count, place) => (place === index ? count - 1 : count));
}

function podsBetween(
  racks: readonly RackSet[],
  before: readonly number[],
  after: readonly number[],
): readonly string[] {
  return racks.flatMap(({ set, firstOrdinal }, place) => {
    const [low = 0, high = 0] = [before[place] ?? 0, after[place] ?? 0].toSorted((a, b) => a - b);
    return Array.from({ length: high - low }, (_, index) => `${set}-${firstOrdinal + low + index}`);
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
