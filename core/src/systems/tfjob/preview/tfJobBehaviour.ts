import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import type { BehaviourPreview } from '#core/preview/model.ts';
import { isTrue, readFirst, textOr } from '#core/preview/reading.ts';
import type { ReplicaView } from '#core/systems/tfjob/rules/replicas.ts';

/**
 * What the operator does when replicas end and the job is changed. Source: training-operator 1.9.4 UpdateJobStatus, ReconcilePods, its
 * defaults (restart policy Never, clean-up None).
 */
export function tfJobBehaviour({ spec }: ObjectView, replicas: readonly ReplicaView[]): readonly BehaviourPreview[] {
  return [
    ...replicas.map(({ key, role, view }) => ({
      subject: `When a replica ends with an error: ${(role ?? key).toLowerCase()}`,
      text: restartText(view),
    })),
    ...backoff(spec.at('runPolicy', 'backoffLimit')),
    {
      subject: 'When the job has succeeded',
      text: `${successText(spec, replicas)} ${cleanText(spec.field('runPolicy'))}`,
    },
    { subject: 'When the number of workers is changed', text: scaleText(spec) },
    {
      subject: 'When a template is changed',
      text: 'Pods that exist stay as they are; it counts for those that are created later.',
    },
  ];
}

const RESTARTS: Readonly<Record<string, string>> = {
  Always: 'Its container is started again, also when it ended well (Always).',
  OnFailure: 'Its container is started again (OnFailure).',
  ExitCode: 'With an exit code of 128 or more the pod is made anew; with 1 to 127 the job fails (ExitCode).',
  Never: 'The job fails (Never).',
};

function restartText(view: NodeView): string {
  const policy = readFirst(view.field('restartPolicy'));
  if (policy.state === 'unknown') return `Unknown: ${policy.why}.`;
  return (
    RESTARTS[textOr(policy, 'Never')] ?? `The restart policy ${textOr(policy, '')} is none that the operator knows.`
  );
}

function backoff(view: NodeView): readonly BehaviourPreview[] {
  const limit = readFirst(view);
  if (limit.state === 'absent') return [];
  const most = limit.state === 'given' ? limit.text : 'an unknown number of';
  return [
    { subject: 'When replicas fail again and again', text: `After ${most} restarts the job fails (backoffLimit).` },
  ];
}

/** The chief decides; without one worker 0 does, or all workers where the policy says so. */
function successText(spec: NodeView, replicas: readonly ReplicaView[]): string {
  const chief = replicas.find(({ role }) => role === 'Chief' || role === 'Master');
  if (chief?.role !== undefined) return `It has when its ${chief.role.toLowerCase()} ends well.`;
  const policy = readFirst(spec.field('successPolicy'));
  if (policy.state === 'unknown') return 'When it has is not known.';
  return textOr(policy, '') === 'AllWorkers' ? 'It has when all workers end well.' : 'It has when worker 0 ends well.';
}

function cleanText(policy: NodeView): string {
  const clean = readFirst(policy.field('cleanPodPolicy'));
  const after = readFirst(policy.field('ttlSecondsAfterFinished'));
  const ttl = after.state === 'given' ? ` The job is deleted ${after.text} seconds later.` : '';
  if (clean.state === 'unknown') return `Which pods are then deleted is not known.${ttl}`;
  switch (textOr(clean, 'None')) {
    case 'All':
      return `All its pods are then deleted.${ttl}`;
    case 'Running':
      return `Pods that still run are then deleted.${ttl}`;
    default:
      return `Its pods stay, and parameter servers go on running (clean-up None).${ttl}`;
  }
}

function scaleText(spec: NodeView): string {
  return isTrue(spec.field('enableDynamicWorker'))
    ? 'Workers are added, or those of the highest indices deleted; each knows itself and the parameter servers only.'
    : 'Workers are added, or those of the highest indices deleted, but those that run keep the TF_CONFIG of before, with the old number of workers.';
}
