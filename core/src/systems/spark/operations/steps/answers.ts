import type { Answer } from '#core/operations/model.ts';
import type { SparkJob } from '#core/systems/spark/operations/job.ts';

export function wait(waitingFor: string, measure: readonly (number | string)[], isNear = false): Answer {
  return { kind: 'wait', waitingFor, measure, isNear };
}

export function gone({ target: { anchor } }: SparkJob): Extract<Answer, { kind: 'stop' }> {
  const reason = `${anchor.kind} ${anchor.name} was deleted meanwhile, or is being deleted.`;
  return { kind: 'stop', reason, fix: 'There is nothing left to do here; make a new plan for what is there now.' };
}
