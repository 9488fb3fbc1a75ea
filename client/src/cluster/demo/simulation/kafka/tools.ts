import type { CommandResult, RunningCommand } from '../cassandra/nodetool.ts';
import type { KafkaPartition, KafkaTopic } from './model.ts';
import { heldBy, isMoving } from './reassignment.ts';
import type { KafkaSimulation } from './simulation.ts';

/** A Java machine starts; a quarter of the real time. */
const TOOL_MS = 400;

/** `kafka-topics.sh --describe` and `kafka-metadata-quorum.sh describe`, with the texts of Kafka 4. */
export function kafkaTool(kafka: KafkaSimulation, name: string, args: readonly string[]): RunningCommand {
  const tool = tools[name.replace(/\.sh$/, '')];
  const finish = (now: number): CommandResult =>
    tool?.(kafka, args, now) ?? {
      exitCode: 127,
      stdout: '',
      stderr: `sh: 1: ${name}: not found (this is a simulation)\n`,
    };
  return { takesMs: TOOL_MS, finish };
}

type Tool = (kafka: KafkaSimulation, args: readonly string[], now: number) => CommandResult;

const tools: Readonly<Record<string, Tool>> = { 'kafka-topics': topics, 'kafka-metadata-quorum': quorum };

function topics(kafka: KafkaSimulation, args: readonly string[]): CommandResult {
  if (args.includes('--list')) return said([...kafka.topics.keys()].toSorted());
  const filter = filters.find(({ option }) => args.includes(option));
  const lines = [...kafka.topics.values()].flatMap((topic) => {
    const partitions = topic.partitions.filter((partition) => filter?.matches(partition, kafka.minIsr(topic)) ?? true);
    const rows = partitions.map((partition) => partitionRow(topic, partition));
    return filter === undefined ? [topicRow(kafka, topic), ...rows] : rows;
  });
  return said(lines);
}

const filters: readonly { readonly option: string; matches(partition: KafkaPartition, minIsr: number): boolean }[] = [
  { option: '--under-min-isr-partitions', matches: ({ isr }, minIsr) => isr.length < minIsr },
  { option: '--at-min-isr-partitions', matches: ({ isr }, minIsr) => isr.length === minIsr },
  { option: '--unavailable-partitions', matches: ({ leader }) => leader === -1 },
  {
    option: '--under-replicated-partitions',
    matches: (partition) => heldBy(partition).some((id) => !partition.isr.includes(id)),
  },
];

function topicRow(kafka: KafkaSimulation, topic: KafkaTopic): string {
  const configs = [...topic.config].map(([key, value]) => `${key}=${value}`).join(',');
  return [
    `Topic: ${topic.name}`,
    `TopicId: ${topic.id}`,
    `PartitionCount: ${topic.partitions.length}`,
    `ReplicationFactor: ${topic.partitions[0]?.replicas.length ?? 0}`,
    `Configs: ${configs || `min.insync.replicas=${kafka.defaults.get('min.insync.replicas') ?? ''}`}`,
  ].join('\t');
}

function partitionRow({ name }: KafkaTopic, partition: KafkaPartition): string {
  const { index, leader, replicas, isr, adding, removing } = partition;
  return [
    `\tTopic: ${name}`,
    `Partition: ${index}`,
    `Leader: ${leader === -1 ? 'none' : leader}`,
    `Replicas: ${replicas.join(',')}`,
    `Isr: ${isr.join(',')}`,
    'Elr: ',
    'LastKnownElr: ',
    ...(isMoving(partition)
      ? [`Adding Replicas: ${adding.join(',')}`, `Removing Replicas: ${removing.join(',')}`]
      : []),
  ].join('\t');
}

function quorum(kafka: KafkaSimulation, _args: readonly string[], now: number): CommandResult {
  const voters = [...kafka.nodes.values()].filter(({ plan }) => plan.isController);
  const lag = Math.max(0, ...voters.map(({ caughtUpAt }) => now - caughtUpAt));
  return said([
    `ClusterId:              ${kafka.plan.clusterId}`,
    `LeaderId:               ${kafka.quorumLeader}`,
    `LeaderEpoch:            ${kafka.quorumEpoch}`,
    'HighWatermark:          48211',
    `MaxFollowerLag:         ${Math.floor(lag / 500)}`,
    `MaxFollowerLagTimeMs:   ${lag}`,
    `CurrentVoters:          [${voters.map(({ plan }) => plan.id).join(',')}]`,
    'CurrentObservers:       []',
  ]);
}

function said(lines: readonly string[]): CommandResult {
  return { exitCode: 0, stdout: lines.map((line) => `${line}\n`).join(''), stderr: '' };
}
