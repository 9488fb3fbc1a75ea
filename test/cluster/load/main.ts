// Load on the test bed, and probes of it. Prints JSON; what it is doing goes to the error stream.
//   kafka            producers and a consumer on a topic of their own; counts failed, lost and doubled records
//   cassandra        writes and reads at QUORUM; reads every acknowledged row at ALL at the end
//   kafka-metadata   ISRs, leaders and controller, as every broker sees them
//   ring             the ring, as every member sees it
//   rollout NAME     kubectl rollout restart of kafka or cassandra under load; a table of figures besides
//   compare NAME     kubectl rollout restart and the safe restart of dist/cli.cjs, of kafka or cassandra, in shuffled order; a Markdown table besides
// Options:
//   --seconds N      how long (default 30)
//   --runs N         rollout, compare: how often (default 1)
//   --rate N         records to each partition, or writes, each second
//   --partitions N   of the topic
//   --bytes N        of a record or row
//   --seed N         compare: another number, another order (default 1)
//   --probes A,B     compare cassandra: tcp, own-status, none (default all)
//   --minutes N      compare cassandra: no restart is begun when these are over (default 120)
//   --favour         the bed's nodes go before whatever else wants the processors
//   --link N         rollout, compare: kilobytes each second that a node can receive and send, so that catching up takes its time
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { defaultNodes, fullCluster, inCluster, nodeName } from '../bed/cluster.ts';
import type { Access } from '../bed/kubectl.ts';
import { accessTo } from '../bed/native/access.ts';
import { nodeMinor } from '../bed/versions.ts';
import { applyFault, undoFault } from '../faults/journal.ts';
import { slowNetwork } from '../faults/network.ts';
import { whyNotBuilt } from '../support/program.ts';
import { requireLoadTarget } from './bedNames.ts';
import { compareCqlRestarts, cqlComparisonFigures, cqlComparisonTable } from './cassandra/compare.ts';
import { cqlLoadDefaults, runCqlLoad, type CqlLoadOptions } from './cassandra/load.ts';
import { isProbe, probeNames, type ProbeName } from './cassandra/probes.ts';
import { cqlRows } from './cassandra/rows.ts';
import { sampleRing } from './cassandra/sampler.ts';
import { bedMembers } from './cassandra/session.ts';
import { figuresOf, formatFigures, type Row } from './comparison.ts';
import { whileFavoured } from './favour.ts';
import { compareKafkaRestarts, kafkaComparisonFigures, kafkaComparisonTable } from './kafka/compare.ts';
import { bedBrokers, kafkaLoadDefaults, runKafkaLoad, type KafkaLoadOptions } from './kafka/load.ts';
import { kafkaRows } from './kafka/rows.ts';
import { sampleMetadata } from './kafka/sampler.ts';
import { limits, requireWithin } from './pace.ts';
import { measureCqlRestart, measureKafkaRestart } from './restarts.ts';
import { restartBy } from './ways.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '30' },
    runs: { type: 'string', default: '1' },
    rate: { type: 'string' },
    partitions: { type: 'string' },
    bytes: { type: 'string' },
    link: { type: 'string' },
    seed: { type: 'string', default: '1' },
    probes: { type: 'string', default: probeNames.join(',') },
    minutes: { type: 'string', default: '120' },
    favour: { type: 'boolean', default: false },
  },
});

try {
  const access = await accessTo(fullCluster(nodeMinor));
  await requireLoadTarget(access);
  process.stdout.write(`${JSON.stringify(await measure(access), undefined, 2)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function measure(access: Access): Promise<object> {
  return options.favour ? whileFavoured(() => run(access, positionals)) : run(access, positionals);
}

async function run(access: Access, [what, name]: readonly string[]): Promise<object> {
  const seconds = Number(options.seconds);
  requireWithin('--seconds', seconds, limits.seconds);
  const during = (): Promise<void> => sleep(seconds * 1000);
  const interval = AbortSignal.timeout(seconds * 1000);
  switch (what) {
    case 'kafka':
      return runKafkaLoad(kafkaOptions(), during);
    case 'cassandra':
      return runCqlLoad(cqlOptions(), during);
    case 'kafka-metadata':
      return sampleMetadata({ brokers: bedBrokers, minInSync: kafkaLoadDefaults.minInSync }, interval);
    case 'ring':
      return sampleRing({ members: bedMembers }, interval);
    case 'rollout':
      return withLinks(access, () => rollout(access, name));
    case 'compare':
      return withLinks(access, () => compare(access, name));
    case undefined:
    default:
      throw new Error(
        'Say kafka, cassandra, kafka-metadata, ring, rollout kafka, rollout cassandra, compare kafka or compare cassandra.',
      );
  }
}

async function rollout(access: Access, name: string | undefined): Promise<object> {
  if (name === 'kafka') {
    const runs = await repeat(() => measureKafkaRestart(kafkaOptions(), restartBy('kubectl', access, 'kafka')));
    return told('kubectl rollout restart of Kafka', runs, kafkaRows(runs));
  }
  if (name === 'cassandra') {
    const restart = restartBy('kubectl', access, 'cassandra');
    const runs = await repeat(() => measureCqlRestart(cqlOptions(), restart, volumes()));
    return told('kubectl rollout restart of Cassandra', runs, cqlRows);
  }
  throw new Error('Say rollout kafka or rollout cassandra.');
}

function told<Run>(title: string, runs: readonly Run[], rows: readonly Row<Run>[]): object {
  say(formatFigures(title, runs, rows));
  return { figures: runs.map((run) => figuresOf(run, rows)), runs };
}

async function compare(access: Access, name: string | undefined): Promise<object> {
  const obstacle = whyNotBuilt();
  if (obstacle !== undefined) throw new Error(obstacle);
  const seed = Number(options.seed);
  if (name === 'kafka') {
    const comparison = await compareKafkaRestarts(access, kafkaOptions(), { rounds: rounds(), seed }, say);
    say(kafkaComparisonTable(comparison));
    return { figures: kafkaComparisonFigures(comparison), ...comparison };
  }
  if (name === 'cassandra') {
    const minutes = Number(options.minutes);
    requireWithin('--minutes', minutes, 600);
    const what = { load: cqlOptions(), probes: probes(), rounds: rounds(), seed, minutes, volumes: volumes() };
    const comparison = await compareCqlRestarts(access, what, say);
    say(cqlComparisonTable(comparison));
    return { figures: cqlComparisonFigures(comparison), ...comparison };
  }
  throw new Error('Say compare kafka or compare cassandra.');
}

function probes(): readonly ProbeName[] {
  const wanted = options.probes.split(',');
  const unknown = wanted.filter((name) => !isProbe(name));
  if (unknown.length > 0) throw new Error(`No probe ${unknown.join(', ')}. There are: ${probeNames.join(', ')}.`);
  return wanted.filter(isProbe);
}

/** What pods store on this machine. */
function volumes(): string {
  return inCluster(fullCluster(nodeMinor), 'volumes');
}

/** With the links of all nodes as slow as somebody asked for, while the work lasts. */
async function withLinks<T>(access: Access, work: () => Promise<T>): Promise<T> {
  if (options.link === undefined) return work();
  const rate = Number(options.link);
  requireWithin('--link', rate, 1_000_000);
  const bed = { cluster: fullCluster(nodeMinor), access };
  const slowed: string[] = [];
  try {
    for (const node of defaultNodes.map(nodeName)) {
      slowed.push(node);
      await applyFault(bed, slowNetwork, node, { rate });
    }
    return await work();
  } finally {
    for (const node of slowed) await undoFault(bed, slowNetwork, node);
  }
}

async function repeat<T>(measure: () => Promise<T>): Promise<T[]> {
  const count = rounds();
  const results: T[] = [];
  while (results.length < count) {
    say(`run ${results.length + 1} of ${count}`);
    results.push(await measure());
  }
  return results;
}

function rounds(): number {
  const count = Number(options.runs);
  requireWithin('--runs', count, 20);
  return count;
}

function numberOr(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : Number(text);
}

function kafkaOptions(): KafkaLoadOptions {
  return {
    ...kafkaLoadDefaults,
    partitions: numberOr(options.partitions, kafkaLoadDefaults.partitions),
    strictRate: numberOr(options.rate, kafkaLoadDefaults.strictRate),
    recordBytes: numberOr(options.bytes, kafkaLoadDefaults.recordBytes),
  };
}

function cqlOptions(): CqlLoadOptions {
  return {
    writeRate: numberOr(options.rate, cqlLoadDefaults.writeRate),
    recordBytes: numberOr(options.bytes, cqlLoadDefaults.recordBytes),
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
