import type { DataCluster, Health, InsideFacts, LiveMember } from '#core/live/model.ts';
import { conclude, type Finding } from '#core/systems/kafka/live/findings.ts';
import { insideFindings } from '#core/systems/kafka/live/insideFindings.ts';
import { isKafkaInside, type KafkaInside } from '#core/systems/kafka/live/insideFacts.ts';
import { operatorFindings } from '#core/systems/kafka/live/operatorFindings.ts';
import { podFindings } from '#core/systems/kafka/live/podFindings.ts';
import { count, lasting } from '#core/systems/kafka/live/words.ts';
import { workloadFindings } from '#core/systems/kafka/live/workloadFindings.ts';

/** Answers older than this are shown with their age. */
const FRESH_MS = 120_000;

/** What is so and why. Partitions count only where Kafka itself was asked. */
export function kafkaHealth(cluster: DataCluster, inside: InsideFacts | undefined, now: number): Health {
  const facts = factsOf(inside);
  if (cluster.hidden?.includes('pods') === true && cluster.members.every(({ pod }) => !pod))
    return unseenHealth(cluster);
  const pods = cluster.members.flatMap((member) => podFindings(member, now));
  const findings = [
    ...pods,
    ...workloadFindings(cluster),
    ...operatorFindings(cluster),
    ...missingPlaces(cluster),
    ...askedFindings(inside, facts, now),
    ...(facts ? insideFindings(facts, cluster).flatMap((finding) => unlessSaid(finding, pods)) : []),
  ];
  return conclude(startOf(cluster, facts), findings);
}

/** Without pods only the counts of workloads and the words of the operator are left. */
function unseenHealth(cluster: DataCluster): Health {
  const { workloads } = cluster;
  const replicas = workloads.reduce((sum, workload) => sum + workload.replicas, 0);
  const ready = workloads.reduce((sum, { readyReplicas }) => sum + readyReplicas, 0);
  const start = workloads.length > 0 ? `${ready} of ${count(replicas, 'pod')} ready` : 'pods not visible';
  const hidden: Finding = {
    level: 'unknown',
    text: 'Pods may not be listed here, so nothing is known of single brokers',
    short: workloads.length > 0 ? 'pods not visible' : 'may not be listed',
    source: 'kubernetes',
  };
  return conclude(start, [hidden, ...workloadFindings(cluster), ...operatorFindings(cluster)]);
}

function factsOf(inside: InsideFacts | undefined): KafkaInside | undefined {
  return isKafkaInside(inside?.facts) ? inside.facts : undefined;
}

/**
 * Of a broker whose pod starts or is in trouble the pod says enough for the sentence, and is as bad as it is: that a broker that restarts is
 * fenced is no second trouble, and that it is not registered is no news at all.
 */
function unlessSaid(finding: Finding, pods: readonly Finding[]): readonly Finding[] {
  const pod = pods.find(({ member }) => member !== undefined && member === finding.member);
  if (!pod || !/ (?:fenced|not registered)$|^(?:fenced|not registered)$/.test(finding.short ?? '')) return [finding];
  if (finding.short?.endsWith('not registered') === true) return [];
  const { short: _short, ...rest } = finding;
  return [{ ...rest, level: pod.level }];
}

/** `3 of 3 brokers`, with `ready` where readiness is all that is known. */
function startOf({ members, wanted, resource }: DataCluster, facts: KafkaInside | undefined): string {
  const unnamed = Math.max(0, (wanted ?? 0) - members.length);
  const staying = withoutLeaving(members, wanted);
  const brokers = staying.filter(({ role }) => role !== 'controller');
  const controllers = staying.filter(({ role }) => role === 'controller');
  const isEmpty = members.length === 0 && unnamed === 0;
  if (isEmpty) return resource && wanted !== 0 ? 'no brokers yet' : 'scaled to 0 brokers';
  const places = placesOf(brokers, controllers, unnamed);
  const isWhole = facts?.partitions !== undefined && isInSync(facts);
  const total = facts?.partitions?.total;
  if (isWhole) return `${places}, ${total === undefined ? 'all partitions' : count(total, 'partition')} in sync`;
  return facts?.partitions ? places : `${places} ready`;
}

/** Nodes without a name yet are of the one role that there is; of two roles, or none, it is not known which. */
function placesOf(brokers: readonly LiveMember[], controllers: readonly LiveMember[], unnamed: number): string {
  if (brokers.length + controllers.length === 0) return `0 of ${count(unnamed, 'node')}`;
  const ofBrokers = ratio(brokers, controllers.length === 0 ? unnamed : 0, 'broker');
  return [...ofBrokers, ...ratio(controllers, 0, 'controller')].join(' and ');
}

/** Of more members than wanted, those that go are no longer counted. */
function withoutLeaving(members: readonly LiveMember[], wanted: number | undefined): readonly LiveMember[] {
  let surplus = wanted === undefined ? 0 : members.length - wanted;
  return members.filter(({ pod }) => {
    const goes = surplus > 0 && pod?.meta.deletedAt !== undefined;
    if (goes) surplus -= 1;
    return !goes;
  });
}

function ratio(members: readonly LiveMember[], unnamed: number, word: string): readonly string[] {
  const total = members.length + unnamed;
  const ready = members.filter(({ pod }) => pod?.isReady === true && pod.meta.deletedAt === undefined).length;
  return total === 0 ? [] : [`${ready} of ${count(total, word)}`];
}

function isInSync({ partitions, unseenTopics }: KafkaInside): boolean {
  const lists = partitions ? [partitions.offline, partitions.underMinIsr, partitions.underReplicated] : [];
  return lists.every(({ count: number }) => number === 0) && (unseenTopics ?? []).length === 0;
}

/** Members that should be there and have no name yet. */
function missingPlaces({ wanted, members, workloads }: DataCluster): readonly Finding[] {
  const missing = (wanted ?? 0) - members.length;
  if (missing <= 0) return [];
  const isPlain = workloads.length > 0;
  const text = `${count(missing, 'pod')} of ${wanted} ${missing === 1 ? 'is' : 'are'} not there yet`;
  const short = `${count(missing, 'pod')} missing`;
  return [{ level: isPlain ? 'unhealthy' : 'working', text, short, source: 'kubernetes' }];
}

function askedFindings(
  inside: InsideFacts | undefined,
  facts: KafkaInside | undefined,
  now: number,
): readonly Finding[] {
  if (!inside) return [{ level: 'healthy', text: 'Partitions not asked', source: 'kafka' }];
  const problems = inside.problems.map((text): Finding => ({
    level: facts ? 'healthy' : 'unknown',
    text,
    source: 'kafka',
  }));
  const nobody: Finding[] = facts
    ? []
    : [
        {
          level: 'unknown',
          text: 'Kafka itself could not be asked, so nothing is known of its partitions',
          short: 'Kafka could not be asked',
          source: 'kafka',
        },
      ];
  const age = now - inside.askedAt;
  const old: Finding[] =
    facts && age > FRESH_MS
      ? [
          {
            level: 'unknown',
            text: `Kafka was asked ${lasting(age)} ago`,
            short: `partitions as of ${lasting(age)} ago`,
            source: 'kafka',
          },
        ]
      : [];
  const partial: Finding[] =
    facts?.via === 'tools'
      ? [
          {
            level: 'healthy',
            text: 'Asked with the tools in a pod: brokers, disks and moves are not known',
            source: 'kafka',
          },
        ]
      : [];
  return [...nobody, ...problems, ...old, ...partial];
}

/** One member: its pod first, then what the cluster says of its broker. */
export function kafkaMemberHealth(
  member: LiveMember,
  cluster: DataCluster,
  inside: InsideFacts | undefined,
  now: number,
): Health {
  if (!member.pod && cluster.hidden?.includes('pods') === true) {
    return { level: 'unknown', sentence: 'pods may not be listed here', evidence: [] };
  }
  const facts = factsOf(inside);
  const pod = podFindings(member, now).map((finding) => ({
    ...finding,
    short: withoutName(finding.short ?? '', member),
  }));
  const own = facts ? memberFindings(member, facts, cluster).flatMap((finding) => unlessSaid(finding, pod)) : [];
  const all = [...pod, ...own];
  if (all.some(({ level, short }) => short !== undefined && level !== 'healthy')) {
    const health = conclude('', all);
    return { ...health, sentence: health.sentence.replace(/^, /, '') };
  }
  return conclude(readyText(member, facts), all);
}

function withoutName(text: string, { name }: LiveMember): string {
  return text.startsWith(`${name} `) ? text.slice(name.length + 1) : text;
}

function readyText(member: LiveMember, facts: KafkaInside | undefined): string {
  const broker = brokerOf(member, facts);
  const isLeader = member.index !== undefined && facts?.quorum?.leaderId === member.index && member.role !== 'broker';
  const leads = isLeader ? ', leads the controllers' : '';
  if (!broker) return `ready${leads}`;
  return `ready, leads ${broker.leaders} of ${count(broker.replicas, 'partition')}, all in sync${leads}`;
}

function brokerOf({ name, index, role }: LiveMember, facts: KafkaInside | undefined): KafkaBroker | undefined {
  if (role === 'controller') return undefined;
  return facts?.brokers?.find(({ pod, id }) => (pod === undefined ? id === index : pod === name));
}

type KafkaBroker = NonNullable<KafkaInside['brokers']>[number];

function memberFindings(member: LiveMember, facts: KafkaInside, cluster: DataCluster): readonly Finding[] {
  const about = insideFindings(facts, cluster).filter((finding) => finding.member === member.name);
  const short = about.map((finding) => ({ ...finding, short: withoutName(finding.short ?? '', member) }));
  const broker = brokerOf(member, facts);
  if (!broker || broker.outOfSync.count === 0) return short;
  const words = `not in sync in ${broker.outOfSync.count} of ${count(broker.replicas, 'partition')}`;
  return [
    ...short,
    { level: 'warning', text: `Broker ${broker.id} is ${words}`, short: words, source: 'kafka', member: member.name },
  ];
}
