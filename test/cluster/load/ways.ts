import { kubectl, type Access } from '../bed/kubectl.ts';
import { runProgram } from '../support/program.ts';
import { restartTimes, sumOf, type RestartTimes } from '../support/restartTimes.ts';
import type { Row } from './comparison.ts';
import { hundredths, round } from './percentiles.ts';
import type { MeasuredRestart, Restart } from './restarts.ts';

/** A StatefulSet of the bed; its namespace has the same name. */
export type RestartedSet = 'kafka' | 'cassandra';

/** Two ways to restart every member. */
export const ways = ['kubectl', 'ours'] as const;
export type Way = (typeof ways)[number];

export const wayTitles: Readonly<Record<Way, string>> = {
  kubectl: '`kubectl rollout restart`',
  ours: '`data-clusters restart`',
};

/** Longer than any restart of three members takes. */
const limitSeconds = 900;

export const restartBy = (way: Way, access: Access, name: RestartedSet): Restart =>
  way === 'kubectl' ? () => rollOut(access, name) : () => restartSafely(access, name);

/** What happens when Kubernetes alone decides who goes next. */
async function rollOut(access: Access, name: RestartedSet): Promise<undefined> {
  await kubectl(access, ['-n', name, 'rollout', 'restart', `statefulset/${name}`]);
  const status = ['rollout', 'status', `statefulset/${name}`, `--timeout=${limitSeconds}s`];
  await kubectl(access, ['-n', name, ...status]);
}

/** The product as it is built, agreeing to whatever its plan asks. */
async function restartSafely(access: Access, name: RestartedSet): Promise<RestartTimes> {
  const consent = ['--yes', '--confirm', name, '-o', 'json'];
  const args = ['restart', `${name}/${name}`, '-n', name, ...consent];
  const { code, err, events, started, ended } = await runProgram({ access, limitSeconds }, args);
  if (code !== 0) throw new Error(`The safe restart ended with ${code}: ${err}`);
  return restartTimes(events, started, ended);
}

/** Where the time of the product's own way went. */
export const ownTimes: readonly Row<MeasuredRestart>[] = [
  ['of it members out and back, s, sum', ({ times }) => times && round(sumOf(times.members))],
  ['... reading the cluster and making the plan, s', ({ times }) => times && round(times.plan)],
  ['... gates, drains and journal, s', ({ times }) => times && round(times.gates)],
  ['... closing each member, s', ({ times }) => times && round(times.closing)],
  ['... end, s', ({ times }) => times && round(times.end)],
  [
    '**whole time / sum of members**',
    ({ times, rolloutSeconds }) => times && hundredths(rolloutSeconds / sumOf(times.members)),
  ],
];
