import { isUntrustedObject, listAt, textAt, timeAt, type UntrustedObject } from '#core/live/reading.ts';

/** A condition of a job that holds. */
export interface JobCondition {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly at: number | undefined;
}

/** Those with which a job ends; they count whatever was written behind them. */
const FINAL = ['Failed', 'Succeeded', 'Complete'];

/** The conditions that hold, in their order. */
export function trueConditions(status: UntrustedObject): readonly JobCondition[] {
  return listAt(status, 'conditions')
    .filter((value) => isUntrustedObject(value) && textAt(value, 'status') === 'True')
    .map((value) => ({
      type: textAt(value, 'type'),
      reason: textAt(value, 'reason'),
      message: textAt(value, 'message'),
      at: timeAt(value, 'lastTransitionTime') ?? timeAt(value, 'lastUpdateTime'),
    }));
}

/**
 * The condition that tells how a job is: an ending, else the newest that holds, of equal ones the last. What `kubectl get` prints is the
 * last of the list, whether it holds or not.
 */
export function decisiveCondition(status: UntrustedObject): JobCondition | undefined {
  const conditions = trueConditions(status);
  for (const type of FINAL) {
    const final = conditions.find((condition) => condition.type === type);
    if (final !== undefined) return final;
  }
  let newest: JobCondition | undefined;
  for (const condition of conditions) {
    if (newest === undefined || (condition.at ?? 0) >= (newest.at ?? 0)) newest = condition;
  }
  return newest;
}
