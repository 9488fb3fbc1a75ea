import { randomUUID } from 'node:crypto';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { Operations } from '#core/operations/operations.ts';
import { CliError, EXIT_CLEAN, EXIT_FAILED, EXIT_FINDINGS } from '#server/cli/errors.ts';
import { requireConsent } from '#server/cli/operate/consent.ts';
import type { RestartOptions, RunOptions } from '#server/cli/operate/parseOperate.ts';
import { planText } from '#server/cli/operate/planText.ts';
import { endText, progressWriter } from '#server/cli/operate/progress.ts';
import { interruptible, runnerName } from '#server/cli/operate/runner.ts';
import { withCluster, type Found } from '#server/cli/operate/withCluster.ts';
import { isoTime } from '#server/cli/status/json.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** Runs `data-clusters restart` and returns its exit code. @throws CliError for what keeps it from being started */
export function restart(options: RestartOptions, world: CliWorld): Promise<number> {
  return withCluster(options, world, async (found) => {
    const { clock, operations } = world.clusters;
    const data = await found.data();
    await refuseUnfinished(options, found, world);
    const id = randomUUID();
    const plan = await operations().plan(options.wish, { data, cluster: found.cluster, clock, id });
    showPlan(plan, options, world);
    const failing = plan.preconditions.filter(({ state }) => state === 'fails');
    if (failing.length > 0) {
      const titles = failing.map(({ title }) => printable(title)).join('; ');
      world.terminal.err(`data-clusters: It cannot be started, because this does not hold: ${titles}.\n`);
      return EXIT_FAILED;
    }
    if (options.dryRun) return EXIT_CLEAN;
    await requireConsent(plan, options, world.terminal);
    return carryOut(plan, data, undefined, { options, found, world });
  });
}

/** Runs `data-clusters resume` and returns its exit code. @throws CliError for what keeps it from being started */
export function resume(options: RunOptions, world: CliWorld): Promise<number> {
  return withCluster(options, world, async (found) => {
    const data = await found.data();
    const target = { system: options.system, name: options.name, namespace: found.namespace };
    const earlier = (await world.clusters.operations().history(target, found.cluster))?.current;
    if (!earlier) throw new CliError(`No run of ${options.system}/${printable(options.name)} is written down.`);
    const { kind } = earlier.state;
    if (kind === 'done' || kind === 'cancelled')
      throw new CliError(
        `The last run of ${options.system}/${printable(options.name)} is ${kind}; there is nothing to go on with.`,
        'Make a new plan with `data-clusters restart`.',
      );
    const { endedAt: _, ...unfinished } = earlier;
    showPlan(earlier.plan, options, world);
    await requireConsent(earlier.plan, options, world.terminal);
    return carryOut(earlier.plan, data, unfinished, { options, found, world });
  });
}

interface Circumstances {
  readonly options: RunOptions;
  readonly found: Found;
  readonly world: CliWorld;
}

async function carryOut(
  plan: Plan,
  data: DataCluster,
  earlier: RunRecord | undefined,
  { options, found, world }: Circumstances,
): Promise<number> {
  const { terminal, clusters } = world;
  const isText = options.format === 'text';
  const record = await clusters.operations().run(
    { plan, clusters: [data], ...(earlier ? { earlier } : {}) },
    {
      cluster: found.cluster,
      clock: clusters.clock,
      runner: runnerName(),
      control: interruptible(terminal, isText),
      listener: progressWriter(plan, options.format, terminal),
    },
  );
  const { state } = record;
  if (isText) terminal.out(endText(state));
  return state.kind === 'done' ? EXIT_CLEAN : EXIT_FINDINGS;
}

function showPlan(plan: Plan, { format }: RunOptions, { terminal, clusters }: CliWorld): void {
  const time = isoTime(clusters.clock.now());
  terminal.out(
    format === 'json' ? `${JSON.stringify({ time, type: 'plan', plan })}\n` : planText(plan, terminal.colors),
  );
}

/** A run that is under way, or whose runner died, is gone on with and not begun anew beside it. */
async function refuseUnfinished(
  options: RestartOptions,
  { cluster, namespace }: Found,
  world: CliWorld,
): Promise<void> {
  if (options.dryRun) return;
  const { system, name } = options;
  const current = await lastRun({ system, name, namespace }, cluster, world);
  if (current?.state.kind !== 'running') return;
  throw new CliError(
    `A run that ${printable(current.runner)} began at ${isoTime(current.startedAt)} has not ended.`,
    `Go on with it, or take it over when its runner is gone: data-clusters resume ${system}/${printable(name)} -n ${printable(namespace)}`,
  );
}

/** Who may not read journals may not write one either, and the plan asks consent for that. */
async function lastRun(
  target: Parameters<Operations['history']>[0],
  cluster: Found['cluster'],
  world: CliWorld,
): Promise<RunRecord | undefined> {
  try {
    return (await world.clusters.operations().history(target, cluster))?.current;
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'forbidden') return undefined;
    throw error;
  }
}
