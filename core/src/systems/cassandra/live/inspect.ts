import type { DataCluster, InsideAccess, InsideFacts, LiveMember } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { AT_ONCE, FOR_ALL, inParallel } from '#core/systems/cassandra/live/asking.ts';
import { cassandraFacts, verdictsSince, type CassandraInside } from '#core/systems/cassandra/live/inside.ts';
import { objectAt } from '#core/json.ts';
import { textAt } from '#core/systems/cassandra/live/reading.ts';
import { inSentence } from '#core/systems/cassandra/live/words.ts';
import { commandsFor, readNodeAnswer, type NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { batchScript, readBatch, type BatchAnswer, type BatchCommand } from '#core/systems/cassandra/nodetool/batch.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import { parseStatus, type StatusAnswer } from '#core/systems/cassandra/nodetool/status.ts';
import { ownershipKeyspace } from '#core/systems/cassandra/replication.ts';
import { buildRing, type KnownHost, type RingView } from '#core/systems/cassandra/ring.ts';

/** Six commands of at most half a minute each; as a rule it takes six seconds. */
const TIMEOUT_MS = 200_000;

/**
 * Asks every running node by nodetool in its own container, also in pods of cass-operator: their management API listens beside the
 * local JMX port, and wants certificates that are not ours. Resolves even when nobody answers.
 */
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

  private readonly cluster: DataCluster;
  private readonly access: InsideAccess;

  constructor(cluster: DataCluster, access: InsideAccess) {
    this.cluster = cluster;
    this.access = access;
  }

  async ask(member: LiveMember): Promise<void> {
    if (this.isOver || this.access.cancellation.isCancellationRequested || !member.pod) return;
    const batch = await this.run(member, commandsFor(member.version || this.cluster.version));
    if (!batch) return;
    const answer = readNodeAnswer({ member: member.name, podUid: member.pod.meta.uid, podIp: member.pod.ip }, batch);
    this.problems.push(...problemsOf(member, batch, answer));
    if (answer.info || answer.status || answer.netstats) this.answers.push(answer);
  }

  /** Ownership of one keyspace, asked of one node that sees the ring. */
  async ownership(ring: RingView, keyspace: string): Promise<StatusAnswer | undefined> {
    const member = this.cluster.members.find(({ name }) => ring.observers.includes(name));
    if (!member || this.access.cancellation.isCancellationRequested) return undefined;
    const batch = await this.run(member, [{ name: 'ownership', args: ['status', keyspace] }]);
    const result = batch?.results.get('ownership');
    return result && !failureOf(result) ? parseStatus(result.stdout) : undefined;
  }

  private async run(member: LiveMember, commands: readonly BatchCommand[]): Promise<BatchAnswer | undefined> {
    try {
      const { stdout } = await this.access.cluster.exec(
        {
          namespace: this.cluster.namespace,
          pod: member.name,
          container: member.container,
          command: ['sh', '-c', batchScript(commands)],
          timeoutMs: TIMEOUT_MS,
        },
        this.access.cancellation,
      );
      return readBatch(stdout);
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      this.refuse(member, error);
      return undefined;
    }
  }

  private refuse(member: LiveMember, problem: ClusterProblem): void {
    const reason = inSentence(problem.message);
    if (!FOR_ALL.has(problem.kind)) this.problems.push(`${member.name} could not be asked: ${reason}`);
    else if (!this.isOver) {
      this.isOver = true;
      this.problems.push(`No node could be asked: ${reason}`);
    }
  }
}

function problemsOf({ name, container }: LiveMember, batch: BatchAnswer, answer: NodeAnswer): readonly string[] {
  if (batch.isWithoutNodetool) return [`${name} could not be asked: container ${container} has no nodetool`];
  const { failures, netstats } = answer;
  const failed = (kind: string): string | undefined =>
    failures.find(({ failure }) => failure.kind === kind)?.failure.text;
  if (failed('unreachable') !== undefined)
    return [`${name} could not be asked: its JMX port does not answer, it is starting or stopping`];
  if (failed('login') !== undefined)
    return [`${name} could not be asked: JMX wants a login, and no password file was found in the container`];
  // A drained node cannot describe the cluster, and versions before 4.1 cannot list hints.
  const isDrained = netstats?.mode === 'DRAINED' || netstats?.mode === 'DRAINING';
  const telling = failures.filter(
    ({ command, failure }) =>
      !(command === 'hints' && failure.kind === 'refused') && !(command === 'cluster' && isDrained),
  );
  if (telling.length > 0) {
    return telling.map(({ command, failure }) => `${name} did not answer to ${command}: ${inSentence(failure.text)}`);
  }
  return batch.results.size === 0 ? [`${name} could not be asked: nodetool printed nothing that can be read`] : [];
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
