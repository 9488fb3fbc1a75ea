import type { DataCluster, HealthLevel, InsideFacts, LiveMember } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { Finding } from '#core/systems/cassandra/live/findings.ts';
import type { CassandraInside } from '#core/systems/cassandra/live/inside.ts';
import { forDuration, listed } from '#core/systems/cassandra/live/words.ts';
import { sizeText } from '#core/live/sizes.ts';
import { counted } from '#core/live/plainText.ts';
import type { StreamPlan, StreamProgress } from '#core/systems/cassandra/nodetool/netstats.ts';
import type { RingNode } from '#core/systems/cassandra/ring.ts';

/** Compactions that wait: from here on a node does not keep up with its writes. */
const MANY_PENDING = 100;
/** Default of max_hint_window: after it nodes keep no more hints for one that is away. */
const HINT_WINDOW = 3 * 60 * 60_000;
/** Clients are served some seconds after peers see a node up. */
const OPENING = 2 * 60_000;

export interface AskedRing {
  readonly inside: InsideFacts;
  readonly facts: CassandraInside;
}

/** What the ring says against itself, and what it is doing. */
export function ringFindings(cluster: DataCluster, asked: AskedRing, now: number): readonly Finding[] {
  const { inside, facts } = asked;
  const { ring } = facts;
  const members = new Map(cluster.members.map((member) => [member.name, member]));
  const nodes = ring.nodes.flatMap((node) => findingsOf(node, members.get(node.member ?? ''), asked, now));
  const named = new Set(ring.nodes.map(({ member }) => member));
  const unknown = cluster.members.filter(({ name }) => !named.has(name)).flatMap((member) => newcomer(member, inside));
  const schemas = ring.schemas.length;
  const disagreement = `disagreement: ${counted(schemas, 'version')}`;
  return [
    ...nodes,
    ...unknown,
    ...(schemas > 1 ? [say('warning', 'schema', `${disagreement}${minority(facts)}`)] : []),
    ...ring.nodes.flatMap((node) => hintFindings(node, facts, inside.askedAt)),
  ];
}

/** The same, as far as it is about one member. */
export function memberRingFindings(member: LiveMember, asked: AskedRing, now: number): readonly Finding[] {
  const node = asked.facts.ring.nodes.find((one) => one.member === member.name);
  if (!node) return newcomer(member, asked.inside);
  return [...findingsOf(node, member, asked, now), ...hintFindings(node, asked.facts, asked.inside.askedAt)];
}

function findingsOf(node: RingNode, member: LiveMember | undefined, asked: AskedRing, now: number): readonly Finding[] {
  if (member && isOutdated(member, node, asked.inside, asked.facts)) return [outdated(member)];
  return nodeFindings(node, member, asked, now);
}

/** The answers are of an earlier pod, or of the process before a restart. */
export function isOutdated(member: LiveMember, node: RingNode, inside: InsideFacts, facts: CassandraInside): boolean {
  const { pod, container } = member;
  const answer = facts.answers.find(({ member: name }) => name === member.name);
  if (!pod) return node.verdict !== 'down';
  if (answer && answer.podUid !== pod.meta.uid) return true;
  return isStartedAfter(pod, container, inside.askedAt);
}

function isStartedAfter({ states }: LivePod, container: string, at: number): boolean {
  const started = states.find(({ name, isInit }) => name === container && !isInit)?.runningSince;
  return started !== undefined && started > at;
}

/** A pod that no node of the ring is known to run in: nothing is said when it is only not known which. */
function newcomer({ name, pod, container }: LiveMember, { askedAt }: InsideFacts): readonly Finding[] {
  const isNew = pod !== undefined && isStartedAfter(pod, container, askedAt);
  return isNew ? [say('unknown', name, 'has been started since the ring was asked', name)] : [];
}

const outdated = ({ name, pod }: LiveMember): Finding =>
  pod
    ? say('unknown', name, 'has been restarted since the ring was asked', name)
    : say('unknown', name, 'has gone since the ring was asked', name);

function nodeFindings(
  node: RingNode,
  member: LiveMember | undefined,
  { inside, facts }: AskedRing,
  now: number,
): readonly Finding[] {
  const since = facts.since[node.hostId];
  const duration = since?.verdict === node.verdict ? forDuration(since.since, now) : '';
  const verdict = VERDICTS[node.verdict](node, member, inside.askedAt);
  const subject = subjectOf(node);
  const findings = verdict ? [say(verdict.level, subject, `${verdict.said}${duration}`, node.member)] : [];
  const moving = node.streams.map((plan) => say('working', subject, `streams: ${streamText(plan)}`, node.member));
  const pending = node.pendingCompactions ?? 0;
  if (pending < MANY_PENDING) return [...findings, ...moving];
  return [...findings, ...moving, say('warning', subject, `has ${pending} compactions pending`, node.member)];
}

/** The pod where it is known. An address alone is never taken for a pod. */
function subjectOf({ member, memberKnownBy, addresses, hostId, datacenter, isElsewhere }: RingNode): string {
  if (member !== undefined) return memberKnownBy === 'elimination' ? `${member} (by elimination)` : member;
  const address = addresses[0] ?? `Host ID ${hostId}`;
  return isElsewhere ? `${address} of datacenter ${datacenter}` : `${address}, whose pod is not known,`;
}

type Verdict = { readonly level: HealthLevel; readonly said: string } | undefined;

const VERDICTS: Readonly<
  Record<RingNode['verdict'], (node: RingNode, member: LiveMember | undefined, askedAt: number) => Verdict>
> = {
  up: () => undefined,
  drained: ({ callsItselfUp, mode }, member) => {
    if (member?.pod?.meta.deletedAt !== undefined) return { level: 'working', said: 'is drained and stops' };
    if (mode === 'DRAINING') return { level: 'working', said: 'is draining' };
    return { level: 'unhealthy', said: callsItselfUp ? 'is drained but calls itself UN' : 'is drained' };
  },
  joining: () => ({ level: 'working', said: 'is joining the ring' }),
  leaving: ({ mode }) =>
    mode === 'DECOMMISSIONED'
      ? { level: 'warning', said: 'is decommissioned and still runs' }
      : { level: 'working', said: 'is leaving the ring' },
  moving: () => ({ level: 'working', said: 'is moving to another token' }),
  down: ({ peers, isElsewhere }) => {
    const absent = peers.filter(({ liveness }) => liveness === 'absent').length;
    const level = isElsewhere ? 'warning' : 'unhealthy';
    if (absent === peers.length) return { level, said: `is unknown to ${counted(absent, 'peer')}` };
    return { level, said: `seen down by ${counted(peers.length, 'peer')}` };
  },
  disputed: ({ peers }) => {
    const against = peers.filter(({ liveness }) => liveness !== 'up').map(({ observer }) => observer);
    return {
      level: 'warning',
      said: `seen down by ${against.length} of ${counted(peers.length, 'peer')} (${listed(against)})`,
    };
  },
  'not serving': (_, member, askedAt) => {
    const own = member?.pod?.states.find(({ name }) => name === member.container);
    const isOpening = own?.runningSince !== undefined && askedAt - own.runningSince < OPENING;
    return { level: isOpening ? 'working' : 'unhealthy', said: 'is up and does not serve clients' };
  },
  unseen: () => ({ level: 'unknown', said: 'is seen by no other node that could be asked' }),
};

/** `Bootstrap, 45 % of 1.2 GiB`. */
function streamText({ operation, sessions }: StreamPlan): string {
  const parts = sessions.flatMap(({ receiving, sending }) => [receiving, sending]).filter(isProgress);
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const done = parts.reduce((sum, { doneBytes }) => sum + doneBytes, 0);
  if (total === 0) return operation;
  return `${operation}, ${Math.floor((100 * done) / total)} % of ${sizeText(total)}`;
}

const isProgress = (part: StreamProgress | undefined): part is StreamProgress => part !== undefined;

/** Which nodes do not have the version that most have; nothing when no version is the most common. */
function minority({ ring }: CassandraInside): string {
  const [most, second] = ring.schemas;
  if (!most || !second || most.addresses.length === second.addresses.length) return '';
  const others = new Set(ring.schemas.slice(1).flatMap(({ addresses }) => addresses));
  const names = ring.nodes
    .filter(({ addresses }) => addresses.some((address) => others.has(address)))
    .map(({ member, addresses }) => member ?? addresses[0] ?? '');
  return names.length === 0 ? '' : ` (${listed(names)} ${names.length === 1 ? 'differs' : 'differ'})`;
}

/** Writes that nodes keep for this one. */
function hintFindings(node: RingNode, { ring }: CassandraInside, askedAt: number): readonly Finding[] {
  const hints = ring.hints.filter(({ hostId }) => hostId === node.hostId);
  const files = hints.reduce((sum, hint) => sum + hint.files, 0);
  if (files === 0) return [];
  const oldest = Math.min(...hints.map(({ oldestAt }) => oldestAt ?? askedAt));
  const kept = `${counted(files, 'file')} of hints wait on ${counted(hints.length, 'node')}`;
  const isOld = askedAt - oldest > HINT_WINDOW;
  const tail = isOld ? ', the oldest longer than hints are kept by default (3 h): repair it' : '';
  return [say(isOld ? 'warning' : 'working', `for ${subjectOf(node)}`, `${kept}${tail}`, node.member)];
}

const say = (level: HealthLevel, subject: string, said: string, member?: string): Finding => ({
  level,
  source: 'cassandra',
  subject,
  said,
  member,
});
