import type { Answer } from '#core/operations/model.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import type { JobNow } from '#core/systems/spark/operations/job.ts';
import { mayRun } from '#core/systems/spark/operations/knowledge/states.ts';

/**
 * A run that has begun since the plan was made is killed only by whoever has typed the name of what runs; undefined where nothing runs, where
 * the parameter `isKillAgreed` says that the plan has told of it, or where the name was typed for this run.
 */
export function unseenRun(now: JobNow, { step, memory }: StepContext, name: string): Answer | undefined {
  if (step.parameters['isKillAgreed'] === true || !mayRun(now.under)) return undefined;
  const run = now.submission || now.state;
  if (memory['killed'] === run) return undefined;
  return {
    kind: 'pause',
    reason: `It runs now (${now.state}), which it did not when the plan was made, and this kills it.`,
    fix: 'Resume with its name typed to lose what that run has done.',
    remember: { killed: run },
    typed: name,
  };
}
