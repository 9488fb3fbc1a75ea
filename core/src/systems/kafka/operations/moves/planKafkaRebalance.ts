import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { RebalanceMode, RebalanceWish } from '#core/operations/wishes.ts';
import type { KafkaPlanningPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { brokersNamed, planMoves, type MovesWanted } from '#core/systems/kafka/operations/moves/planMoves.ts';
import { movesOfFile, readReassignment } from '#core/systems/kafka/operations/moves/reassignmentFile.ts';
import { planRebalance } from '#core/systems/kafka/rebalance/planRebalance.ts';

/** Whether a mode is about some brokers, and which partitions are led by their preferred leader afterwards. */
const modes: Readonly<Record<RebalanceMode, { readonly needsMembers: boolean; readonly elected: 'moved' | 'all' }>> = {
  full: { needsMembers: false, elected: 'all' },
  'leaders only': { needsMembers: false, elected: 'all' },
  'new brokers only': { needsMembers: true, elected: 'moved' },
  'off brokers': { needsMembers: true, elected: 'moved' },
  'racks only': { needsMembers: false, elected: 'moved' },
};

const isMode = (mode: string): mode is RebalanceMode => Object.hasOwn(modes, mode);

/** @throws ClusterProblem when the cluster cannot be asked, when the wish is unclear, or when there is nothing to do */
export async function planKafkaRebalance(wish: RebalanceWish, ports: KafkaPlanningPorts): Promise<Plan> {
  return planMoves(
    wish.reassignment === undefined ? byMode(wish, ports) : byFile(wish.reassignment, wish, ports),
    ports,
  );
}

function byMode(
  { mode, members = [], exclude = [], throttle }: RebalanceWish,
  { data }: KafkaPlanningPorts,
): MovesWanted {
  if (!isMode(mode)) throw new ClusterProblem('invalid', `Kafka has no rebalance "${mode}".`);
  const { needsMembers, elected } = modes[mode];
  if (needsMembers && members.length === 0) throw new ClusterProblem('invalid', `Name the brokers for "${mode}".`);
  const brokers = needsMembers ? brokersNamed(data, members) : [];
  return {
    operation: 'rebalance',
    title: `Rebalance Kafka ${data.name}: ${mode}${needsMembers ? ` (${members.join(', ')})` : ''}`,
    solve: (input) => planRebalance(input, { mode, brokers, exclude }),
    unsolvedIs: mode === 'off brokers' ? 'fails' : 'warns',
    // Topics that are excluded stay on a broker that is left.
    leaving: mode === 'off brokers' && exclude.length === 0 ? brokers : [],
    mayUncordon: false,
    throttle,
    elected,
    exclude,
    parameters: { mode, members },
    nothing: `${data.name} is in balance: nothing would get better by moving it.`,
  };
}

function byFile(text: string, { throttle }: RebalanceWish, { data }: KafkaPlanningPorts): MovesWanted {
  const wanted = readReassignment(text);
  return {
    operation: 'rebalance',
    title: `Carry out a reassignment file on Kafka ${data.name}`,
    solve: (input) => movesOfFile(wanted, input),
    unsolvedIs: 'consent',
    leaving: [],
    mayUncordon: true,
    throttle,
    elected: 'moved',
    exclude: [],
    parameters: { mode: 'file', members: [] },
    nothing: 'Every partition is as the file wants it.',
  };
}
