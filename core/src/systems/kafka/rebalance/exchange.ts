import { isObject, listOf, type JsonObject } from '#core/json.ts';
import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';
import { comparePartitions } from '#core/systems/kafka/rebalance/order.ts';

/** The files that kafka-reassign-partitions reads and writes: a list of replicas for each partition, the preferred leader first. */

export interface Assignment {
  readonly topic: string;
  readonly index: number;
  readonly replicas: readonly number[];
}

/** What is planned, for `--execute` of kafka-reassign-partitions. */
export function reassignmentJson(moves: readonly Move[]): string {
  return fileOf(moves.map(({ topic, index, after }) => ({ topic, index, replicas: after })));
}

/** What was before, to go back to. */
export function rollbackJson(moves: readonly Move[]): string {
  return fileOf(moves.map(({ topic, index, before }) => ({ topic, index, replicas: before })));
}

/** A partition a line, in order: such files are compared and edited by people. */
function fileOf(assignments: readonly Assignment[]): string {
  const sorted = assignments.toSorted(comparePartitions);
  const lines = sorted.map(({ topic, index, replicas }) => JSON.stringify({ topic, partition: index, replicas }));
  return lines.length === 0
    ? '{"version":1,"partitions":[]}\n'
    : `{"version":1,"partitions":[\n${lines.join(',\n')}\n]}\n`;
}

export interface ReassignmentFile {
  /** Empty when there are problems. */
  readonly assignments: readonly Assignment[];
  /** What is wrong with the text, a sentence each; nothing of it should then be used. */
  readonly problems: readonly string[];
}

/** Files of this length hold a hundred thousand partitions. */
const LONGEST_FILE = 10_000_000;
const MOST_PROBLEMS = 20;
/** Source: the names that Kafka lets topics have. */
const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/;
const LARGEST_INT = 2 ** 31 - 1;

/** Reads such a file. Never throws. A file without a version is of version 1, as for the tool. */
export function readReassignmentJson(text: string): ReassignmentFile {
  if (text.length > LONGEST_FILE) return refused(['The file is longer than 10 MB.']);
  const root = parse(text);
  if (!isObject(root)) return refused(['The text is no JSON object.']);
  const { version = 1, partitions } = root;
  if (version !== 1) return refused(['The version is not 1.']);
  if (!Array.isArray(partitions)) return refused(['`partitions` is no list.']);
  const read = listOf(partitions).map(readEntry);
  const assignments = read.flatMap(({ assignment }) => (assignment === undefined ? [] : [assignment]));
  const problems = [...read.flatMap(({ problem }) => (problem === undefined ? [] : [problem])), ...twice(assignments)];
  if (problems.length > 0) return refused(problems.slice(0, MOST_PROBLEMS));
  return { assignments: assignments.toSorted(comparePartitions), problems };
}

function refused(problems: readonly string[]): ReassignmentFile {
  return { assignments: [], problems };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

interface Entry {
  readonly assignment?: Assignment;
  readonly problem?: string;
}

function readEntry(value: unknown, at: number): Entry {
  const problem = (what: string): Entry => ({ problem: `Entry ${at + 1} ${what}.` });
  if (!isObject(value)) return problem('is no object');
  const { topic, partition, replicas } = value;
  if (typeof topic !== 'string' || !TOPIC_NAME.test(topic)) return problem('has no name that a topic can have');
  if (!isNumberOfKafka(partition)) return problem('has no partition number');
  if (!Array.isArray(replicas) || replicas.length === 0) return problem('has no replicas');
  const ids = replicas.filter(isNumberOfKafka);
  if (ids.length < replicas.length) return problem('has a replica that is no broker number');
  if (new Set(ids).size < ids.length) return problem('names a broker twice');
  if (namesDisks(value)) return problem('names disks; replicas are not moved between disks of a broker here');
  return { assignment: { topic, index: partition, replicas: ids } };
}

function isNumberOfKafka(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST_INT;
}

/** `any` leaves the disk to the broker. */
function namesDisks({ log_dirs: disks }: JsonObject): boolean {
  return disks !== undefined && !(Array.isArray(disks) && disks.every((disk) => disk === 'any'));
}

function twice(assignments: readonly Assignment[]): readonly string[] {
  const seen = new Set<string>();
  return assignments.flatMap(({ topic, index }) => {
    const name = partitionName({ topic, index });
    if (seen.has(name)) return [`${name} is named twice.`];
    seen.add(name);
    return [];
  });
}
