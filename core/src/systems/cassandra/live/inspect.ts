import type { DataCluster, InsideAccess, InsideFacts, LiveMember } from '#core/live/model.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { AT_ONCE, FOR_ALL, inParallel } from '#core/systems/cassandra/live/asking.ts';
import { cassandraFacts, verdictsSince, type CassandraInside } from '#core/systems/cassandra/live/inside.ts';
import { objectAt } from '#core/json.ts';
import { textAt } from '#core/systems/cassandra/live/reading.ts';
import { inSentence } from '#core/systems/cassandra/live/words.ts';
import { NodeDoor, type Told } from '#core/systems/cassandra/node/nodeDoor.ts';
import { commandsFor, type NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { BatchAnswer } from '#core/systems/cassandra/nodetool/batch.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import { parseStatus, type StatusAnswer } from '#core/systems/cassandra/nodetool/status.ts';
import { ownershipKeyspace } from '#core/systems/cassandra/replication.ts';
import { buildRing, type KnownHost, type RingView } from '#core/systems/cassandra/ring.ts';

/** Asks every running node, by nodetool in its own container or by the management API of its pod; see NodeDoor. Resolves even when nobody answers. */
export async function inspectRing(cluster: DataCluster, access: InsideAccess): Promise<InsideFacts<CassandraInside>> {
  // From here on: what starts while nodes are asked is newer than the answers.
  const askedAt = access.clock.now();
  const asking = new Asking(cluster, access);
  const running = cluster.members.filter(isRunning);
  await inParallel(running, AT_ONCE, (member) => asking.ask(member));
  const { answers } = asking;
  if (answers.length === 0) {
    const isHidden = cluster.hidden?.includes('pods') ?? false;
    const why = isHidden ? 'No node could be asked: pods may not be listed here' : 'No node runs that could be asked';
    const nobody = running.length === 0 ? [why] : [];
    return { askedAt, facts: undefined, problems: [...nobody, ...asking.problems] };
  }
  const previous = cassandraFacts(access.previous);
  const members = cluster.members.map(({ name, rack }) => ({ name, rack }));
  const ring = buildRing(answers, members, [...knownByOperator(cluster), ...knownBefore(previous)]);
  const keyspaces = answers.map((answer) => answer.cluster?.keyspaces).find((found) => found !== undefined) ?? [];
  const ownershipOf = ring.nodes.some(({ owns }) => owns !== undefined) ? '' : (ownershipKeyspace(keyspaces) ?? '');
  const owned = ownershipOf === '' ? undefined : await asking.ownership(ring, ownershipOf);
  const facts: CassandraInside = {
    system: 'cassandra',
    ring: owned ? withOwnership(ring, owned) : ring,
    answers,
    keyspaces,
    ownershipOf: owned ? ownershipOf : '',
    since: verdictsSince(ring, previous, askedAt),
  };
  return { askedAt, facts, problems: asking.problems };
}

/** A pod that is there is not yet a process that could answer. */
function isRunning({ pod, container }: LiveMember): boolean {
  return pod?.states.some((one) => !one.isInit && one.name === container && one.state === 'running') ?? false;
}

class Asking {
  readonly answers: NodeAnswer[] = [];
  readonly problems: string[] = [];
  /** What holds for one node holds for all: rights, logins and the way to the cluster. */
  private isOver = false;
  private isUnconfigured = false;

  private readonly cluster: DataCluster;
  private readonly access: InsideAccess;
  private readonly door: NodeDoor;

  constructor(cluster: DataCluster, access: InsideAccess) {
    this.cluster = cluster;
    this.access = access;
    this.door = new NodeDoor(access.cluster, access.cancellation);
  }

  async ask(member: LiveMember): Promise<void> {
    const { pod, container } = member;
    if (this.isOver || this.access.cancellation.isCancellationRequested || !pod) return;
    const commands = commandsFor(member.version || this.cluster.version);
    const told = await this.unlessRefused(member, () => this.door.ask({ pod, container }, commands));
    if (!told) return;
    const { answer, batch } = told;
    this.problems.push(...(batch ? problemsOf(member, batch, answer) : failuresOf(member, answer)));
    if (answer.info || answer.status || answer.netstats) this.answers.push(answer);
  }

  /** Ownership of one keyspace, asked of one node that sees the ring. */
  async ownership(ring: RingView, keyspace: string): Promise<StatusAnswer | undefined> {
    const member = this.cluster.members.find(({ name }) => ring.observers.includes(name));
    if (!member?.pod || this.access.cancellation.isCancellationRequested) return undefined;
    const place = { pod: member.pod, container: member.container };
    const command = { name: 'ownership', args: ['status', keyspace] };
    const batch = await this.unlessRefused(member, () => this.door.run(place, [command]));
    const result = batch?.results.get('ownership');
    return result && !failureOf(result) ? parseStatus(result.stdout) : undefined;
  }

  private async unlessRefused<Answer>(
    member: LiveMember,
    ask: () => Promise<Told<Answer>>,
  ): Promise<Answer | undefined> {
    try {
      const told = await ask();
      if (told.kind === 'told') return told.answer;
      this.refuse(member, told.why);
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      this.refuse(member, error);
    }
    return undefined;
  }

  private refuse(member: LiveMember, problem: ClusterProblem): void {
    const reason = messageText(problem.message, LONGEST_REASON);
    // A login may be missing for one node alone; what to do about it is said once.
    if (problem.kind === 'configuration') {
      const why = this.isUnconfigured ? ' for the same kind of reason' : `: ${reason}`;
      this.isUnconfigured = true;
      this.problems.push(`${member.name} could not be asked${why}`);
    } else if (!FOR_ALL.has(problem.kind)) this.problems.push(`${member.name} could not be asked: ${reason}`);
    else if (!this.isOver) {
      this.isOver = true;
      this.problems.push(`No node could be asked: ${reason}`);
    }
  }
}

/** What is missing, and what to do about it. */
const LONGEST_REASON = 700;

function problemsOf({ name, container }: LiveMember, batch: BatchAnswer, answer: NodeAnswer): readonly string[] {
  if (batch.isWithoutNodetool) return [`${name} could not be asked: container ${container} has no nodetool`];
  const { failures, netstats } = answer;
  const failed = (kind: string): string | undefined =>
    failures.find(({ failure }) => failure.kind === kind)?.failure.text;
  if (failed('unreachable') !== undefined)
    return [`${name} could not be asked: its JMX port does not answer, it is starting or stopping`];
  // A drained node cannot describe the cluster, and versions before 4.1 cannot list hints.
  const isDrained = netstats?.mode === 'DRAINED' || netstats?.mode === 'DRAINING';
  const telling = failures.filter(
    ({ command, failure }) =>
      !(command === 'hints' && failure.kind === 'refused') && !(command === 'cluster' && isDrained),
  );
  if (telling.length > 0) return failuresOf({ name }, { failures: telling });
  return batch.results.size === 0 ? [`${name} could not be asked: nodetool printed nothing that can be read`] : [];
}

function failuresOf({ name }: Pick<LiveMember, 'name'>, { failures }: Pick<NodeAnswer, 'failures'>): readonly string[] {
  return failures.map(({ command, failure }) => `${name} did not answer to ${command}: ${inSentence(failure.text)}`);
}

/** The operators write down which Host ID each of their pods has. */
function knownByOperator({ resource }: DataCluster): readonly KnownHost[] {
  if (!resource) return [];
  const { nodeStatuses, cassandraNodeStatus } = resource.status;
  const hosts = [
    ...Object.entries(objectAt(nodeStatuses)).map(([member, node]) => ({ member, hostId: textAt(node, 'hostID') })),
    ...Object.entries(objectAt(cassandraNodeStatus)).map(([member, node]) => ({
      member,
      hostId: textAt(node, 'hostId'),
    })),
  ];
  return hosts.filter(({ hostId }) => hostId !== '').map((host) => ({ ...host, by: 'operator' }));
}

function knownBefore(previous: CassandraInside | undefined): readonly KnownHost[] {
  return (previous?.ring.nodes ?? []).flatMap(({ member, hostId, memberKnownBy }) =>
    member !== undefined && hostId !== '' && memberKnownBy !== 'elimination' ? [{ member, hostId, by: 'before' }] : [],
  );
}

function withOwnership(ring: RingView, { rows }: StatusAnswer): RingView {
  const nodes = ring.nodes.map((node) => {
    const row = rows.find(({ hostId }) => hostId !== '' && hostId === node.hostId);
    return row ? { ...node, owns: row.owns } : node;
  });
  return { ...ring, nodes };
}
