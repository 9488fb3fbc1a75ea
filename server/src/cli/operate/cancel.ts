import type { RunRecord } from '#core/operations/model.ts';
import { sleep } from '#core/operations/poller.ts';
import { describeState } from '#core/operations/report.ts';
import { CliError, EXIT_CLEAN, EXIT_FINDINGS } from '#server/cli/errors.ts';
import { targetText, type CancelOptions } from '#server/cli/operate/options.ts';
import { refuseReadOnly } from '#server/cli/operate/policy.ts';
import { endText, progressWriter } from '#server/cli/operate/progress.ts';
import { runnerName } from '#server/cli/operate/runner.ts';
import { withCluster, type Found } from '#server/cli/operate/withCluster.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

const LOOK_EVERY_MS = 1000;

/**
 * Asks whoever runs an operation, on whatever machine, to end or pause it, and waits until it has. A run that nobody holds any more is
 * ended from here: what it has begun is awaited or taken back, and what it changed for its own sake is put back.
 *
 * @throws CliError when there is nothing to end
 */
export function cancel(options: CancelOptions, world: CliWorld): Promise<number> {
  return withCluster(options, world, async (found) => {
    refuseReadOnly(found.cluster.context.name, world.environment);
    const current = (await found.history())?.current;
    const isOver = current === undefined || current.state.kind === 'done' || current.state.kind === 'cancelled';
    if (isOver) throw new CliError(`No run of ${printable(targetText(options))} is under way.`);
    const asked = await world.clusters.operations().ask(options.ask, current.plan.target, found.cluster);
    if (asked.kind === 'told') return awaitEnd(asked.holder, options, found, world);
    if (options.ask === 'pause')
      throw new CliError('Nobody runs it at the moment.', 'It is as good as paused: `data-clusters resume` goes on.');
    return endFromHere(current, found, world);
  });
}

async function awaitEnd(holder: string, options: CancelOptions, found: Found, world: CliWorld): Promise<number> {
  const { terminal, clusters } = world;
  const { clock } = clusters;
  terminal.out(`${printable(holder)} is asked to ${options.ask} it.\n`);
  const giveUpAt = clock.now() + options.timeoutMs;
  while (clock.now() < giveUpAt) {
    await sleep(clock, LOOK_EVERY_MS);
    const current = (await found.history())?.current;
    if (current && current.state.kind !== 'running') {
      terminal.out(`${printable(describeState(current))}\n`);
      return EXIT_CLEAN;
    }
  }
  terminal.err(
    `It has not ended within ${options.timeoutMs / 1000} s: the member that is out is awaited, or its runner is gone.\n` +
      `If it is gone, run this again in a minute; give more time with --timeout.\n`,
  );
  return EXIT_FINDINGS;
}

async function endFromHere(earlier: RunRecord, found: Found, world: CliWorld): Promise<number> {
  const { terminal, clusters } = world;
  const { endedAt: _, ...unfinished } = earlier;
  const { plan } = earlier;
  const record = await clusters.operations().run(
    { plan, clusters: await found.clustersOf(plan), earlier: unfinished },
    {
      cluster: found.cluster,
      clock: clusters.clock,
      runner: runnerName(),
      control: { wish: 'cancel' },
      listener: progressWriter(plan, 'text', terminal),
    },
  );
  terminal.out(endText(record.state));
  return record.state.kind === 'cancelled' || record.state.kind === 'done' ? EXIT_CLEAN : EXIT_FINDINGS;
}
