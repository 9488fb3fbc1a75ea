import type { Plan, PlannedStep } from '#core/operations/model.ts';

/** A plan of the given steps; what tests do not care about is filled in. */
export function planOf(steps: readonly (Pick<PlannedStep, 'id' | 'parameters'> & Partial<PlannedStep>)[]): Plan {
  return {
    format: 1,
    id: 'plan-1',
    operation: 'restart',
    title: 'Restart everything',
    target: {
      context: 'test',
      clusterIdentity: 'uid',
      namespace: 'prod',
      system: 'kafka',
      key: 'kafka/prod/orders',
      name: 'orders',
      anchor: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'orders', uid: 'u' },
      systemIdentity: undefined,
    },
    madeAt: 0,
    parameters: {},
    preconditions: [],
    steps: steps.map((step) => ({ title: step.id, gate: '', effect: '', done: '', expectedMs: 1000, ...step })),
    risks: [],
    needsTypedName: false,
  };
}
