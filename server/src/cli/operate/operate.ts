import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { RunOrder } from '#core/operations/operations.ts';
import { describePlan } from '#core/operations/report.ts';
import { CliError, EXIT_CLEAN, EXIT_FAILED, EXIT_FINDINGS } from '#server/cli/errors.ts';
import { asksOf, Confirming } from '#server/cli/operate/confirming.ts';
import { requireConsent } from '#server/cli/operate/consent.ts';
import { targetText, type OperateOptions, type RunOptions, type Wish } from '#server/cli/operate/options.ts';
import { planText } from '#server/cli/operate/planText.ts';
import { refuseReadOnly } from '#server/cli/operate/policy.ts';
import { endText, progressWriter } from '#server/cli/operate/progress.ts';
import { interruptible, runnerName } from '#server/cli/operate/runner.ts';
import { savePlan } from '#server/cli/operate/savePlan.ts';
import { tellLater, wishesOfLast } from '#server/cli/operate/undo.ts';
import { withCluster, type Found } from '#server/cli/operate/withCluster.ts';
import { isoTime } from '#server/cli/status/json.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** Plans what is wished, and does it unless only the plan is wanted. @throws CliError for what keeps it from being started */
export function operate(options: OperateOptions, world: CliWorld): Promise<number> {
  return withCluster(options, world, async (found) => {
    if (options.wish.kind !== 'undo')
      return operateOne(await withFile(options, options.wish, world), options, found, world);
    const [wish, ...later] = await wishesOfLast(options, found, world);
    try {
      return await operateOne({ kind: 'data cluster', wish }, options, found, world);
    } finally {
      tellLater(later, options, found, world);
    }
  });
}

async function operateOne(wish: KnownWish, options: OperateOptions, found: Found, world: CliWorld): Promise<number> {
  const { plan, clusters } = await planned(wish, found, world);
  await refuseUnfinished(plan, options, found, world);
  showPlan(plan, options, world);
  await savePlan(plan, options, world);
  const failing = plan.preconditions.filter(({ state }) => state === 'fails');
  if (failing.length > 0) {
    const titles = failing.map(({ title }) => printable(title)).join('; ');
    world.terminal.err(`data-clusters: It cannot be started, because this does not hold: ${titles}.\n`);
    return EXIT_FAILED;
  }
  if (options.dryRun) return EXIT_CLEAN;
  await requireConsent(plan, options, world);
  return carryOut(plan, clusters, undefined, { options, found, world });
}

/** Goes on with what is written down of an earlier run. @throws CliError for what keeps it from being started */
export function resume(options: RunOptions, world: CliWorld): Promise<number> {
  return withCluster(options, world, async (found) => {
    refuseReadOnly(found.cluster.context.name, world.environment);
    const earlier = (await found.history())?.current;
    if (!earlier) throw new CliError(`No run of ${printable(targetText(options))} is written down.`);
    const { kind } = earlier.state;
    if (kind === 'done' || kind === 'cancelled')
      throw new CliError(
        `The last run of ${printable(targetText(options))} is ${kind}; there is nothing to go on with.`,
        `Make a new plan with \`data-clusters ${earlier.plan.operation}\`.`,
      );
    const { endedAt: _, ...unfinished } = earlier;
    showPlan(earlier.plan, options, world);
    // What cannot be taken back is agreed to by its own name.
    if (!asksOf(earlier)) await requireConsent(earlier.plan, options, world);
    const clusters = await found.clustersOf(earlier.plan);
    return carryOut(earlier.plan, clusters, unfinished, { options, found, world });
  });
}

interface Planned {
  readonly plan: Plan;
  readonly clusters: readonly DataCluster[];
}

/** What can be planned without looking into the journal. */
type KnownWish = Exclude<Wish, { readonly kind: 'undo' }>;

async function planned(wish: KnownWish, found: Found, world: CliWorld): Promise<Planned> {
  const { clock, operations } = world.clusters;
  const ports = { cluster: found.cluster, clock, id: randomUUID() };
  if (wish.kind === 'node') {
    const all = await found.all();
    return { plan: await operations().planNodeDrain(wish.wish, { ...ports, clusters: all }), clusters: all };
  }
  if (wish.kind === 'release') {
    const all = await found.all();
    const inNamespace = { ...wish.wish, namespace: found.namespace };
    return { plan: await operations().planRollback(inNamespace, { ...ports, clusters: all }), clusters: all };
  }
  const data = await found.data();
  return { plan: await operations().plan(wish.wish, { ...ports, data }), clusters: [data] };
}

/** What stands in the file is part of the wish. @throws CliError when it cannot be read */
async function withFile({ file }: OperateOptions, wish: KnownWish, { terminal }: CliWorld): Promise<KnownWish> {
  if (file === undefined || wish.kind !== 'data cluster') return wish;
  const read = async (what: string, fix: string): Promise<string> => {
    try {
      return await readFile(resolve(terminal.cwd, file), 'utf8');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CliError(`The file of ${what} cannot be read: ${reason}.`, fix);
    }
  };
  if (wish.wish.operation === 'resubmit') {
    const manifest = await read('the manifest', 'Name the file that holds the job as it shall be.');
    return { kind: 'data cluster', wish: { ...wish.wish, manifest } };
  }
  if (wish.wish.operation !== 'rebalance') return wish;
  const reassignment = await read('moves', 'Name a rollback.json that --save has written.');
  return { kind: 'data cluster', wish: { ...wish.wish, reassignment } };
}

interface Circumstances {
  readonly options: RunOptions;
  readonly found: Found;
  readonly world: CliWorld;
}

async function carryOut(
  plan: Plan,
  data: readonly DataCluster[],
  earlier: RunRecord | undefined,
  { options, found, world }: Circumstances,
): Promise<number> {
  const { terminal, clusters } = world;
  const isText = options.format === 'text';
  const ports = {
    cluster: found.cluster,
    clock: clusters.clock,
    control: interruptible(terminal, isText),
    listener: progressWriter(plan, options.format === 'json' ? 'json' : 'text', terminal),
  };
  const record = await runConfirmed({ plan, clusters: data }, earlier, new Confirming(options, world), (order) =>
    clusters.operations().run(order, { ...ports, runner: runnerName() }),
  );
  const { state } = record;
  if (isText) terminal.out(endText(state));
  return state.kind === 'done' ? EXIT_CLEAN : EXIT_FINDINGS;
}

/** Goes on as often as it is paused to have a name typed, and that is typed. */
async function runConfirmed(
  order: RunOrder,
  earlier: RunRecord | undefined,
  confirming: Confirming,
  run: (order: RunOrder) => Promise<RunRecord>,
): Promise<RunRecord> {
  let record = earlier && asksOf(earlier) ? earlier : await run({ ...order, ...(earlier ? { earlier } : {}) });
  for (let asks = asksOf(record); asks; asks = asksOf(record)) {
    const confirmed = await confirming.ask(asks, record);
    if (confirmed === undefined) return record;
    record = await run({ ...order, earlier: record, confirmed });
  }
  return record;
}

function showPlan(plan: Plan, { format }: RunOptions, { terminal, clusters }: CliWorld): void {
  const time = isoTime(clusters.clock.now());
  if (format === 'markdown') terminal.out(describePlan(plan));
  else if (format === 'json') terminal.out(`${JSON.stringify({ time, type: 'plan', plan })}\n`);
  else terminal.out(planText(plan, terminal.colors));
}

/** A run that is under way, or whose runner died, is gone on with and not begun anew beside it. */
async function refuseUnfinished(
  { target }: Plan,
  options: OperateOptions,
  found: Found,
  world: CliWorld,
): Promise<void> {
  if (options.dryRun) return;
  const current = await lastRun(target, found, world);
  if (current?.state.kind !== 'running') return;
  const where = `${printable(targetText(options))} -n ${printable(target.namespace)}`;
  throw new CliError(
    `A run that ${printable(current.runner)} began at ${isoTime(current.startedAt)} has not ended.`,
    `Go on with it, or take it over when its runner is gone: data-clusters resume ${where}`,
  );
}

/** Who may not read journals may not write one either, and the plan asks consent for that. */
async function lastRun(
  target: Plan['target'],
  { cluster }: Found,
  { clusters }: CliWorld,
): Promise<RunRecord | undefined> {
  try {
    return (await clusters.operations().history(target, cluster))?.current;
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'forbidden') return undefined;
    throw error;
  }
}
