import { isObject, numberOf, objectOf, textOf, textsOf, type JsonObject } from '#core/json.ts';
import { operationNames, type OperationName } from '#core/operations/model.ts';
import { jobReaders, problemOf, wishOf, type Reader, type ReadWish } from '#core/operations/readJobWish.ts';
import type { DrainWish, RebalanceWish } from '#core/operations/wishes.ts';

export type { ReadWish } from '#core/operations/readJobWish.ts';

const modes: readonly RebalanceWish['mode'][] = [
  'full',
  'leaders only',
  'new brokers only',
  'off brokers',
  'racks only',
  'cleanup',
  'repair',
  'rebuild',
  'flush',
  'compact',
  'upgrade sstables',
];
const ways: readonly DrainWish['how'][] = ['demote', 'evacuate', 'maintenance'];

const readers: Readonly<Record<OperationName, Reader>> = {
  ...jobReaders,
  restart: (value) =>
    wishOf({
      operation: 'restart',
      level: value['level'] === 'min-ISR safe' ? 'min-ISR safe' : 'fully replicated',
      ...lists(value, 'only', 'order'),
      pendingOnly: value['pendingOnly'] === true,
      ...(value['strict'] === true ? { strict: true } : {}),
    }),
  drain: (value) => {
    const how = ways.find((way) => way === value['how']);
    const members = textsOf(value['members']);
    if (!how) return problemOf(`A drain has \`how\`: ${ways.join(', ')}.`);
    if (members.length === 0) return problemOf('A drain has `members`: the names of pods.');
    return wishOf({ operation: 'drain', how, members, ...throttleOf(value) });
  },
  rebalance: (value) => {
    const mode = modes.find((known) => known === (value['mode'] ?? 'full'));
    if (!mode) return problemOf(`The \`mode\` of a rebalance is one of ${modes.join(', ')}.`);
    const reassignment = textOf(value['reassignment']);
    const source = textOf(value['source']);
    return wishOf({
      operation: 'rebalance',
      mode,
      ...lists(value, 'members', 'exclude'),
      ...throttleOf(value),
      ...(reassignment === '' ? {} : { reassignment }),
      ...(source === '' ? {} : { source }),
      ...(value['exact'] === true ? { exact: true } : {}),
    });
  },
  scale: (value) => {
    const to = numberOf(value['to']);
    if (to === undefined || !Number.isInteger(to) || to < 0) return problemOf('A scale has `to`: how many members.');
    const group = textOf(value['group']);
    return wishOf({ operation: 'scale', to, ...(group === '' ? {} : { group }), ...throttleOf(value) });
  },
  configure: (value) => {
    const settings = Object.entries(objectOf(value['settings'])).filter(
      (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === 'string',
    );
    if (settings.length === 0) return problemOf('A change of settings has `settings`: a text, or null, for each name.');
    const member = textOf(value['member']);
    return wishOf({
      operation: 'configure',
      settings: Object.fromEntries(settings),
      ...(member === '' ? {} : { member }),
    });
  },
  replace: (value) => {
    const member = textOf(value['member']);
    const how = value['how'] ?? 'replace';
    if (member === '') return problemOf('A replacement has `member`: the name of the pod of the node that is lost.');
    if (how === 'replace' || how === 'remove') return wishOf({ operation: 'replace', member, how });
    return problemOf('The `how` of a replacement is replace or remove.');
  },
  rollback: (value) => {
    const [release, namespace] = [textOf(value['release']), textOf(value['namespace'])];
    if (release === '' || namespace === '') return problemOf('A rollback has `release` and `namespace`.');
    const to = numberOf(value['to']);
    if (to !== undefined && (!Number.isInteger(to) || to < 1))
      return problemOf('The `to` of a rollback is a revision.');
    return wishOf({ operation: 'rollback', release, namespace, ...(to === undefined ? {} : { to }) });
  },
};

/** A wish that came as JSON from somebody who may have written anything. */
export function readWish(value: unknown): ReadWish {
  if (!isObject(value)) return problemOf('A wish is an object with `operation`.');
  const { operation } = value;
  const isKnown = (name: unknown): name is OperationName => typeof name === 'string' && Object.hasOwn(readers, name);
  if (isKnown(operation)) return readers[operation](value);
  return problemOf(`The \`operation\` is one of ${operationNames.join(', ')}.`);
}

function lists<Key extends string>(value: JsonObject, ...keys: readonly Key[]): { readonly [key in Key]?: string[] } {
  const found: { [key in Key]?: string[] } = {};
  for (const key of keys) if (Array.isArray(value[key])) found[key] = [...textsOf(value[key])];
  return found;
}

function throttleOf(value: JsonObject): { readonly throttle?: number } {
  const throttle = numberOf(value['throttle']);
  return throttle === undefined || throttle <= 0 ? {} : { throttle };
}
