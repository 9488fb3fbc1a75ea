import { describe, expect, test } from 'vitest';
import type { LivePod } from '#core/live/objects.ts';
import { trainingGoals } from '#core/systems/tfjob/operations/trainingGoals.ts';
import { tfJob } from '#core/systems/tfjob/operations/trainingKind.ts';
import type { PlannedStep } from '#core/operations/model.ts';
import { makeCustom, secondsAgo } from '#test/support/jobObjects.ts';
import { chief, ended, replica, spec, status, type Condition } from '#test/support/tfjobObjects.ts';

const step: PlannedStep = {
  id: 'suspend',
  title: '',
  gate: '',
  effect: '',
  done: '',
  expectedMs: 0,
  parameters: {},
};
const suspended: Condition = ['Suspended', 'True', 3];
const running: Condition = ['Running', 'True', 300];

const answer = (condition: Condition, pods: readonly LivePod[]): string => {
  const more = { spec: spec('Never', { suspend: true }), status: status([['Created', 'True', 310], condition]) };
  const resource = makeCustom('kubeflow.org/v1', 'TFJob', 'mnist', more);
  const { kind, ...rest } = trainingGoals(tfJob)['suspended']?.({ object: {}, resource, pods }, step) ?? {
    kind: 'none',
  };
  return `${kind}: ${JSON.stringify(rest)}`;
};

describe('a TFJob counts as suspended', () => {
  const killed = replica('chief', 0, { ...ended(143), meta: { deletedAt: secondsAgo(1) } });

  test.each<readonly [string, Condition, readonly LivePod[], RegExp]>([
    ['when the operator says so and no pod is left', suspended, [], /^yes/],
    ['not before the operator says so', running, [], /^wait.*to say that it is suspended/],
    ['not while a pod lives', suspended, [chief], /^wait.*its pods to be gone: mnist-chief-0/],
    ['not while one that was killed is still there', suspended, [killed], /^wait.*its pods to be gone: mnist-chief-0/],
    ['with what had ended before and is kept', suspended, [replica('worker', 0, ended(0))], /^yes/],
  ])('%s', (_, condition, pods, expected) => {
    expect(answer(condition, pods)).toMatch(expected);
  });
});
