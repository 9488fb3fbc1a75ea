import type { DescribeQuorumAnswer } from '#core/systems/kafka/admin.ts';

/** Default of controller.quorum.fetch.timeout.ms. */
const FETCH_TIMEOUT_MS = 2000;

/**
 * Why a node may not leave the controller quorum now; undefined when it may, or when it is no voter. Voters count that are the leader
 * or caught up with it within the fetch timeout; of two the other one must, of more a majority of all must be left without the node.
 * A single voter has nobody to lose to: its absence is an outage of the controller that no order avoids.
 * Source: Strimzi's KafkaQuorumCheck, after KIP-595.
 */
export function quorumBlocker(node: number, quorum: DescribeQuorumAnswer | undefined): string | undefined {
  if (!quorum) return undefined;
  const { voters, leaderId } = quorum;
  if (!voters.some(({ id }) => id === node)) return undefined;
  if (leaderId < 0) return 'the controller quorum has no leader';
  if (voters.length === 1) return undefined;
  const leader = voters.find(({ id }) => id === leaderId);
  const isWithLeader = (voter: DescribeQuorumAnswer['voters'][number]): boolean => {
    if (voter.id === leaderId) return true;
    if (leader === undefined || leader.lastCaughtUpAt < 0 || voter.lastCaughtUpAt < 0) return false;
    return leader.lastCaughtUpAt - voter.lastCaughtUpAt < FETCH_TIMEOUT_MS;
  };
  const others = voters.filter((voter) => voter.id !== node && isWithLeader(voter));
  const needed = voters.length === 2 ? 1 : Math.floor(voters.length / 2) + 1;
  if (others.length >= needed) return undefined;
  return `the controller quorum has ${others.length} of the ${needed} voters it needs without node ${node}`;
}

/** Whether a voter follows again; true for nodes that are none. */
export function isInQuorum(node: number, quorum: DescribeQuorumAnswer | undefined): boolean {
  if (!quorum?.voters.some(({ id }) => id === node)) return true;
  return quorum.leaderId >= 0 && votersBehind(quorum).every((id) => id !== node);
}

function votersBehind({ voters, leaderId }: DescribeQuorumAnswer): readonly number[] {
  const leader = voters.find(({ id }) => id === leaderId);
  return voters
    .filter(
      ({ id, lastCaughtUpAt }) => id !== leaderId && (leader?.lastCaughtUpAt ?? 0) - lastCaughtUpAt >= FETCH_TIMEOUT_MS,
    )
    .map(({ id }) => id);
}
