import type { LiveMember } from '#core/live/model.ts';
import type { Cancellation } from '#core/ports.ts';
import { ClusterProblem, type KafkaConnection } from '#core/live/ports.ts';
import {
  askKafka,
  type DescribeClusterAnswer,
  type DescribeLogDirsAnswer,
  type KafkaApi,
  type KafkaApis,
  type MetadataAnswer,
  type MetadataBroker,
} from '#core/systems/kafka/admin.ts';
import {
  assignmentOf,
  partitionFacts,
  quorumFacts,
  reassignmentList,
  sharesOf,
  topicFacts,
  type MinIsr,
} from '#core/systems/kafka/live/assemble.ts';
import { minIsrRequests, readMinIsr } from '#core/systems/kafka/minIsr.ts';
import type { KafkaBrokerFacts, KafkaInside, KafkaLogDir } from '#core/systems/kafka/live/insideFacts.ts';
import { oneLine } from '#core/systems/kafka/live/json.ts';

/** A member that can be asked, and the number it is asked by: its own, or a negative one while that is not known. */
export interface Reachable {
  readonly member: LiveMember;
  readonly nodeId: number;
}

/** Settings of topics change rarely, and asking for those of thousands takes long; who is in sync is never remembered. */
export interface ConfigMemory {
  get(topic: string): number | undefined;
  set(topic: string, minIsr: number): void;
}

export interface Asked {
  readonly facts: KafkaInside;
  readonly problems: readonly string[];
}

export interface AskOptions {
  /** For people: who we are to Kafka. */
  readonly principal: string;
  readonly memory: ConfigMemory;
  readonly cancellation: Cancellation;
}

/** Asks all there is to ask. @throws ClusterProblem when nobody describes the cluster at all */
export async function askInside(
  connection: KafkaConnection,
  reachable: readonly Reachable[],
  { principal, memory, cancellation }: AskOptions,
): Promise<Asked> {
  const problems: string[] = [];
  const { metadata, nodeId } = await firstMetadata(connection, reachable, problems);
  if (cancellation.isCancellationRequested) throw new ClusterProblem('cancelled', 'The question was cancelled');
  const attempt = <Api extends KafkaApi>(
    api: Api,
    request: KafkaApis[Api]['request'],
    at = nodeId,
  ): Promise<KafkaApis[Api]['answer'] | undefined> => attemptTo(() => askKafka(connection, at, api, request), problems);
  const [described, moving, quorum, minIsr, logDirs] = await Promise.all([
    attempt('DescribeCluster', {}),
    attempt('ListPartitionReassignments', {}),
    attempt('DescribeQuorum', {}),
    askMinIsr(metadata, memory, (resources) => attempt('DescribeConfigs', { resources })),
    askLogDirs(metadata.brokers, reachable, (at) => attempt('DescribeLogDirs', {}, at)),
  ]);
  const facts: KafkaInside = {
    via: 'protocol',
    clusterId: oneLine(metadata.clusterId),
    principal,
    brokers: brokersOf(metadata, described, logDirs, reachable),
    quorum: quorum && quorumFacts(quorum),
    partitions: partitionFacts(metadata, minIsr),
    topics: topicFacts(metadata, minIsr),
    assignment: assignmentOf(metadata),
    reassignments: moving && reassignmentList(moving),
    unseenTopics: unseenTopics(metadata, logDirs),
  };
  return { facts, problems: [...new Set(problems)] };
}

/** Those whose pods are ready are asked first; after some that do not answer nobody is likely to. */
const TRIES = 4;

async function firstMetadata(
  connection: KafkaConnection,
  reachable: readonly Reachable[],
  problems: string[],
): Promise<{ readonly metadata: MetadataAnswer; readonly nodeId: number }> {
  const sorted = reachable.toSorted((a, b) => Number(b.member.pod?.isReady) - Number(a.member.pod?.isReady));
  let last: unknown = new ClusterProblem('unreachable', 'No broker runs that could be asked');
  for (const { nodeId } of sorted.slice(0, TRIES)) {
    try {
      // One after the other: most often the first answers, and each costs a tunnel to its pod.
      return { metadata: await askKafka(connection, nodeId, 'Metadata', {}), nodeId };
    } catch (error) {
      problems.push(messageOf(error));
      last = error;
    }
  }
  throw last;
}

/** An answer, or the problem noted. A request that the broker does not know is no problem. */
async function attemptTo<T>(ask: () => Promise<T>, problems: string[]): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ClusterProblem && error.kind === 'absent')) problems.push(messageOf(error));
    return undefined;
  }
}

export function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

type ConfigResources = KafkaApis['DescribeConfigs']['request']['resources'];

async function askMinIsr(
  { topics }: MetadataAnswer,
  memory: ConfigMemory,
  ask: (resources: ConfigResources) => Promise<KafkaApis['DescribeConfigs']['answer'] | undefined>,
): Promise<MinIsr> {
  const names = topics.map(({ name }) => name).filter((name) => name !== '');
  const unknown = names.filter((name) => memory.get(name) === undefined);
  for (const { resources } of minIsrRequests(unknown)) {
    // A broker answers the requests of a connection one after the other.
    const answer = await ask(resources);
    if (!answer) break;
    for (const [name, value] of readMinIsr(answer)) memory.set(name, value);
  }
  return new Map(
    names.flatMap((name): [string, number][] => {
      const value = memory.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

type LogDirs = ReadonlyMap<number, DescribeLogDirsAnswer>;

/** Each broker knows its own disks only. By the broker's number. */
async function askLogDirs(
  brokers: readonly MetadataBroker[],
  reachable: readonly Reachable[],
  ask: (nodeId: number) => Promise<DescribeLogDirsAnswer | undefined>,
): Promise<LogDirs> {
  const asked = brokers.map(async (broker): Promise<[number, DescribeLogDirsAnswer][]> => {
    const at = reachableAs(broker, reachable);
    const answer = at && (await ask(at.nodeId));
    return answer ? [[broker.id, answer]] : [];
  });
  return new Map((await Promise.all(asked)).flat());
}

/**
 * Which pod a broker is: by the name it advertises, `kafka-0.kafka.prod.svc`, else by its number. Behind a load balancer it
 * advertises another name, and then only the number is left.
 */
function reachableAs(
  { id, host }: Pick<MetadataBroker, 'id' | 'host'>,
  reachable: readonly Reachable[],
): Reachable | undefined {
  const [first = ''] = host.split('.');
  return (
    reachable.find(({ member }) => member.name === first || (host !== '' && member.pod?.ip === host)) ??
    reachable.find(({ nodeId }) => nodeId === id)
  );
}

function brokersOf(
  metadata: MetadataAnswer,
  described: DescribeClusterAnswer | undefined,
  logDirs: LogDirs,
  reachable: readonly Reachable[],
): readonly KafkaBrokerFacts[] {
  const shares = sharesOf(metadata);
  const live = new Map(metadata.brokers.map((broker) => [broker.id, broker]));
  const all = new Map<number, MetadataBroker & { readonly isFenced?: boolean | undefined }>([
    ...live,
    ...(described?.brokers ?? []).map((broker) => [broker.id, broker] as const),
  ]);
  return [...all.values()]
    .toSorted((a, b) => a.id - b.id)
    .map((broker) => ({
      id: broker.id,
      pod: reachableAs(broker, reachable)?.member.name,
      host: oneLine(broker.host),
      rack: oneLine(broker.rack),
      isFenced: broker.isFenced,
      leaders: shares.get(broker.id)?.leaders ?? 0,
      replicas: shares.get(broker.id)?.replicas ?? 0,
      outOfSync: shares.get(broker.id)?.outOfSync ?? { count: 0, names: [] },
      logDirs: logDirs.get(broker.id)?.dirs.map(toLogDir),
    }));
}

function toLogDir({
  path,
  errorCode,
  totalBytes,
  usableBytes,
  topics,
}: DescribeLogDirsAnswer['dirs'][number]): KafkaLogDir {
  return {
    path: oneLine(path),
    error: errorCode === 0 ? '' : (DISK_ERRORS[errorCode] ?? `error ${errorCode}`),
    replicaBytes: topics.reduce((sum, { bytes }) => sum + bytes, 0),
    totalBytes,
    usableBytes,
  };
}

const DISK_ERRORS: Readonly<Record<number, string>> = { 56: 'KAFKA_STORAGE_ERROR', 57: 'LOG_DIR_NOT_FOUND' };

/**
 * Topics on the disks that Metadata does not name: our principal may not describe them, so nothing is known of their partitions.
 * One that is being deleted looks the same for a moment.
 */
function unseenTopics({ topics }: MetadataAnswer, logDirs: LogDirs): readonly string[] | undefined {
  if (logDirs.size === 0) return undefined;
  const seen = new Set(topics.map(({ name }) => name));
  const onDisk = [...logDirs.values()].flatMap(({ dirs }) => dirs.flatMap((dir) => dir.topics.map(({ name }) => name)));
  return [...new Set(onDisk)].filter((name) => !seen.has(name) && name !== '__cluster_metadata').toSorted();
}
