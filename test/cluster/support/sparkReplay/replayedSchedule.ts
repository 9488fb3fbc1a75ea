import { isSetAt, textAt, timeAt, valueAt, type JsonObject } from '#core/json.ts';
import { kinds, nameOf, ownedBy, uidOf } from './replayApi.ts';
import type { Round } from './round.ts';

const HOUR_MS = 3_600_000;

/** A schedule whose first run is due at once, and the next one in an hour. A suspended one is not looked at. */
export async function playSchedule(round: Round, schedule: JsonObject): Promise<void> {
  const now = textAt(schedule, 'status', 'scheduleState');
  if (round.isEarly(uidOf(schedule), now)) return;
  if (isSetAt(schedule, 'spec', 'suspend')) return;
  const next = now === '' ? validate(schedule) : now === 'Scheduled' ? await runDue(round, schedule) : undefined;
  if (next !== undefined) await round.api.status(kinds.schedule, schedule, next);
}

/** Five fields, as far as the replay goes. What was refused is never looked at again: issue 3174. */
function validate(schedule: JsonObject): JsonObject {
  const cron = textAt(schedule, 'spec', 'schedule');
  const fields = cron.split(' ').length;
  if (fields !== 5) {
    const reason = `expected exactly 5 fields, found ${fields}: [${cron}]`;
    return { scheduleState: 'FailedValidation', reason };
  }
  const lastRun = textAt(schedule, 'status', 'lastRun');
  const nextRun = new Date(Date.now() + (lastRun === '' ? 0 : HOUR_MS)).toISOString();
  return { scheduleState: 'Scheduled', reason: null, nextRun };
}

async function runDue(round: Round, schedule: JsonObject): Promise<JsonObject | undefined> {
  const due = timeAt(schedule, 'status', 'nextRun');
  if (due === undefined || due > Date.now()) return undefined;
  const name = `${nameOf(schedule)}-${Date.now()}`;
  await round.api.create(kinds.application, {
    apiVersion: 'sparkoperator.k8s.io/v1beta2',
    kind: 'SparkApplication',
    metadata: {
      name,
      labels: { 'sparkoperator.k8s.io/scheduled-app-name': nameOf(schedule) },
      ownerReferences: ownedBy(schedule),
    },
    spec: valueAt(schedule, 'spec', 'template'),
  });
  const at = Date.now();
  return {
    lastRun: new Date(at).toISOString(),
    lastRunName: name,
    nextRun: new Date(at + HOUR_MS).toISOString(),
  };
}
