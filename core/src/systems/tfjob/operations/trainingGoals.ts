import { livingPods, podsLeft } from '#core/live/jobs/podsLeft.ts';
import { namesOf, untilGone } from '#core/operations/jobs/jobPods.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { Answer } from '#core/operations/model.ts';
import type { Goal } from '#core/operations/jobs/jobNow.ts';
import { numberIn } from '#core/operations/stepParameters.ts';
import { decisiveCondition } from '#core/systems/tfjob/live/conditions.ts';
import { endOf, isKnownSuspended, type TrainingKind } from '#core/systems/tfjob/operations/trainingKind.ts';

const REPLICA_TYPE = 'training.kubeflow.org/replica-type';
const REPLICA_INDEX = 'training.kubeflow.org/replica-index';

const wait = (waitingFor: string, measure: readonly (string | number)[]): Answer => ({
  kind: 'wait',
  waitingFor,
  measure,
  isNear: true,
});

/** What the operator has to say, and the pods to show, before a step counts as done. */
export function trainingGoals({ kind, operator }: TrainingKind): Readonly<Record<string, Goal>> {
  return {
    suspended: ({ resource, pods }) => {
      const end = endOf(resource);
      if (end !== undefined)
        return {
          kind: 'stop',
          reason: `It ${end} before ${operator} could suspend it.`,
          fix: 'Nothing is left to suspend; what it has written stays.',
        };
      if (!isKnownSuspended(resource)) return wait(`${operator} to say that it is suspended`, [pods.length]);
      const evidence = `${operator} says that it is suspended, and none of its pods is left`;
      return untilGone(podsLeft(pods)) ?? { kind: 'yes', evidence };
    },
    resumed: ({ resource, pods }) => {
      if (isKnownSuspended(resource)) return wait(`${operator} to take up that it goes on`, [pods.length]);
      // Trainer 2.0.0 says so also of a job whose JobSet refuses to go on.
      if (kind === 'TrainJob' && endOf(resource) === undefined && livingPods(pods).length === 0)
        return wait('its JobSet to go on and make its pods', [pods.length]);
      const text = pods.length === 0 ? '' : `; ${pods.length} of its pods are there`;
      return { kind: 'yes', evidence: `${operator} has taken up that it goes on${text}` };
    },
    'taken up': ({ resource, pods }) => {
      const state = decisiveCondition(resource.status)?.type;
      if (state === undefined && pods.length === 0) return wait(`${operator} to take it up`, []);
      return { kind: 'yes', evidence: `${operator} has taken it up${state === undefined ? '' : ` (${state})`}` };
    },
    workers: ({ resource, pods }, { parameters }) => {
      const wanted = numberIn(parameters, 'to');
      const end = endOf(resource);
      if (end !== undefined) return { kind: 'yes', evidence: `it ${end} meanwhile` };
      if (isKnownSuspended(resource))
        return { kind: 'yes', evidence: `it will have ${wanted} workers when it goes on` };
      const workers = livingPods(pods).filter(({ meta }) => meta.labels[REPLICA_TYPE] === 'worker');
      const surplus = workers.filter((pod) => indexOf(pod) >= wanted);
      const there = workers.length - surplus.length;
      if (surplus.length > 0) return wait(`workers to be gone: ${namesOf(surplus)}`, surplus.map(nameOfPod));
      if (there < wanted) return wait(`${operator} to make workers: ${there} of ${wanted} are there`, [there]);
      return { kind: 'yes', evidence: `${there} workers are there` };
    },
  };
}

const nameOfPod = ({ meta }: LivePod): string => meta.name;
const indexOf = ({ meta }: LivePod): number => Number(meta.labels[REPLICA_INDEX] ?? 0);
