import { describeCronProblem, isTimeZone } from '#core/kubernetes/cronSchedule.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { SCHEDULE } from '#core/systems/spark/rules/job.ts';

const NEVER =
  'The operator marks the schedule as failed, and it stays so even when the text is corrected: make the object anew';

export const schedule: ObjectRule = {
  id: 'SPK17',
  title: 'The schedule or its time zone cannot be read',
  severity: 'error',
  source: 'spark-operator 2.5.2 ScheduledSparkApplication Reconcile; robfig/cron v3 ParseStandard',
  fixable: false,
  refusedBy: 'nobody',
  why: `Nothing checks the schedule when the object is applied. The operator reads it later, notes FailedValidation in the status if it cannot,
and never looks again: no run ever starts. Days of the week go from 0 to 6 here; 7 is no Sunday.`,
  subject: 'object',
  kinds: [SCHEDULE],
  check: ({ spec }, report) => {
    const view = spec.field('schedule');
    const [, zoneInside, rest] = /^(?:CRON_)?TZ=(\S*)\s+(.*)$/.exec(view.text ?? '') ?? [];
    const problem = view.text === undefined ? undefined : describeCronProblem(rest ?? view.text);
    if (problem !== undefined) {
      report({
        at: view,
        cause: 'invalid',
        message: `The schedule ${quoteText(view.text ?? '')} ${problem}. ${NEVER}.`,
      });
    }
    const zones = [
      { at: spec.field('timeZone'), zone: spec.field('timeZone').text },
      { at: view, zone: problem === undefined ? zoneInside : undefined },
    ];
    for (const { at, zone } of zones) {
      if (zone === undefined || zone === '' || isTimeZone(zone)) continue;
      report({ at, cause: 'invalid', message: `${quoteText(zone)} is no time zone such as Europe/Berlin. ${NEVER}.` });
    }
  },
};
