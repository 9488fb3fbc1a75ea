import { until } from '../bed/commands.ts';
import type { Access } from '../bed/kubectl.ts';
import { runProgram, type ProgramRun } from '../support/program.ts';
import { restartTimes, sumOf, type RestartTimes } from '../support/restartTimes.ts';
import { waitForSet } from '../support/pods.ts';
import { bedBrokers, type KafkaLoadOptions } from './kafka/load.ts';
import { sampleMetadata } from './kafka/sampler.ts';
import { median, round } from './percentiles.ts';
import { measureKafkaRestart, measureKafkaRollout, type KafkaRollout } from './rollout.ts';
import type { Figures } from './tables.ts';

/** One safe restart by the product, under load. */
export interface SafeRestart extends KafkaRollout {
  readonly times: RestartTimes;
}

/** Both ways in turn, so that whatever else the machine has to do meets them alike. */
export interface Comparison {
  readonly kubectl: readonly KafkaRollout[];
  readonly ours: readonly SafeRestart[];
}

/** `kubectl rollout restart` and the safe restart, `rounds` times each; which goes first changes from round to round. */
export async function compareKafkaRestarts(
  access: Access,
  options: KafkaLoadOptions,
  rounds: number,
  say: (text: string) => void,
): Promise<Comparison> {
  const kubectl: KafkaRollout[] = [];
  const ours: SafeRestart[] = [];
  const ways = [
    async () => {
      kubectl.push(await measureKafkaRollout(access, options));
    },
    async () => {
      ours.push(await measureSafeRestart(access, options));
    },
  ];
  for (let round = 0; round < rounds; round += 1) {
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
      await untilWhole(access);
      say(`round ${round + 1} of ${rounds}: ${way === ways[0] ? 'kubectl rollout restart' : 'safe restart'}`);
      await way();
    }
  }
  return { kubectl, ours };
}

async function measureSafeRestart(access: Access, options: KafkaLoadOptions): Promise<SafeRestart> {
  let program: ProgramRun | undefined;
  const measured = await measureKafkaRestart(options, async () => {
    program = await runProgram({ access }, ['restart', 'kafka/kafka', '-n', 'kafka', '--yes', '-o', 'json']);
  });
  if (program?.code !== 0) throw new Error(`The safe restart ended with ${program?.code}: ${program?.err}`);
  return { ...measured, times: restartTimes(program.events, program.started, program.ended) };
}

/** Every pod ready and every replica of every topic in sync, by Kafka's own account. */
async function untilWhole(access: Access): Promise<void> {
  await waitForSet({ access }, 'kafka', 'kafka');
  let isWhole = false;
  const enough = new AbortController();
  const sampling = sampleMetadata(
    {
      brokers: bedBrokers,
      minInSync: 2,
      onSample({ partitions, answered }) {
        isWhole =
          answered.length === bedBrokers.length &&
          partitions.every(({ isr, replicas }) => isr.length === replicas.length);
      },
    },
    enough.signal,
  );
  try {
    await until('every replica to be in sync', 180, () => Promise.resolve(isWhole));
  } finally {
    enough.abort();
    await sampling;
  }
}

type Row = readonly [name: string, figure: (run: KafkaRollout) => number];

const failedAs =
  (errorClass: string) =>
  ({ load }: KafkaRollout): number =>
    load.strict.failedByClass[errorClass] ?? 0;

/** What counts first, then what clients feel, then time. */
const rows: readonly Row[] = [
  ['**under min ISR, s**', ({ load }) => load.metadata.underMinIsrSeconds],
  ['under min ISR, partition seconds', ({ load }) => load.metadata.underMinIsrPartitionSeconds],
  ['**without leader, s**', ({ load }) => load.metadata.offlineSeconds],
  ['**brokers out of sync at once, most**', ({ load }) => load.metadata.maxBrokersOutOfSync],
  ['**lost acknowledged records**', ({ load }) => load.strict.lost + load.patient.lost],
  ['leader skew, most', ({ load }) => load.metadata.maxLeaderSkew],
  ['leader skew at the end', ({ load }) => load.metadata.leaderSkewAtEnd],
  ['partitions led by their preferred leader at the end, %', ({ load }) => load.metadata.preferredLeadersAtEnd],
  ['leaders changed', ({ load }) => load.metadata.leaderChanges],
  ['sends with retries that failed', ({ load }) => load.patient.failed],
  ['p99 of sends with retries, s', ({ load }) => round(load.patient.latency.p99 / 1000)],
  ['slowest send with retries, s', ({ load }) => round(load.patient.latency.max / 1000)],
  ['all replicas in sync after, s', ({ wholeAfterSeconds }) => wholeAfterSeconds],
  ['the command says done after, s', ({ rolloutSeconds }) => rolloutSeconds],
];

/** Only the safe restart tells these. */
const ownRows: readonly (readonly [name: string, figure: (run: SafeRestart) => number])[] = [
  ['of it members out and back, s, sum', ({ times }) => round(sumOf(times.members))],
  ['... reading the cluster and making the plan, s', ({ times }) => round(times.plan)],
  ['... gates and journal, s', ({ times }) => round(times.gates)],
  ['... elections, s', ({ times }) => round(times.closing)],
  ['... end, s', ({ times }) => round(times.end)],
  [
    '**whole time / sum of members**',
    ({ times, rolloutSeconds }) => Math.round((100 * rolloutSeconds) / sumOf(times.members)) / 100,
  ],
];

/** A line for each figure, medians with their ranges. */
export function comparisonTable({ kubectl, ours }: Comparison): string {
  const line = (name: string, theirs: string, own: string): string => `| ${name} | ${theirs} | ${own} |`;
  return [
    line(`${ours.length} runs each, median (range)`, '`kubectl rollout restart`', '`data-clusters restart`'),
    '|---|---|---|',
    line(
      'sends that were never repeated',
      spread(kubectl.map(({ load }) => load.strict.sent)),
      spread(ours.map(({ load }) => load.strict.sent)),
    ),
    ...errorClasses([...kubectl, ...ours]).map((one) =>
      line(`... failed: ${one}`, spread(kubectl.map(failedAs(one))), spread(ours.map(failedAs(one)))),
    ),
    ...rows.map(([name, figure]) => line(name, spread(kubectl.map(figure)), spread(ours.map(figure)))),
    ...ownRows.map(([name, figure]) => line(name, '', spread(ours.map(figure)))),
  ].join('\n');
}

/** The same as data, a list of values for each figure. */
export function comparisonFigures({ kubectl, ours }: Comparison): Readonly<Record<string, readonly Figures[]>> {
  const figures = (run: KafkaRollout): Figures =>
    Object.fromEntries([
      ...errorClasses([run]).map((one) => [`failed: ${one}`, failedAs(one)(run)] as const),
      ...rows.map(([name, figure]) => [plain(name), figure(run)] as const),
    ]);
  const own = (run: SafeRestart): Figures =>
    Object.fromEntries(ownRows.map(([name, figure]) => [plain(name), figure(run)]));
  return { kubectl: kubectl.map(figures), ours: ours.map((run) => ({ ...figures(run), ...own(run) })) };
}

/** Too few replicas first, then by name; those that a restart is not about are shown as well. */
function errorClasses(runs: readonly KafkaRollout[]): readonly string[] {
  const first = ['NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'];
  const others = new Set(runs.flatMap(({ load }) => Object.keys(load.strict.failedByClass)));
  return [...first, ...[...others].filter((one) => !first.includes(one)).toSorted()];
}

function spread(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const middle = Math.round(median(values) * 100) / 100;
  return least === most ? String(middle) : `${middle} (${least} to ${most})`;
}

const plain = (name: string): string => name.replaceAll('*', '');
