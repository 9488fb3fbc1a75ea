import { describeCronProblem } from '#core/kubernetes/cronSchedule.ts';
import { ago, ahead, duration } from '#core/live/durations.ts';
import { healthOf, judge, judgeUnknownState, judgePickUp, type StateRow } from '#core/live/jobs/judgement.ts';
import type { DataCluster, Evidence, Health, HealthLevel } from '#core/live/model.ts';
import type { LiveCustom, NamespaceObjects } from '#core/live/objects.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import { isSetAt, listAt, textAt, timeAt } from '#core/live/reading.ts';
import { makeSparkCluster } from '#core/systems/spark/live/cluster.ts';
import { isKubeflowApplication, KUBEFLOW_FLAVOUR, KUBEFLOW_GROUP } from '#core/systems/spark/live/kubeflow.ts';
import { scheduleOf } from '#core/systems/spark/live/kubeflowView.ts';

const KIND = 'ScheduledSparkApplication';
/** The operator takes a moment to start a run that is due. */
const LATENESS_MS = 60_000;

/** Schedules have no members: their runs are applications of their own, which name the schedule as their owner. */
export function gatherSchedules(objects: NamespaceObjects): readonly DataCluster[] {
  const applications = objects.customs.filter(isKubeflowApplication);
  return objects.customs.filter(isSchedule).map((resource) =>
    makeSparkCluster(objects, {
      name: resource.meta.name,
      suffix: `${KIND}.${KUBEFLOW_GROUP}`.toLowerCase(),
      flavour: KUBEFLOW_FLAVOUR,
      resource,
      members: [],
      version: textAt(resource.spec, 'template', 'sparkVersion'),
      customs: applications.filter((application) => scheduleOf(application) === resource.meta.name),
    }),
  );
}

export function isSchedule({ group, customKind }: LiveCustom): boolean {
  return group === KUBEFLOW_GROUP && customKind === KIND;
}

interface Schedule {
  readonly resource: LiveCustom;
  readonly now: number;
  readonly lastRun: LastRun | undefined;
  readonly nextRunAt: number | undefined;
  readonly concurrency: string;
}

interface LastRun {
  readonly name: string;
  readonly at: number | undefined;
  readonly outcome: 'succeeded' | 'failed' | 'still going on' | 'gone';
}

/** Source: ScheduleState and the reconciler of the Kubeflow operator 2.5. */
const states: ReadonlyMap<string, StateRow<Schedule>> = new Map<string, StateRow<Schedule>>([
  ['', { level: (view) => judgeNew(view).level, text: (view) => judgeNew(view).text }],
  ['Validating', { level: 'working', text: 'the operator is checking the schedule' }],
  ['Scheduled', { level: levelOfSchedule, text: describeSchedule }],
  ['FailedValidation', { level: 'unhealthy', text: describeRefusal }],
]);

export function judgeSchedule(cluster: DataCluster, resource: LiveCustom, now: number): Health {
  const view = viewSchedule(cluster, resource, now);
  const state = textAt(resource.status, 'scheduleState');
  const row = isSetAt(resource.spec, 'suspend') ? suspended : states.get(state);
  const judgement = row === undefined ? judgeUnknownState(state) : judge(row, view);
  return healthOf(judgement, [{ ...judgement, source: 'operator' }, ...runEvidence(view)]);
}

const suspended: StateRow<Schedule> = {
  level: 'done',
  text: (view) => ['suspended', ...describeLastRun(view)].join('; '),
};

function viewSchedule({ customs }: DataCluster, resource: LiveCustom, now: number): Schedule {
  const { spec, status } = resource;
  return {
    resource,
    now,
    lastRun: readLastRun(resource, customs),
    nextRunAt: timeAt(status, 'nextRun'),
    concurrency: textAt(spec, 'concurrencyPolicy'),
  };
}

function readLastRun({ status }: LiveCustom, runs: readonly LiveCustom[]): LastRun | undefined {
  const name = textAt(status, 'lastRunName');
  if (name === '') return undefined;
  const run = runs.find(({ meta }) => meta.name === name);
  return { name, at: timeAt(status, 'lastRun'), outcome: outcomeOf(name, run, status) };
}

function outcomeOf(name: string, run: LiveCustom | undefined, status: LiveCustom['status']): LastRun['outcome'] {
  const state = textAt(run?.status, 'applicationState', 'state');
  if (state === 'COMPLETED' || listAt(status, 'pastSuccessfulRunNames').includes(name)) return 'succeeded';
  if (state === 'FAILED' || listAt(status, 'pastFailedRunNames').includes(name)) return 'failed';
  return run === undefined ? 'gone' : 'still going on';
}

function judgeNew({ resource, now }: Schedule): { readonly level: HealthLevel; readonly text: string } {
  return judgePickUp(resource.meta.createdAt, now);
}

function levelOfSchedule(view: Schedule): HealthLevel {
  if (isLate(view))
    return view.lastRun?.outcome === 'still going on' && view.concurrency === 'Forbid' ? 'working' : 'warning';
  return view.lastRun?.outcome === 'failed' ? 'warning' : 'healthy';
}

function describeSchedule(view: Schedule): string {
  const next = isLate(view) ? describeLateness(view) : describeNext(view);
  return [next, ...describeLastRun(view)].join('; ');
}

function describeNext({ nextRunAt, now }: Schedule): string {
  return nextRunAt === undefined
    ? 'scheduled, the operator does not say for when'
    : `next run ${ahead(nextRunAt - now)}`;
}

function isLate({ nextRunAt, now }: Schedule): boolean {
  return nextRunAt !== undefined && now - nextRunAt > LATENESS_MS;
}

const POLICIES = ['Allow', 'Forbid', 'Replace'];

/** A policy that is none of the three starts one run and then never another: issue 2964 of the Kubeflow operator. */
function describeLateness({ nextRunAt = 0, now, concurrency, lastRun }: Schedule): string {
  const late = `the run due ${ago(now - nextRunAt)} has not started`;
  if (!POLICIES.includes(concurrency)) {
    const written = concurrency === '' ? 'not set' : `"${plainText(concurrency, 40)}"`;
    return `${late}: concurrencyPolicy is ${written}, and the operator then starts the first run only`;
  }
  const waits = concurrency === 'Forbid' && lastRun?.outcome === 'still going on';
  return waits ? `${late}: concurrencyPolicy Forbid waits for the last run` : late;
}

function describeLastRun({ lastRun, now }: Schedule): readonly string[] {
  if (lastRun === undefined) return ['no run yet'];
  const when = lastRun.at === undefined ? 'last run' : `last run ${ago(now - lastRun.at)}`;
  if (lastRun.outcome === 'gone') return [`${when}, its application is gone`];
  return [`${when} ${lastRun.outcome === 'still going on' ? 'is still going on' : lastRun.outcome}`];
}

/** The operator never looks at a refused schedule again: issue 3174. */
function describeRefusal({ resource }: Schedule): string {
  const reason = messageText(textAt(resource.status, 'reason')) || 'the operator does not say why';
  const schedule = textAt(resource.spec, 'schedule');
  const isCron = describeCronProblem(schedule.replace(/^(?:CRON_)?TZ=\S+\s+/, '')) === undefined;
  const hint = isCron ? '; if it was corrected since, delete and create it anew: the operator does not look again' : '';
  return `the schedule "${plainText(schedule, 60)}" is refused: ${reason}${hint}`;
}

function runEvidence({ lastRun, now }: Schedule): readonly Evidence[] {
  if (lastRun === undefined) return [];
  const level = lastRun.outcome === 'failed' ? 'warning' : lastRun.outcome === 'still going on' ? 'working' : 'done';
  const when = lastRun.at === undefined ? '' : `, started ${duration(now - lastRun.at)} ago`;
  return [{ level, text: `last run ${plainText(lastRun.name, 253)}: ${lastRun.outcome}${when}`, source: 'operator' }];
}
