import { CliError } from '#server/cli/errors.ts';
import { operateOptions, operateTable, runOptions, type OperateOptions } from '#server/cli/operate/options.ts';
import { parseStrictly } from '#server/cli/options.ts';

/** `rollback RELEASE [--to N]`; the release may also be written as `helm/RELEASE`. @throws CliError that says what is wrong with them */
export function parseRollback(args: readonly string[]): OperateOptions {
  const table = { ...operateTable, to: { type: 'string' } } as const;
  const { values, positionals } = parseStrictly(args, table, 'rollback');
  const usage = 'Write the name of the release, as in `data-clusters rollback orders -n shop`.';
  const [release] = positionals;
  if (release === undefined) throw new CliError('rollback must be told which Helm release.', usage);
  const named = positionals.map((name) => (name.includes('/') ? name : `helm/${name}`));
  const run = runOptions('rollback', named, values);
  if (run.system !== 'helm') throw new CliError(`"${release}" is no Helm release.`, usage);
  const to = parseRevision(values.to);
  const wish = { operation: 'rollback', release: run.name, ...(to === undefined ? {} : { to }) } as const;
  return operateOptions(run, values, { kind: 'release', wish });
}

function parseRevision(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CliError(`--to cannot be "${text}".`, 'Write the number of a revision, as in --to 3.');
}
