import type { LivePod } from '#core/live/objects.ts';
import { makeContainer, makeEnd, makePod, makeState, type PodSketch, timeAgo } from '#test/support/jobObjects.ts';

export const template = { spec: { containers: [{ name: 'tensorflow', image: 'tensorflow/tensorflow:2.19.0' }] } };

/** One chief, two parameter servers, four workers, as in the samples. */
export const spec = (restartPolicy = 'OnFailure', runPolicy: object = {}): object => ({
  runPolicy: { suspend: false, ...runPolicy },
  tfReplicaSpecs: {
    Worker: { replicas: 4, restartPolicy, template },
    PS: { replicas: 2, restartPolicy: 'OnFailure', template },
    Chief: { restartPolicy: 'OnFailure', template },
  },
});

export type Condition = readonly [type: string, status: 'True' | 'False', seconds: number, message?: string];

export const condition = ([type, status, seconds, message = '']: Condition): object => ({
  type,
  status,
  reason: `TFJob${type}`,
  message,
  lastTransitionTime: timeAgo(seconds),
  lastUpdateTime: timeAgo(seconds),
});

export const status = (conditions: readonly Condition[], more: object = {}): object => ({
  conditions: conditions.map(condition),
  replicaStatuses: { Chief: { active: 1 }, PS: { active: 2 }, Worker: { active: 4 } },
  startTime: timeAgo(10_800),
  ...more,
});

export const replica = (type: string, index: number, sketch: PodSketch = {}): LivePod =>
  makePod(`mnist-${type}-${index}`, {
    containers: [makeContainer('tensorflow')],
    states: [makeState('tensorflow')],
    ...sketch,
    meta: {
      labels: {
        'training.kubeflow.org/job-name': 'mnist',
        'training.kubeflow.org/operator-name': 'tfjob-controller',
        'training.kubeflow.org/replica-type': type,
        'training.kubeflow.org/replica-index': `${index}`,
      },
      ...sketch.meta,
    },
  });

export const ended = (code: number, reason?: string): PodSketch => ({
  phase: code === 0 ? 'Succeeded' : 'Failed',
  states: [makeState('tensorflow', { ended: makeEnd(code, reason === undefined ? {} : { reason }) })],
});

export const chief = replica('chief', 0);
export const ps = [replica('ps', 0), replica('ps', 1)];
export const workers = [0, 1, 2, 3].map((index) => replica('worker', index));
export const all = [chief, ...ps, ...workers];
/** All, with worker 1 in another state; without it when there is none. */
export const withWorker1 = (sketch: PodSketch | undefined): readonly LivePod[] => [
  ...all.filter(({ meta }) => meta.name !== 'mnist-worker-1'),
  ...(sketch === undefined ? [] : [replica('worker', 1, sketch)]),
];
