import { numberOf, textOf, type JsonObject } from '#core/json.ts';
import type { OperationName } from '#core/operations/model.ts';
import type { OperationWish, WorkersWish } from '#core/operations/wishes.ts';

export type ReadWish =
  | { readonly kind: 'wish'; readonly wish: OperationWish }
  /** What is wrong with it, a sentence. */
  | { readonly kind: 'problem'; readonly problem: string };

export type Reader = (value: JsonObject) => ReadWish;

export const wishOf = (wish: OperationWish): ReadWish => ({ kind: 'wish', wish });
export const problemOf = (problem: string): ReadWish => ({ kind: 'problem', problem });

type JobVerb = Extract<OperationName, 'rerun' | 'suspend' | 'unsuspend' | 'stop' | 'resubmit' | 'workers' | 'schedule'>;

/** Wishes about jobs; see readWish. */
export const jobReaders: Readonly<Record<JobVerb, Reader>> = {
  rerun: () => wishOf({ operation: 'rerun' }),
  suspend: () => wishOf({ operation: 'suspend' }),
  unsuspend: () => wishOf({ operation: 'unsuspend' }),
  stop: () => wishOf({ operation: 'stop' }),
  resubmit: (value) => {
    const manifest = textOf(value['manifest']);
    if (manifest.trim() === '')
      return problemOf('A resubmission has `manifest`: the job as it shall be, YAML or JSON.');
    return wishOf({ operation: 'resubmit', manifest });
  },
  workers: (value) => {
    const wish: WorkersWish = {
      operation: 'workers',
      ...count(value, 'to'),
      ...count(value, 'min'),
      ...count(value, 'max'),
    };
    if (Object.keys(wish).length > 1) return wishOf(wish);
    return problemOf('A change of workers has `to`, `min` or `max`: how many of them.');
  },
  schedule: (value) => {
    const { to } = value;
    if (to === 'paused' || to === 'running') return wishOf({ operation: 'schedule', to });
    return problemOf('The `to` of a schedule is paused or running.');
  },
};

function count<Key extends string>(value: JsonObject, key: Key): { readonly [key in Key]?: number } {
  const found: { [key in Key]?: number } = {};
  const number = numberOf(value[key]);
  if (number !== undefined && Number.isInteger(number) && number >= 0) found[key] = number;
  return found;
}
