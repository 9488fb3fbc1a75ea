import { operationNames, type OperationName } from '#core/operations/model.ts';
import type { NodeDrainWish, OperationWish, RebalanceWish, RestartWish, Wishes } from '#core/operations/wishes.ts';
import { CliError } from '#server/cli/errors.ts';
import {
  operateOptions,
  operateTable,
  runOptions,
  type OperateOptions,
  type OperateValues,
  type RunOptions,
  type Wish,
} from '#server/cli/operate/options.ts';
import { jobParsers } from '#server/cli/operate/parseJobWish.ts';
import { parseRollback } from '#server/cli/operate/parseRollback.ts';
import { parseStrictly } from '#server/cli/options.ts';

const levels = new Map<string, RestartWish['level']>([
  ['fully-replicated', 'fully replicated'],
  ['min-isr', 'min-ISR safe'],
]);

const modes = new Map<string, RebalanceWish['mode']>([
  ['full', 'full'],
  ['leaders', 'leaders only'],
  ['new-brokers', 'new brokers only'],
  ['off-brokers', 'off brokers'],
  ['racks', 'racks only'],
  ['cleanup', 'cleanup'],
  ['repair', 'repair'],
  ['rebuild', 'rebuild'],
  ['flush', 'flush'],
  ['compact', 'compact'],
  ['upgrade-sstables', 'upgrade sstables'],
]);

const ways = new Map<string, Wishes['drain']['how']>([
  ['demote', 'demote'],
  ['evacuate', 'evacuate'],
  ['maintenance', 'maintenance'],
]);

const emptyDirs = new Map<string, NodeDrainWish['emptyDir']>([
  ['keep', 'keep'],
  ['lose', 'lose'],
]);

const unmovables = new Map<string, NonNullable<NodeDrainWish['unmovable']>>([
  ['refuse', 'refuse'],
  ['leave', 'leave'],
  ['wait', 'wait'],
  ['evict', 'evict'],
]);

const replacements = new Map<string, Wishes['replace']['how']>([
  ['replace', 'replace'],
  ['remove', 'remove'],
]);

const many = { type: 'string', multiple: true } as const;
const one = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

type Parser = (args: readonly string[]) => OperateOptions;

const parsers: Readonly<Record<OperationName, Parser>> = {
  rerun: ofJob('rerun'),
  suspend: ofJob('suspend'),
  unsuspend: ofJob('unsuspend'),
  stop: ofJob('stop'),
  resubmit: ofJob('resubmit'),
  workers: ofJob('workers'),
  schedule: ofJob('schedule'),
  restart: (args) => {
    const table = { ...operateTable, only: many, order: many, 'pending-only': flag, strict: flag, level: one } as const;
    const { values, positionals } = parseStrictly(args, table, 'restart');
    return ofCluster('restart', positionals, values, {
      operation: 'restart',
      level: chosen(levels, values.level ?? 'fully-replicated', 'level'),
      ...(values.only ? { only: split(values.only) } : {}),
      ...(values.order ? { order: split(values.order) } : {}),
      pendingOnly: values['pending-only'] ?? false,
      ...(values.strict === true ? { strict: true } : {}),
    });
  },
  drain: (args) => {
    const table = {
      ...operateTable,
      member: many,
      how: one,
      throttle: one,
      'empty-dir': one,
      unmovable: one,
      pod: many,
    } as const;
    const { values, positionals } = parseStrictly(args, table, 'drain');
    const run = runOptions('drain', positionals, values);
    if (run.system === 'helm')
      throw new CliError('A Helm release cannot be drained.', 'Use `data-clusters rollback NAME`.');
    const wish = run.system === 'kubernetes' ? nodeDrain(run.name, values) : memberDrain(values);
    return operateOptions(run, values, wish);
  },
  rebalance: (args) => {
    const table = {
      ...operateTable,
      mode: one,
      member: many,
      exclude: many,
      throttle: one,
      file: one,
      source: one,
      exact: flag,
    } as const;
    const { values, positionals } = parseStrictly(args, table, 'rebalance');
    if (values.file !== undefined && (values.mode ?? values.member ?? values.exclude) !== undefined)
      throw new CliError('--file says what goes where by itself.', 'Leave out --mode, --member and --exclude.');
    const options = ofCluster('rebalance', positionals, values, {
      operation: 'rebalance',
      mode: chosen(modes, values.mode ?? 'full', 'mode'),
      ...(values.member ? { members: split(values.member) } : {}),
      ...(values.exclude ? { exclude: split(values.exclude) } : {}),
      ...(values.source === undefined ? {} : { source: values.source }),
      ...(values.exact === true ? { exact: true } : {}),
      ...throttled(values.throttle),
    });
    return values.file === undefined ? options : { ...options, file: values.file };
  },
  scale: (args) => {
    const { values, positionals } = parseStrictly(
      args,
      { ...operateTable, to: one, group: one, throttle: one } as const,
      'scale',
    );
    const { to, group, throttle } = values;
    return ofCluster('scale', positionals, values, {
      operation: 'scale',
      to: parseCount(to),
      ...(group === undefined ? {} : { group }),
      ...throttled(throttle),
    });
  },
  configure: (args) => {
    const table = { ...operateTable, set: many, unset: many, member: one, undo: flag } as const;
    const { values, positionals } = parseStrictly(args, table, 'configure');
    if (values.undo === true) {
      if ((values.set ?? values.unset ?? values.member) !== undefined)
        throw new CliError('--undo says by itself what is set where.', 'Leave out --set, --unset and --member.');
      const run = clusterRun('configure', positionals, values);
      return operateOptions(run, values, { kind: 'undo' });
    }
    return ofCluster('configure', positionals, values, {
      operation: 'configure',
      settings: parseSettings(values.set ?? [], values.unset ?? []),
      ...(values.member === undefined ? {} : { member: values.member }),
    });
  },
  replace: (args) => {
    const table = { ...operateTable, member: one, how: one } as const;
    const { values, positionals } = parseStrictly(args, table, 'replace');
    const { member, how } = values;
    if (member === undefined)
      throw new CliError('replace must be told which node is dead.', 'Name its pod, as in --member catalog-2.');
    return ofCluster('replace', positionals, values, {
      operation: 'replace',
      member,
      how: chosen(replacements, how ?? 'replace', 'how'),
    });
  },
  rollback: parseRollback,
};

export const OPERATIONS: readonly OperationName[] = operationNames;

/** The options of a command that does something. @throws CliError that says what is wrong with them */
export function parseOperation(name: OperationName, args: readonly string[]): OperateOptions {
  const options = parsers[name](args);
  if (options.format !== 'markdown' || options.dryRun) return options;
  throw new CliError('Only a plan can be Markdown.', `Use \`data-clusters plan ${name}\`, or --dry-run.`);
}

/** `plan NAME ...` is NAME with --dry-run. @throws CliError that says what is wrong with them */
export function parsePlan([name, ...args]: readonly string[]): OperateOptions {
  const operation = OPERATIONS.find((known) => known === name);
  if (operation) return parseOperation(operation, [...args, '--dry-run']);
  throw new CliError(
    name === undefined ? 'plan must be told what to plan.' : `"${name}" cannot be planned.`,
    `Use one of ${OPERATIONS.join(', ')}, as in \`data-clusters plan restart kafka/orders\`.`,
  );
}

function ofJob(name: keyof typeof jobParsers): Parser {
  return (args) => {
    const { positionals, values, wish, file } = jobParsers[name](args);
    const options = ofCluster(name, positionals, values, wish);
    return file === undefined ? options : { ...options, file };
  };
}

function ofCluster(
  name: OperationName,
  positionals: readonly string[],
  values: OperateValues,
  wish: OperationWish,
): OperateOptions {
  return operateOptions(clusterRun(name, positionals, values), values, { kind: 'data cluster', wish });
}

function clusterRun(name: OperationName, positionals: readonly string[], values: OperateValues): RunOptions {
  const run = runOptions(name, positionals, values);
  if (run.system === 'kubernetes')
    throw new CliError(`A node cannot be given to ${name}.`, 'Use `data-clusters drain node/NAME`.');
  if (run.system === 'helm')
    throw new CliError(`A Helm release cannot be given to ${name}.`, 'Use `data-clusters rollback NAME`.');
  return run;
}

interface DrainValues {
  readonly member?: string[] | undefined;
  readonly how?: string | undefined;
  readonly throttle?: string | undefined;
  readonly 'empty-dir'?: string | undefined;
  readonly unmovable?: string | undefined;
  readonly pod?: string[] | undefined;
}

function memberDrain({ member, how, throttle, 'empty-dir': emptyDir, unmovable, pod }: DrainValues): Wish {
  const members = split(member);
  if ((emptyDir ?? unmovable) !== undefined)
    throw new CliError(
      '--empty-dir and --unmovable are for nodes.',
      'Leave them out, or name a node as in `drain node/worker-3`.',
    );
  if (pod !== undefined)
    throw new CliError('--pod is for nodes.', 'Name the node the pods are to leave, as in `drain node/worker-3`.');
  if (how === undefined)
    throw new CliError(
      'drain must be told how.',
      'Add --how demote (a broker stays and leads nothing), --how evacuate (it stays and holds nothing) or --how maintenance (a node of Cassandra is away until it is restarted).',
    );
  if (members.length === 0)
    throw new CliError('drain must be told which members.', 'Name their pods, as in --member orders-2.');
  const wish = { operation: 'drain', how: chosen(ways, how, 'how'), members, ...throttled(throttle) } as const;
  return { kind: 'data cluster', wish };
}

function nodeDrain(node: string, { member, how, throttle, 'empty-dir': emptyDir, unmovable, pod }: DrainValues): Wish {
  if (member !== undefined || how !== undefined || throttle !== undefined)
    throw new CliError(
      '--member, --how and --throttle are for data clusters.',
      'A node is drained as a whole, or some pods are moved off it with --pod NAMESPACE/NAME.',
    );
  const only = split(pod);
  const strange = only.find((name) => !/^[^/\s]+\/[^/\s]+$/.test(name));
  if (strange !== undefined)
    throw new CliError(`--pod cannot be "${strange}".`, 'Write its namespace and name, as in --pod prod/etl-exec-3.');
  const wish = {
    node,
    emptyDir: chosen(emptyDirs, emptyDir ?? 'keep', 'empty-dir'),
    unmovable: chosen(unmovables, unmovable ?? 'refuse', 'unmovable'),
    ...(only.length > 0 ? { only } : {}),
  };
  return { kind: 'node', wish };
}

function chosen<Value>(values: ReadonlyMap<string, Value>, text: string, option: string): Value {
  const value = values.get(text);
  if (value !== undefined) return value;
  throw new CliError(`There is no ${option} "${text}".`, `Use one of ${[...values.keys()].join(', ')}.`);
}

const split = (texts: readonly string[] = []): string[] =>
  texts.flatMap((names) => names.split(',')).filter((name) => name !== '');

function parseCount(text: string | undefined): number {
  const usage = 'Say how many members there shall be, as in --to 5.';
  if (text === undefined) throw new CliError('scale must be told how far.', usage);
  if (!/^\d{1,4}$/.test(text)) throw new CliError(`--to cannot be "${text}".`, usage);
  return Number(text);
}

const multiples: Readonly<Record<string, number>> = {
  '': 1,
  k: 1000,
  ki: 1024,
  m: 1000 ** 2,
  mi: 1024 ** 2,
  g: 1000 ** 3,
  gi: 1024 ** 3,
};

/** Bytes a second: `50MB`, `50MiB/s`, `52428800`. */
function throttled(text: string | undefined): { readonly throttle?: number } {
  if (text === undefined) return {};
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]i?)?b?(?:\/s)?$/i.exec(text) ?? [];
  const throttle = Math.round(Number(digits) * (multiples[unit.toLowerCase()] ?? 0));
  if (throttle > 0) return { throttle };
  throw new CliError(`--throttle cannot be "${text}".`, 'Write bytes a second, as in --throttle 50MB.');
}

function parseSettings(set: readonly string[], unset: readonly string[]): Readonly<Record<string, string | null>> {
  const usage = 'Write --set name=value for each setting, or --unset name; --undo puts back the last change.';
  if (set.length + unset.length === 0) throw new CliError('configure must be told what.', usage);
  const settings = new Map<string, string | null>();
  for (const text of set) {
    const at = text.indexOf('=');
    if (at < 1) throw new CliError(`--set cannot be "${text}".`, usage);
    settings.set(text.slice(0, at), text.slice(at + 1));
  }
  for (const name of unset) settings.set(name, null);
  return Object.fromEntries(settings);
}
