import { ClusterProblem, type Clock } from '#core/live/ports.ts';
import { sleep } from '#core/operations/poller.ts';
import { CONFIG_BROKER, CONFIG_TOPIC, type DescribeLogDirsAnswer } from '#core/systems/kafka/admin.ts';
import { partitionName, type KafkaState, type PartitionState } from '#core/systems/kafka/operations/clusterState.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { ALL_DIRS, cordonPlace } from '#core/systems/kafka/operations/moves/cordonStep.ts';
import { readSettings, type Settings } from '#core/systems/kafka/operations/moves/settings.ts';
import { targetOf, viewOf, type MovesView } from '#core/systems/kafka/operations/moves/stage.ts';
import {
  keyOf,
  THROTTLE_KEYS,
  type SettingPlace,
  type Values,
} from '#core/systems/kafka/operations/moves/throttles.ts';
import type { RebalanceBroker, RebalanceInput } from '#core/systems/kafka/rebalance/model.ts';

/** Everything that a plan of moves is made from, as the brokers tell it. */
export interface Situation {
  readonly state: KafkaState;
  readonly view: MovesView;
  readonly racks: ReadonlyMap<number, string>;
  /** By broker; without those that did not tell. */
  readonly disks: ReadonlyMap<number, DescribeLogDirsAnswer['dirs']>;
  /** Brokers that did not tell what is on their disks. */
  readonly silent: ReadonlyMap<number, string>;
  /** Throttles that are set, and disks that are cordoned. */
  readonly settings: Settings;
  /** Bytes a second that are written to each partition; undefined where it was not measured. */
  readonly growth: ReadonlyMap<string, number> | undefined;
}

/** How long the growth of partitions is watched. */
export const GROWTH_MS = 3000;

/**
 * Reads it. `brokers` are those that there have to be; `growthMs` is how long to watch what is written, which is not done when absent.
 * @throws ClusterProblem when nobody answers
 */
export async function readSituation(
  door: KafkaDoor,
  brokers: readonly number[],
  clock: Clock,
  growthMs?: number,
): Promise<Situation> {
  const { partitions: moving } = await door.ask('ListPartitionReassignments', {});
  const state = await door.state(undefined);
  const { brokers: told } = await door.ask('Metadata', { topics: [] });
  const live = [...new Set([...brokers, ...state.brokers])].filter((id) => state.brokers.includes(id));
  const { disks, silent } = await readDisks(door, live);
  const settings = await readSettings(door, [...placesOf(live, state)], state.brokers);
  return {
    state,
    view: viewOf(state, moving),
    racks: new Map(told.map(({ id, rack }) => [id, rack])),
    disks,
    silent,
    settings,
    growth: growthMs === undefined ? undefined : await watchGrowth({ door, clock }, live, disks, growthMs),
  };
}

type Disks = Pick<Situation, 'disks' | 'silent'>;

async function readDisks(door: KafkaDoor, brokers: readonly number[]): Promise<Disks> {
  const disks = new Map<number, DescribeLogDirsAnswer['dirs']>();
  const silent = new Map<number, string>();
  const ask = async (id: number): Promise<void> => {
    try {
      disks.set(id, (await door.askBroker(id, 'DescribeLogDirs', {})).dirs);
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      silent.set(id, error.message);
    }
  };
  await Promise.all(brokers.map(ask));
  return { disks, silent };
}

function placesOf(brokers: readonly number[], { partitions }: KafkaState): readonly SettingPlace[] {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const throttles = (type: number, name: string): readonly SettingPlace[] =>
    (THROTTLE_KEYS[type] ?? []).map((key) => ({ type, name, key }));
  return [
    ...brokers.flatMap((id) => [...throttles(CONFIG_BROKER, String(id)), cordonPlace(id)]),
    ...topics.flatMap((name) => throttles(CONFIG_TOPIC, name)),
  ];
}

/** What is written is what the largest replica grows by; one that shrinks has just deleted old segments and tells nothing. */
async function watchGrowth(
  { door, clock }: { readonly door: KafkaDoor; readonly clock: Clock },
  brokers: readonly number[],
  disks: Disks['disks'],
  growthMs: number,
): Promise<ReadonlyMap<string, number> | undefined> {
  const began = clock.now();
  await sleep(clock, growthMs);
  const later = await readDisks(door, brokers);
  const seconds = (clock.now() - began) / 1000;
  if (later.silent.size > 0 || seconds <= 0) return undefined;
  const before = sizesOf(disks);
  return new Map(
    [...sizesOf(later.disks)].map(([name, bytes]) => [
      name,
      Math.max(0, bytes - (before.get(name) ?? bytes)) / seconds,
    ]),
  );
}

/** Bytes of one replica of each partition: the largest of them. */
function sizesOf(disks: Disks['disks']): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { name, sizes: replicas } of [...disks.values()].flat().flatMap(({ topics }) => topics)) {
    for (const { index, bytes } of replicas) {
      const partition = partitionName({ topic: name, index });
      sizes.set(partition, Math.max(sizes.get(partition) ?? 0, bytes));
    }
  }
  return sizes;
}

/** For the planner. A broker whose disks are all cordoned takes nothing; a partition that is being moved counts as where it goes. */
export function toRebalanceInput({ state, racks, disks, settings, view }: Situation): RebalanceInput {
  const sizes = sizesOf(disks);
  const named = new Set([...state.brokers, ...state.partitions.flatMap(({ replicas }) => replicas)]);
  const brokers = [...named]
    .toSorted((a, b) => a - b)
    .map((id): RebalanceBroker => {
      const dirs = disks.get(id);
      return {
        id,
        rack: racks.get(id) ?? '',
        isTarget: state.brokers.includes(id) && !isCordoned(id, dirs, settings.values),
        totalBytes: sumOf(dirs?.map(({ totalBytes }) => totalBytes)),
        usableBytes: sumOf(dirs?.map(({ usableBytes }) => usableBytes)),
      };
    });
  const partitions = state.partitions.map(({ topic, index, replicas, isr, leader, minIsr }) => ({
    topic,
    index,
    replicas: targetIn(view, { topic, index, replicas }),
    isr,
    leader,
    minIsr,
    bytes: sizes.get(partitionName({ topic, index })) ?? 0,
  }));
  return { brokers, partitions };
}

function targetIn(
  { moving }: MovesView,
  { topic, index, replicas }: Pick<PartitionState, 'topic' | 'index' | 'replicas'>,
): readonly number[] {
  const underWay = moving.get(partitionName({ topic, index }));
  return underWay ? targetOf(underWay) : replicas;
}

function isCordoned(broker: number, dirs: DescribeLogDirsAnswer['dirs'] | undefined, values: Values): boolean {
  const cordoned = (values.get(keyOf(cordonPlace(broker))) ?? '').split(',').filter((dir) => dir !== '');
  if (cordoned.includes(ALL_DIRS)) return true;
  return dirs !== undefined && dirs.length > 0 && dirs.every(({ path }) => cordoned.includes(path));
}

function sumOf(values: readonly (number | undefined)[] | undefined): number | undefined {
  if (!values || values.length === 0) return undefined;
  return values.reduce<number | undefined>(
    (sum, value) => (sum === undefined || value === undefined ? undefined : sum + value),
    0,
  );
}
