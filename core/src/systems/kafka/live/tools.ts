import type { LiveMember } from '#core/live/model.ts';
import type { ExecRequest } from '#core/live/ports.ts';
import type { KafkaInside, KafkaQuorumFacts, PartitionList } from '#core/systems/kafka/live/insideFacts.ts';
import { PARTITION_LIMIT } from '#core/systems/kafka/live/insideFacts.ts';
import { oneLine } from '#core/systems/kafka/live/json.ts';

/** The tools that come with Kafka, run in a broker's pod. Each is a JVM inside the memory limit of the broker, so all together are one command. */

const SEPARATOR = '=== data-clusters';
const QUESTIONS = {
  underReplicated: 'kafka-topics --describe --under-replicated-partitions',
  underMinIsr: 'kafka-topics --describe --under-min-isr-partitions',
  atMinIsr: 'kafka-topics --describe --at-min-isr-partitions',
  offline: 'kafka-topics --describe --unavailable-partitions',
  status: 'kafka-metadata-quorum describe --status',
} as const;

type Question = keyof typeof QUESTIONS;

/** Where images keep the tools; Confluent's have no ending. */
const PLACES = ['/opt/kafka/bin', '/opt/bitnami/kafka/bin', '/usr/bin', '/usr/local/kafka/bin', '/kafka/bin'];

export function toolsRequest(member: LiveMember, namespace: string, port: number): ExecRequest {
  const runs = Object.entries(QUESTIONS).map(([question, command]) => {
    const [tool, ...args] = command.split(' ');
    return `echo "${SEPARATOR} ${question}"; "$at/${tool}$end" --bootstrap-server "localhost:${port}" ${args.join(' ')} 2>&1; echo "${SEPARATOR} exit $?"`;
  });
  const script = [
    `for at in ${PLACES.join(' ')}; do for end in .sh ""; do [ -x "$at/kafka-topics$end" ] && break 2; done; done`,
    `[ -x "$at/kafka-topics$end" ] || { echo "${SEPARATOR} none"; exit 0; }`,
    // The tools read the variables of the broker's own start, and would take its memory and its metrics port.
    'unset JMX_PORT KAFKA_JMX_OPTS KAFKA_OPTS',
    'export KAFKA_HEAP_OPTS=-Xmx128m',
    ...runs,
  ].join('\n');
  return {
    namespace,
    pod: member.name,
    container: member.container,
    command: ['sh', '-c', script],
    timeoutMs: 90_000,
    maxBytes: 1_000_000,
  };
}

export interface ToolAnswers {
  readonly answers: ReadonlyMap<string, string>;
  /** The tools are not in the image. */
  readonly areMissing: boolean;
  readonly failures: readonly string[];
}

export function splitAnswers(stdout: string): ToolAnswers {
  const answers = new Map<string, string>();
  const failures: string[] = [];
  let question = '';
  let lines: string[] = [];
  for (const line of stdout.split(/\r?\n/)) {
    if (!line.startsWith(SEPARATOR)) {
      lines.push(line);
      continue;
    }
    const [word = '', code] = line.slice(SEPARATOR.length).trim().split(' ');
    if (word === 'none') return { answers, areMissing: true, failures };
    if (word !== 'exit') {
      [question, lines] = [word, []];
    } else if (code === '0') answers.set(question, lines.join('\n'));
    else failures.push(`${commandOf(question)}: ${lastLine(lines)}`);
  }
  return { answers, areMissing: false, failures };
}

function commandOf(question: string): string {
  const command = Object.entries(QUESTIONS).find(([name]) => name === question)?.[1];
  return command ?? question;
}

/** The message of the exception stands before its stack. */
function lastLine(lines: readonly string[]): string {
  const told = lines.map((line) => oneLine(line, 200)).filter((line) => line !== '' && !line.startsWith('at '));
  return told.find((line) => /error|exception|failed/i.test(line)) ?? told.at(-1) ?? 'it said nothing';
}

/** Lines such as `	Topic: orders	Partition: 4	Leader: 1	Replicas: 1,2,0	Isr: 1,2	Elr: 0	LastKnownElr:`. */
export function parsePartitions(text: string): PartitionList {
  const names = text.split(/\r?\n/).flatMap((line) => {
    const [, topic, partition] = /\bTopic:\s*(\S+)\s+Partition:\s*(\d+)\b/.exec(line) ?? [];
    return topic === undefined ? [] : [`${oneLine(topic)}-${partition}`];
  });
  return { count: names.length, names: names.slice(0, PARTITION_LIMIT) };
}

/**
 * `LeaderId: 1`, `LeaderEpoch: 4`, `CurrentVoters: [0,1,2]`; since Kafka 3.9 voters are objects: `[{"id": 0, "directoryId": ...}]`.
 * Of lags only the greatest is told.
 */
export function parseQuorumStatus(text: string): KafkaQuorumFacts | undefined {
  const fields = new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const [, name, value] = /^(\w+):\s*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
  const leaderId = Number(fields.get('LeaderId') ?? Number.NaN);
  if (!Number.isInteger(leaderId)) return undefined;
  const lag = Math.max(0, Number(fields.get('MaxFollowerLag') ?? 0) || 0);
  const toVoters = (name: string): KafkaQuorumFacts['voters'] =>
    idsOf(fields.get(name) ?? '').map((id) => ({
      id,
      lag: name === 'CurrentVoters' && id !== leaderId ? lag : 0,
      behindMs: undefined,
    }));
  return {
    leaderId,
    leaderEpoch: Number(fields.get('LeaderEpoch') ?? 0) || 0,
    voters: toVoters('CurrentVoters'),
    observers: toVoters('CurrentObservers'),
  };
}

function idsOf(text: string): readonly number[] {
  const objects = [...text.matchAll(/"id":\s*(\d+)/g)].map(([, id]) => Number(id));
  return objects.length > 0 ? objects : [...text.matchAll(/\d+/g)].map(([id]) => Number(id));
}

/** Undefined when the tools told nothing of partitions. */
export function toolFacts({ answers }: ToolAnswers): KafkaInside | undefined {
  const list = (question: Question): PartitionList | undefined => {
    const text = answers.get(question);
    return text === undefined ? undefined : parsePartitions(text);
  };
  const [underReplicated, underMinIsr, offline] = [list('underReplicated'), list('underMinIsr'), list('offline')];
  const status = answers.get('status');
  const isKnown = underReplicated !== undefined && underMinIsr !== undefined && offline !== undefined;
  const quorum = status === undefined ? undefined : parseQuorumStatus(status);
  if (!isKnown && quorum === undefined) return undefined;
  return {
    via: 'tools',
    clusterId: /^ClusterId:\s*(\S+)/m.exec(status ?? '')?.[1] ?? '',
    principal: 'ANONYMOUS',
    brokers: undefined,
    quorum,
    partitions: isKnown
      ? {
          total: undefined,
          offline,
          underMinIsr,
          atMinIsr: list('atMinIsr') ?? { count: 0, names: [] },
          underReplicated,
          preferredShare: undefined,
        }
      : undefined,
    topics: [],
    reassignments: undefined,
    unseenTopics: undefined,
  };
}
