import { messageText } from '#core/live/plainText.ts';
import type { JobPorts } from '#core/operations/jobs/jobNow.ts';
import { jobOf, type SparkJob } from '#core/systems/spark/operations/job.ts';
import { wait } from '#core/systems/spark/operations/steps/answers.ts';
import { unseenRun } from '#core/systems/spark/operations/steps/unseenRun.ts';

/** The goal of an object that was made anew: its operator has said its first word. */
export const PICKED_UP = 'picked up';

/** What is kept, deleted and made anew is so as every job is; a run that the plan has not seen is killed only once its name was typed. */
export function sparkPorts({ plan, cluster, clock, kind, target, operator }: SparkJob): JobPorts {
  return {
    plan,
    cluster,
    clock,
    selector: kind.podLabel === '' ? '' : `${kind.podLabel}=${target.anchor.name}`,
    operator: `the ${kind.operator}`,
    goals: {
      [PICKED_UP]: (now) => {
        const { state } = jobOf(now, kind);
        if (state === '') return wait(`${operator} to pick it up`, []);
        return { kind: 'yes', evidence: `the operator says ${messageText(state, 60)}` };
      },
    },
    holdsObjects: true,
    beforeDeletion: (now, context) => unseenRun(jobOf(now, kind), context, target.name),
  };
}
