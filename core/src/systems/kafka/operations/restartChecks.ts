import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { podTrouble } from '#core/live/podTrouble.ts';
import type { Precondition } from '#core/operations/model.ts';
import { journalCheck } from '#core/operations/target.ts';
import { partitionName, type KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import type { DiskFindings } from '#core/systems/kafka/operations/door.ts';
import { quorumBlocker } from '#core/systems/kafka/operations/quorum.ts';
import { laggards, unavoidableTopics } from '#core/systems/kafka/operations/safety.ts';

/** Everything that was found out before a plan is made. */
export interface Examination {
  readonly cluster: DataCluster;
  /** Those that are to be restarted. */
  readonly members: readonly LiveMember[];
  readonly state: KafkaState;
  /** Evictions that would not be allowed; from server-side dry runs. */
  readonly refusals: readonly Refusal[];
  readonly disks: DiskFindings;
  /** What may not be written, with the reason. */
  readonly missingRights: readonly string[];
  readonly now: number;
}

export interface Refusal {
  readonly pod: string;
  readonly reason: string;
  /** A disruption budget says no now, and may say yes later. */
  readonly isForNow: boolean;
}

type Check = (examination: Examination) => Precondition;

/** In the order in which they are shown. */
const checks: readonly Check[] = [
  rightsToKeep,
  podsReady,
  brokersRegistered,
  nobodyMoves,
  topicsVisible,
  disksWell,
  partitionsLed,
  partitionsInSync,
  copiesToSpare,
  quorumHealthy,
  evictionsAllowed,
  dataStays,
  graceLongEnough,
  namesResolve,
];

/** What is asked as well when an operator owns the pods; it is the one that removes them and keeps their Services. */
const checksOfOperated = checks.filter((check) => check !== evictionsAllowed && check !== namesResolve);

export function examineOperated(examination: Examination): readonly Precondition[] {
  return checksOfOperated.map((check) => check(examination));
}

export function examine(examination: Examination): readonly Precondition[] {
  return checks.map((check) => check(examination));
}

export function rightsToKeep({ missingRights }: Pick<Examination, 'missingRights'>): Precondition {
  return journalCheck(missingRights);
}

function podsReady({ cluster, now }: Examination): Precondition {
  const id = { id: 'pods', title: 'Every pod is ready' };
  const unready = cluster.members.filter(({ pod }) => pod?.isReady !== true || pod.meta.deletedAt !== undefined);
  if (unready.length === 0) return holds(id, `${cluster.members.length} of ${cluster.members.length} are ready`);
  const evidence = unready.map(
    ({ name, pod }) => `${name} ${(pod && podTrouble(pod, now)?.sentence) ?? 'is not there'}`,
  );
  // One that is down is restarted first; with two of them nobody else may be touched.
  return unready.length === 1
    ? { ...id, state: 'warns', evidence, fix: 'It is dealt with first, and awaited before any other.' }
    : { ...id, state: 'fails', evidence, fix: 'Repair them first.' };
}

function brokersRegistered({ cluster, state }: Examination): Precondition {
  const id = { id: 'registered', title: 'Every broker is registered and not fenced' };
  const unknown = cluster.members.filter(({ index }) => index === undefined);
  if (unknown.length > 0) {
    return {
      ...id,
      state: 'fails',
      evidence: [`The numbers of ${names(unknown)} are not known`],
      fix: 'Ask the cluster again.',
    };
  }
  const wanted = cluster.members.filter(({ role }) => role !== 'controller');
  const absent = wanted.filter(({ index }) => !state.brokers.includes(index ?? -1));
  if (absent.length === 0) return holds(id, `${wanted.length} brokers: ${state.brokers.join(', ')}`);
  return {
    ...id,
    state: absent.length === 1 ? 'warns' : 'fails',
    evidence: [`Not among the live brokers: ${names(absent)}`],
  };
}

export function nobodyMoves({ state, cluster }: Pick<Examination, 'state' | 'cluster'>): Precondition {
  const id = { id: 'nothing-moves', title: 'Nobody else is changing the cluster' };
  const rolling = cluster.workloads.filter(
    ({ updateStrategy, readyReplicas, replicas, updatedReplicas }) =>
      updateStrategy !== 'OnDelete' && readyReplicas < replicas && updatedReplicas < replicas,
  );
  const evidence = [
    ...(state.reassignments > 0 ? [`${state.reassignments} partitions are being moved`] : []),
    ...rolling.map(({ kind, meta }) => `${kind} ${meta.name} is rolling`),
  ];
  if (evidence.length === 0) return holds(id, 'No reassignment and no rollout');
  return { ...id, state: 'fails', evidence, fix: 'Wait until it is over.' };
}

/** Kafka leaves topics out that a principal may not describe, so their partitions would be judged by nobody. */
export function topicsVisible({ state, disks }: Pick<Examination, 'state' | 'disks'>): Precondition {
  const id = { id: 'visible', title: 'Every topic can be seen' };
  const seen = new Set(state.partitions.map(({ topic }) => topic));
  const unseen = [...disks.topics].filter((topic) => !seen.has(topic) && topic !== METADATA_TOPIC).toSorted();
  if (unseen.length > 0) {
    const evidence = [`On the disks of brokers, and not told to us: ${few(unseen)}`];
    return { ...id, state: 'fails', evidence, fix: 'Give the principal Describe and DescribeConfigs on all topics.' };
  }
  if (disks.silent.length === 0) return holds(id, `${seen.size} topics, the same as on the disks`);
  const evidence = disks.silent.map(({ nodeId, reason }) => `Broker ${nodeId} does not tell what it has: ${reason}`);
  return disks.silent.some(({ isForbidden }) => isForbidden)
    ? {
        ...id,
        state: 'consent',
        evidence,
        fix: 'Give the principal Describe on the cluster, or make sure that it sees every topic.',
      }
    : { ...id, state: 'warns', evidence };
}

/** The log of the controllers, which is no topic of the brokers. */
const METADATA_TOPIC = '__cluster_metadata';

export function disksWell({ disks }: Pick<Examination, 'disks'>): Precondition {
  const id = { id: 'disks', title: 'No log directory is offline' };
  if (disks.broken.length === 0) return holds(id, 'None of those that were asked for');
  return { ...id, state: 'fails', evidence: [few(disks.broken)], fix: 'Repair the disk first.' };
}

export function partitionsLed({ state }: Pick<Examination, 'state'>): Precondition {
  const id = { id: 'leaders', title: 'Every partition has a leader' };
  const offline = state.partitions.filter(({ leader }) => leader < 0);
  if (offline.length === 0) return holds(id, `${state.partitions.length} partitions`);
  return {
    ...id,
    state: 'fails',
    evidence: [few(offline.map(partitionName))],
    fix: 'Bring back the brokers that hold them.',
  };
}

function partitionsInSync({ state }: Examination): Precondition {
  const id = { id: 'in-sync', title: 'Every replica is in sync' };
  const behind = state.partitions.filter((partition) => laggards(partition).length > 0);
  if (behind.length === 0) return holds(id, 'No partition is under-replicated');
  const evidence = [`${behind.length} under-replicated: ${few(behind.map(partitionName))}`];
  return { ...id, state: 'warns', evidence, fix: 'The run waits for them before each broker it takes.' };
}

function copiesToSpare({ state, members }: Examination): Precondition {
  const id = { id: 'copies', title: 'Every partition has a copy to spare' };
  const topics = unavoidableTopics(
    members.map(({ index }) => index ?? -1),
    state,
  );
  const unread = state.partitions.filter(({ minIsr }) => minIsr === undefined);
  if (unread.length > 0) {
    const evidence = [`min.insync.replicas cannot be read of ${few(unread.map(({ topic }) => topic))}`];
    return { ...id, state: 'fails', evidence, fix: 'Give the principal DescribeConfigs on all topics.' };
  }
  if (topics.length === 0) return holds(id, 'min.insync.replicas is below the number of replicas everywhere');
  return {
    ...id,
    state: 'consent',
    evidence: [`Writes to ${few(topics)} stop while a broker that holds them is away, whoever restarts it`],
    fix: 'Add replicas, or agree to it.',
  };
}

function quorumHealthy({ state, members }: Examination): Precondition {
  const id = { id: 'quorum', title: 'The controller quorum keeps a majority' };
  if (!state.quorum) {
    return { ...id, state: 'unknown', evidence: ['The controllers are in ZooKeeper, which is not asked'] };
  }
  const blockers = members.flatMap(({ index, name }) => {
    const blocker = quorumBlocker(index ?? -1, state.quorum);
    return blocker === undefined ? [] : [`${name}: ${blocker}`];
  });
  if (state.quorum.voters.length === 1) {
    return {
      ...id,
      state: 'consent',
      evidence: ['There is one controller; while it restarts nothing can be created or elected'],
    };
  }
  if (blockers.length === 0) return holds(id, `${state.quorum.voters.length} voters, led by ${state.quorum.leaderId}`);
  return { ...id, state: 'warns', evidence: blockers, fix: 'The run waits for them.' };
}

function evictionsAllowed({ refusals, cluster }: Examination): Precondition {
  const id = { id: 'eviction', title: 'The server would let the pods be evicted' };
  const budgets = cluster.budgets.map(
    ({ meta, disruptionsAllowed }) => `${meta.name} allows ${disruptionsAllowed} now`,
  );
  if (refusals.length === 0) return holds(id, ['Tried without effect', ...budgets].join('; '));
  const evidence = [...refusals.map(({ pod, reason }) => `${pod}: ${reason}`), ...budgets];
  if (refusals.every(({ isForNow }) => isForNow))
    return { ...id, state: 'warns', evidence, fix: 'The run waits until the disruption budget allows it.' };
  return { ...id, state: 'fails', evidence, fix: 'Ask for the right, or see what refuses it.' };
}

function dataStays({ members }: Examination): Precondition {
  const id = { id: 'volumes', title: 'The data is on volumes that outlive the pod' };
  const volatile = members.filter(
    ({ pod }) => pod !== undefined && !pod.volumes.some(({ source }) => source === 'claim'),
  );
  if (volatile.length === 0) return holds(id, 'Every pod has a claim');
  const evidence = [`${names(volatile)} come back empty and copy everything again`];
  return { ...id, state: 'fails', evidence, fix: 'Move the data to persistent volumes first.' };
}

/** Kafka gives its own shutdown up to five minutes (KafkaBroker.shutdown); what is killed recovers its log at the start. */
const shortGraceSeconds = 120;

function graceLongEnough({ members }: Examination): Precondition {
  const id = { id: 'grace', title: 'Brokers have the time to hand over their leaders' };
  const short = members.filter(({ pod }) => pod !== undefined && pod.graceSeconds < shortGraceSeconds);
  if (short.length === 0) return holds(id, `At least ${shortGraceSeconds} s`);
  const seconds = Math.min(...short.map(({ pod }) => pod?.graceSeconds ?? 0));
  const evidence = [`terminationGracePeriodSeconds is ${seconds}`];
  return {
    ...id,
    state: 'warns',
    evidence,
    fix: `Set it to ${shortGraceSeconds} or more at the next change of the template.`,
  };
}

function namesResolve({ cluster }: Examination): Precondition {
  const id = { id: 'names', title: 'Nodes resolve while they are not ready' };
  const governing = new Set(cluster.workloads.map(({ serviceName }) => serviceName));
  const hidden = cluster.services.filter(
    ({ meta, publishesNotReady }) => governing.has(meta.name) && !publishesNotReady,
  );
  if (hidden.length === 0) return holds(id, 'The headless Service publishes them');
  const evidence = hidden.map(({ meta }) => `Service ${meta.name} has no publishNotReadyAddresses`);
  return {
    ...id,
    state: 'warns',
    evidence,
    fix: 'Set publishNotReadyAddresses: true; voters cannot find each other otherwise.',
  };
}

function holds(id: { readonly id: string; readonly title: string }, evidence: string): Precondition {
  return { ...id, state: 'holds', evidence: [evidence] };
}

function names(members: readonly LiveMember[]): string {
  return few(members.map(({ name }) => name));
}

function few(texts: readonly string[]): string {
  const unique = [...new Set(texts)];
  return unique.length > 5 ? `${unique.slice(0, 5).join(', ')} and ${unique.length - 5} more` : unique.join(', ');
}
