import type { Answer, Plan } from '#core/operations/model.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import { isAnchor, nameOf } from '#core/operations/jobs/jobNow.ts';
import type { ResourceNow } from '#core/operations/operated/resource.ts';
import { numberIn } from '#core/operations/stepParameters.ts';

/** The parameter of a plan that has the generation of the object it was made from. */
export const GENERATION = 'generation';

/** The parameter of a step that has the number of writes that earlier steps of the run have made; each makes a generation. */
export const WRITES_BEFORE = 'writesBefore';

/**
 * Why nothing may be done with what is there: it is gone, another one, on its way out, or written by somebody else since the plan was made,
 * which a person must have seen.
 */
export function obstacleOfChange(
  now: ResourceNow | undefined,
  plan: Plan,
  { step, memory, memories = {} }: StepContext,
): Answer | undefined {
  const name = nameOf(plan);
  const fix = 'Make a new plan for what is there now.';
  if (!now) return { kind: 'stop', reason: `${name} is gone.`, fix };
  const { generation, deletedAt } = now.resource.meta;
  if (!isAnchor(plan, now)) return { kind: 'stop', reason: `${name} is another one than when the plan was made.`, fix };
  if (deletedAt !== undefined) return { kind: 'stop', reason: `${name} is being deleted.`, fix };
  const planned = numberIn(plan.parameters, GENERATION);
  const expected = planned + Math.max(0, numberIn(step.parameters, WRITES_BEFORE));
  // What was shown before one step need not be shown before the next.
  const isSeen = [memory, ...Object.values(memories)].some(({ seen }) => seen === generation);
  if (generation === undefined || planned < 0 || generation === expected || isSeen) return undefined;
  return {
    kind: 'pause',
    reason: `Somebody has changed ${name} since the plan was made (generation ${expected}, now ${generation}).`,
    fix: 'Look at what was changed. Resume to go on with it as it is now; cancel to make a new plan.',
    remember: { seen: generation },
  };
}
