import { expect, test } from 'vitest';
import type { LivePod } from '#core/live/objects.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import { makeCustom, makeNamespace, NOW, secondsAgo } from '#test/support/jobObjects.ts';
import { ended, replica, spec, status, withWorker1, type Condition } from '#test/support/tfjobObjects.ts';

// States that last for a moment, as they were seen with the real operator.

/** A pod that was made two seconds ago and that no scheduler has seen. */
const pending = {
  phase: 'Pending',
  isReady: false,
  node: '',
  states: [],
  meta: { createdAt: secondsAgo(2) },
} as const;

const running: readonly Condition[] = [
  ['Created', 'True', 10_810],
  ['Running', 'True', 10_790],
];

const verdict = (own: object, said: object, pods: readonly LivePod[], age: number): string => {
  const more = { meta: { createdAt: secondsAgo(age) }, spec: own, status: said };
  const job = makeCustom('kubeflow.org/v1', 'TFJob', 'mnist', more);
  const [cluster] = tfjobLive.gather(makeNamespace({ customs: [job], pods }));
  if (cluster === undefined) throw new Error('no data cluster');
  const { level, sentence } = tfjobLive.health(cluster, undefined, NOW);
  return `${level}: ${sentence}`;
};

test('a job of two seconds, of which only some pods are made, is in no trouble', () => {
  const pods = [replica('ps', 0, pending), replica('ps', 1, pending), replica('worker', 0, pending)];
  expect(verdict(spec(), {}, pods, 2)).toBe(
    'working: starting: 0 of 1 chief, 0 of 2 PS, 0 of 4 workers; ps-0 has not been scheduled for 2 s, and 2 more',
  );
});

test.each([
  ['ExitCode', 137, 'warning', 'is restarting: exit code 137 (SIGKILL)'],
  ['ExitCode', 1, 'unhealthy', 'failed for good: exit code 1 is below 128'],
  ['Never', 137, 'unhealthy', 'failed with exit code 137 (SIGKILL), and restartPolicy Never does not start it again'],
])(
  'a worker under %s that has just ended with %i is judged before its pod is told as failed',
  (policy, code, level, text) => {
    const pods = withWorker1({ ...ended(code), phase: 'Running', isReady: false });
    const said = verdict(spec(policy), status(running), pods, 600);
    expect(said).toContain(`worker-1 ${text}`);
    expect(said.startsWith(`${level}: `)).toBe(true);
  },
);

/** What the kubelet tells of a container that was asked to end with its pod. */
const takenAway = {
  ...ended(143),
  phase: 'Running',
  isReady: false,
  meta: { deletedAt: NOW + 1_000 },
} as const;

test.each(['Never', 'OnFailure', 'ExitCode'])(
  'a job under %s whose pods go because it is suspended is in no trouble',
  (policy) => {
    const own = spec(policy, { suspend: true });
    expect(verdict(own, status(running), withWorker1(takenAway), 600)).toBe(
      'working: about to be suspended: the operator has not said so yet',
    );
  },
);

test('a worker that somebody deletes is going, and has not failed by itself', () => {
  expect(verdict(spec('Never'), status(running), withWorker1(takenAway), 600)).toBe(
    'working: running for 3 h: 1 of 1 chief, 2 of 2 PS, 3 of 4 workers; worker-1 is terminating, 1 s left of its grace period',
  );
});

test('pods that go with a job that was deleted are in no trouble', () => {
  const pods = withWorker1(takenAway);
  const [cluster] = tfjobLive.gather(makeNamespace({ customs: [], pods }));
  if (cluster === undefined) throw new Error('no data cluster');
  const { level, sentence } = tfjobLive.health(cluster, undefined, NOW);
  expect(level).not.toBe('unhealthy');
  expect(sentence).toContain('6 of 7 replicas work; worker-1 is terminating');
});
