import { isOver } from '#core/operations/run.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';
import { CliError } from '#server/cli/errors.ts';
import { targetText, type OperateOptions } from '#server/cli/operate/options.ts';
import type { Found } from '#server/cli/operate/withCluster.ts';
import { isoTime } from '#server/cli/status/json.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** What puts back the last change of settings, in the order in which it has to be done. @throws CliError when there is nothing */
export async function wishesOfLast(
  options: OperateOptions,
  { history, namespace }: Found,
  { clusters }: CliWorld,
): Promise<readonly [first: ConfigureWish, ...later: readonly ConfigureWish[]]> {
  const name = printable(targetText(options));
  const contents = await history();
  const records = [...(contents?.current ? [contents.current] : []), ...(contents?.history ?? [])];
  const record = records.find(({ plan }) => plan.operation === 'configure');
  if (!record) throw new CliError(`No change of settings of ${name} is written down in ${printable(namespace)}.`);
  const { state, startedAt, runner } = record;
  const which = `The last change of settings of ${name}, begun by ${printable(runner)} at ${isoTime(startedAt)},`;
  if (!isOver(state))
    throw new CliError(
      `${which} has not ended: it is ${state.kind}.`,
      `Go on with it, or end it with \`data-clusters cancel ${name} -n ${printable(namespace)}\`.`,
    );
  const [first, ...later] = clusters.operations().undoing(record);
  if (first) return [first, ...later];
  throw new CliError(
    `${which} has changed nothing that can be put back.`,
    `See what it did with \`data-clusters report ${name} -n ${printable(namespace)}\`.`,
  );
}

/** Tells the commands for what one plan cannot put back. They say what is set: by then, the last run is another one. */
export function tellLater(
  wishes: readonly ConfigureWish[],
  options: OperateOptions,
  { namespace }: Found,
  { terminal }: CliWorld,
): void {
  if (wishes.length === 0) return;
  const context = options.context === undefined ? [] : ['--context', options.context];
  const where = [targetText(options), '-n', namespace, ...context];
  const lines = wishes.map(
    (wish) => `  ${['data-clusters configure', ...[...where, ...argumentsOf(wish)].map(quoted)].join(' ')}\n`,
  );
  const text = `Left to be put back after this, in this order:\n${lines.join('')}`;
  // What is read by programs has nothing else in it.
  if (options.format === 'text') terminal.out(text);
  else terminal.err(text);
}

function argumentsOf({ settings, member }: ConfigureWish): readonly string[] {
  const changes = Object.entries(settings).flatMap(([name, value]) =>
    value === null ? ['--unset', name] : ['--set', `${name}=${value}`],
  );
  return [...changes, ...(member === undefined ? [] : ['--member', member])];
}

/** As a shell reads one word. */
function quoted(word: string): string {
  const text = printable(word);
  return /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
