import type { HealthLevel } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import type { Finding } from '#core/systems/cassandra/live/findings.ts';
import { fieldsAt, listAt, numberAt, textAt, timeAt } from '#core/systems/cassandra/live/reading.ts';
import { count, inSentence, listed } from '#core/systems/cassandra/live/words.ts';

/** A task or backup that failed is told of for this long. */
const RECENT = 24 * 60 * 60_000;

/** Tasks and backups that run or have failed lately. */
export function taskFindings(customs: readonly LiveCustom[], now: number): readonly Finding[] {
  return customs.flatMap((custom) => READERS[custom.customKind]?.(custom, now) ?? []);
}

const READERS: Readonly<Record<string, (custom: LiveCustom, now: number) => readonly Finding[]>> = {
  CassandraTask: operatorTask,
  K8ssandraTask: operatorTask,
  MedusaBackupJob: medusaJob,
  MedusaRestoreJob: medusaJob,
  MedusaTask: medusaJob,
  CassandraBackup: sidecarBackup,
  CassandraRestore: sidecarBackup,
};

/** `Complete` is also true when pods failed, so failures are read first. */
function operatorTask({ meta, customKind, spec, status }: LiveCustom, now: number): readonly Finding[] {
  const jobs = [...listAt(spec, 'jobs'), ...listAt(spec, 'template', 'jobs')];
  const commands = listed(jobs.map((job) => textAt(job, 'command')).filter((command) => command !== ''));
  const subject = `${customKind === 'CassandraTask' ? 'task' : 'K8ssandraTask'} ${meta.name}`;
  const what = commands === '' ? '' : ` (${commands})`;
  const pods = Object.entries(fieldsAt(status, 'podStatuses'));
  const failed = numberAt(status, 'failed') ?? 0;
  const finishedAt = timeAt(status, 'completionTime');
  if ((failed > 0 || isTrue(status, 'Failed')) && isRecent(finishedAt, now)) {
    const reason = pods.map(([, pod]) => textAt(pod, 'error')).find((error) => error !== '');
    const where = failed > 0 ? ` on ${count(failed, 'node')}` : '';
    return [say('warning', subject, `has failed${where}${what}${reason ? `: ${inSentence(reason)}` : ''}`, finishedAt)];
  }
  if (!isTrue(status, 'Running') && (numberAt(status, 'active') ?? 0) === 0) return [];
  const done = pods.filter(([, pod]) => textAt(pod, 'status') === 'COMPLETED').length;
  return [
    say('working', subject, `runs${what}${pods.length > 0 ? `: ${done} of ${count(pods.length, 'node')} done` : ''}`),
  ];
}

function medusaJob({ meta, customKind, status }: LiveCustom, now: number): readonly Finding[] {
  const subject = `${customKind} ${meta.name}`;
  const finishedAt = timeAt(status, 'finishTime');
  const failed = listAt(status, 'failed').map((pod) => (typeof pod === 'string' ? pod : textAt(pod, 'podName')));
  if (failed.length > 0 && isRecent(finishedAt, now)) {
    const names = failed.filter((name) => name !== '');
    return [
      say(
        'warning',
        subject,
        `has failed on ${names.length > 0 ? listed(names) : count(failed.length, 'node')}`,
        finishedAt,
      ),
    ];
  }
  return textAt(status, 'startTime') !== '' && textAt(status, 'finishTime') === ''
    ? [say('working', subject, 'runs')]
    : [];
}

/** Backups of CassKop's sidecar. */
function sidecarBackup({ meta, customKind, status }: LiveCustom, now: number): readonly Finding[] {
  const subject = `${customKind} ${meta.name}`;
  const state = textAt(status, 'condition', 'type');
  const changedAt = timeAt(status, 'condition', 'lastTransitionTime');
  if (state === 'FAILED' && isRecent(changedAt, now)) {
    const cause = textAt(listAt(status, 'condition', 'failureCause')[0], 'message');
    return [say('warning', subject, `has failed${cause === '' ? '' : `: ${inSentence(cause)}`}`, changedAt)];
  }
  return state === 'RUNNING' ? [say('working', subject, `runs${progressOf(status)}`)] : [];
}

function progressOf(status: LiveCustom['status']): string {
  const progress = textAt(status, 'progress');
  return progress === '' ? '' : ` (${progress})`;
}

const isTrue = (status: LiveCustom['status'], type: string): boolean =>
  listAt(status, 'conditions').some((one) => textAt(one, 'type') === type && textAt(one, 'status') === 'True');

/** What has no time has not ended yet, or its operator keeps none. */
const isRecent = (at: number | undefined, now: number): boolean => at === undefined || now - at < RECENT;

const say = (level: HealthLevel, subject: string, said: string, at?: number): Finding => ({
  level,
  source: 'operator',
  subject,
  said,
  at,
});
