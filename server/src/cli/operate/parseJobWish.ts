import type { OperationWish, WorkersWish, Wishes } from '#core/operations/wishes.ts';
import { CliError } from '#server/cli/errors.ts';
import { operateTable, type OperateValues } from '#server/cli/operate/options.ts';
import { parseStrictly } from '#server/cli/options.ts';

/** What a command line about a job says: which job and how, what is wished, and the file that is part of the wish. */
export interface JobArguments {
  readonly positionals: readonly string[];
  readonly values: OperateValues;
  readonly wish: OperationWish;
  readonly file?: string;
}

type JobVerb = Exclude<
  keyof Wishes,
  'restart' | 'drain' | 'rebalance' | 'scale' | 'configure' | 'replace' | 'rollback'
>;

const one = { type: 'string' } as const;

/** @throws CliError that says what is wrong with the arguments */
export const jobParsers: Readonly<Record<JobVerb, (args: readonly string[]) => JobArguments>> = {
  rerun: (args) => ({ ...parseStrictly(args, operateTable, 'rerun'), wish: { operation: 'rerun' } }),
  suspend: (args) => ({ ...parseStrictly(args, operateTable, 'suspend'), wish: { operation: 'suspend' } }),
  unsuspend: (args) => ({ ...parseStrictly(args, operateTable, 'unsuspend'), wish: { operation: 'unsuspend' } }),
  stop: (args) => ({ ...parseStrictly(args, operateTable, 'stop'), wish: { operation: 'stop' } }),
  resubmit: (args) => {
    const parsed = parseStrictly(args, { ...operateTable, file: one } as const, 'resubmit');
    const { file } = parsed.values;
    if (file === undefined)
      throw new CliError('resubmit must be told the changed manifest.', 'Name its file, as in --file job.yaml.');
    return { ...parsed, wish: { operation: 'resubmit', manifest: '' }, file };
  },
  workers: (args) => {
    const parsed = parseStrictly(args, { ...operateTable, to: one, min: one, max: one } as const, 'workers');
    const { to, min, max } = parsed.values;
    const wish: WorkersWish = {
      operation: 'workers',
      ...(to === undefined ? {} : { to: parseCount(to, 'to') }),
      ...(min === undefined ? {} : { min: parseCount(min, 'min') }),
      ...(max === undefined ? {} : { max: parseCount(max, 'max') }),
    };
    if (Object.keys(wish).length === 1)
      throw new CliError('workers must be told how many.', 'Say how many there shall be, as in --to 4.');
    return { ...parsed, wish };
  },
  schedule: (args) => {
    const flag = { type: 'boolean' } as const;
    const parsed = parseStrictly(args, { ...operateTable, pause: flag, resume: flag } as const, 'schedule');
    const { pause = false, resume = false } = parsed.values;
    if (pause === resume)
      throw new CliError('schedule must be told one thing.', 'Add --pause or --resume, and not both.');
    return { ...parsed, wish: { operation: 'schedule', to: pause ? 'paused' : 'running' } };
  },
};

function parseCount(text: string, option: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new CliError(`--${option} cannot be "${text}".`, 'Write how many workers there shall be, as in --to 4.');
}
