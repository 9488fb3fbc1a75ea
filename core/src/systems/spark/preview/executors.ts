import { countFrom, exactly, wholeNumber } from '#core/preview/amounts.ts';
import type { CountPreview } from '#core/preview/model.ts';
import { readFirst, textOr, type Reading } from '#core/preview/reading.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

export interface ExecutorFields {
  readonly conf: NodeView;
  /** `spec.dynamicAllocation` of the Kubeflow operator. */
  readonly allocation?: NodeView;
  /** `spec.executor.instances`. */
  readonly instances?: NodeView;
  /** How many there are when nobody says: 1 by the webhook of the Kubeflow operator, 2 by Spark itself. */
  readonly fallback: number;
}

/**
 * How many executors a job has. With dynamic allocation it begins with the largest of the initial number, the minimum and the
 * fixed number, and stays between minimum and maximum; without a maximum nothing bounds it.
 * Source: Apache Spark 4.0 Utils.getDynamicAllocationInitialExecutors, SchedulerBackendUtils.DEFAULT_NUMBER_EXECUTORS;
 * spark-operator 2.5.2 dynamicAllocationOption and its defaults.
 */
export function executorCount(fields: ExecutorFields): CountPreview {
  const { conf, allocation, instances, fallback } = fields;
  const fixed = readFirst(...(instances ? [instances] : []), conf.field('spark.executor.instances'));
  const byField = allocation === undefined ? undefined : readFirst(allocation.field('enabled'));
  const isOn = byField !== undefined && textOr(byField, '') === 'true';
  const enabled = isOn ? byField : readFirst(conf.field('spark.dynamicAllocation.enabled'));
  if (byField?.state === 'unknown') return unknown(byField.why);
  if (enabled.state === 'unknown') return unknown(enabled.why);
  if (enabled.state !== 'given' || enabled.text !== 'true') return countFrom(fixed, fallback);
  const read = (field: string): Reading => {
    const own = isOn && allocation ? [allocation.field(field)] : [];
    return readFirst(...own, conf.field(`spark.dynamicAllocation.${field}`));
  };
  return between(read('minExecutors'), read('initialExecutors'), read('maxExecutors'), fixed);
}

function between(min: Reading, initial: Reading, max: Reading, fixed: Reading): CountPreview {
  for (const reading of [min, initial, max, fixed]) {
    if (reading.state === 'unknown') return unknown(reading.why);
    if (reading.state === 'given' && wholeNumber(reading.text) === undefined) {
      return unknown(`${reading.from} is no number of executors`);
    }
  }
  const least = numberOf(min) ?? 0;
  const start = Math.max(least, numberOf(initial) ?? 0, numberOf(fixed) ?? 0);
  const most = numberOf(max);
  if (most === undefined) return { text: `${least} or more, without a bound; ${start} at the start`, least };
  if (most < least)
    return unknown(`the minimum of ${least} is above the maximum of ${most}, so the driver ends at once`);
  if (most === least) return exactly(least);
  return { text: `${least} to ${most}, ${Math.min(start, most)} at the start`, least, most };
}

function numberOf(reading: Reading): number | undefined {
  return reading.state === 'given' ? wholeNumber(reading.text) : undefined;
}

function unknown(why: string): CountPreview {
  return { text: `an unknown number: ${why}` };
}
