import type { RunRecord } from '#core/operations/model.ts';
import { describeRun, describeState } from '#core/operations/report.ts';
import { CliError, EXIT_CLEAN } from '#server/cli/errors.ts';
import { targetText, type WhereOptions } from '#server/cli/operate/options.ts';
import { withCluster } from '#server/cli/operate/withCluster.ts';
import { isoTime } from '#server/cli/status/json.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** Runs `data-clusters report`: the last run as Markdown, and a line for each before it. @throws CliError when there was none */
export function showReport(options: WhereOptions, world: CliWorld): Promise<number> {
  return withCluster(options, world, async ({ history, namespace }) => {
    const contents = await history();
    if (!contents?.current) {
      const where = options.system === 'kubernetes' ? '' : ` in namespace ${printable(namespace)}`;
      throw new CliError(`No run of ${printable(targetText(options))}${where} is written down.`);
    }
    const earlier = contents.history.map(historyLine).join('');
    world.terminal.out(`${describeRun(contents.current)}${earlier === '' ? '' : `\n## Earlier runs\n\n${earlier}`}`);
    return EXIT_CLEAN;
  });
}

function historyLine(record: RunRecord): string {
  return `- ${isoTime(record.startedAt)}: ${describeState(record)}\n`;
}
