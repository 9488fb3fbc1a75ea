import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import { Layout, type Placed } from '#core/systems/kafka/rebalance/layout.ts';
import { balanceLeaders } from '#core/systems/kafka/rebalance/leaders.ts';
import type { Demotion, RebalanceInput, Unsolved } from '#core/systems/kafka/rebalance/model.ts';
import { lowest } from '#core/systems/kafka/rebalance/order.ts';

export interface DemotionLimits {
  /** How many times its even share of the leaders a broker may lead afterwards. */
  readonly mostOfShare: number;
}

const LIMITS: DemotionLimits = { mostOfShare: 1.5 };

/**
 * Plans that brokers keep their replicas and lead nothing. No data moves:
 * 1. every partition that one of them leads, or would lead by preference, prefers another replica that is in sync, the named brokers last;
 * 2. among the others leaders are as even as these partitions allow;
 * 3. partitions that nobody else can lead are named; a broker that would lead far more than its share is a refusal.
 * Where another broker is preferred already and the order is right, there is no move: an election of the preferred leaders is enough.
 */
export function planDemotion(
  input: RebalanceInput,
  brokers: readonly number[],
  limits: DemotionLimits = LIMITS,
): Demotion {
  const layout = new Layout(input);
  const demoted = layout.placesOf(brokers);
  const heirs = new Set(
    layout.seats.flatMap(({ isTarget }, broker) => (isTarget && !demoted.has(broker) ? [broker] : [])),
  );
  const before = leadersOf(layout);
  const affected = layout.partitions.filter(({ source, after }) => {
    return brokers.includes(source.leader) || demoted.has(after[0] ?? -1);
  });
  const leaders = [...before];
  const unsolved = affected.flatMap((placed) => hand({ layout, demoted, heirs, leaders }, placed));
  const named = new Set(unsolved.map(partitionName));
  const handed = new Set(affected.filter(({ source }) => !named.has(partitionName(source))));
  balanceLeaders(layout, { sharers: heirs, mayReorder: (placed) => handed.has(placed) });
  return { moves: layout.moves(), unsolved, refusals: refusalsOf(layout, heirs, before, limits) };
}

interface Succession {
  readonly layout: Layout;
  readonly demoted: ReadonlySet<number>;
  readonly heirs: ReadonlySet<number>;
  /** Preferred leaders so far, by place of the broker. */
  readonly leaders: number[];
}

/** Puts the named brokers last and the heir first: who is preferred already, else who has the fewest leaders. */
function hand({ layout, demoted, heirs, leaders }: Succession, placed: Placed): readonly Unsolved[] {
  const { topic, index } = placed.source;
  const others = placed.after.filter((broker) => !demoted.has(broker));
  const able = others.filter((broker) => placed.isr.includes(broker));
  const isFirst = (broker: number): number => (broker === placed.after[0] ? 0 : 1);
  const heir = lowest(able, (broker) => [heirs.has(broker) ? 0 : 1, isFirst(broker), leaders[broker] ?? 0, broker]);
  if (heir === undefined) return [{ topic, index, reason: whyNobody(placed, others) }];
  const former = placed.after[0] ?? -1;
  leaders[former] = (leaders[former] ?? 0) - 1;
  leaders[heir] = (leaders[heir] ?? 0) + 1;
  layout.reorder(placed, [
    heir,
    ...others.filter((broker) => broker !== heir),
    ...placed.after.filter((broker) => demoted.has(broker)),
  ]);
  return [];
}

function whyNobody({ after }: Placed, others: readonly number[]): string {
  if (after.length === 1) return 'it has one replica, which nobody else can lead';
  if (others.length === 0) return 'all its replicas are on these brokers';
  return 'no replica on another broker is in sync';
}

/** How many partitions each broker is the preferred leader of, by place. */
function leadersOf(layout: Layout): readonly number[] {
  const counts = layout.seats.map(() => 0);
  for (const { after } of layout.partitions) counts[after[0] ?? -1] = (counts[after[0] ?? -1] ?? 0) + 1;
  return counts;
}

function refusalsOf(
  layout: Layout,
  heirs: ReadonlySet<number>,
  before: readonly number[],
  { mostOfShare }: DemotionLimits,
): readonly string[] {
  if (heirs.size === 0) return ['No other broker is left that could lead'];
  const all = layout.partitions.length;
  const most = Math.ceil((all / heirs.size) * mostOfShare);
  return leadersOf(layout).flatMap((leads, broker) => {
    if (!heirs.has(broker) || leads <= most || leads <= (before[broker] ?? 0)) return [];
    return [
      `Broker ${layout.seat(broker).id} would lead ${leads} of ${all} partitions, more than ${mostOfShare} times its share`,
    ];
  });
}
