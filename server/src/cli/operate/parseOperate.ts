import { CliError } from '#server/cli/errors.ts';
import {
  runOptions,
  runTable,
  whereOptions,
  whereTable,
  type CancelOptions,
  type RunOptions,
  type WhereOptions,
} from '#server/cli/operate/options.ts';
import { parseStrictly } from '#server/cli/options.ts';

/** @throws CliError that says what is wrong with them */
export function parseResume(args: readonly string[]): RunOptions {
  const { values, positionals } = parseStrictly(args, runTable, 'resume');
  const options = runOptions('resume', positionals, values);
  if (options.format !== 'markdown') return options;
  throw new CliError('Only a plan can be Markdown.', 'Use `data-clusters report` for what was done.');
}

/** @throws CliError that says what is wrong with them */
export function parseReport(args: readonly string[]): WhereOptions {
  const { values, positionals } = parseStrictly(args, whereTable, 'report');
  return whereOptions('report', positionals, values);
}

/** @throws CliError that says what is wrong with them */
export function parseCancel(args: readonly string[]): CancelOptions {
  const { values, positionals } = parseStrictly(args, { ...whereTable, pause: { type: 'boolean' } }, 'cancel');
  const where = whereOptions('cancel', positionals, values);
  return { ...where, ask: values.pause ? 'pause' : 'cancel' };
}
