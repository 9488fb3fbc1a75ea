import type { OperationTarget, Plan, PlannedStep, RunRecord } from '#core/operations/model.ts';
import { NOW } from '#test/support/liveViews.ts';

/** Plans and runs made by hand: only what a test says differs from the ordinary. */

export function targetOf(more: Partial<OperationTarget> = {}): OperationTarget {
  return {
    context: 'shop',
    clusterIdentity: 'uid',
    namespace: 'prod',
    system: 'kafka',
    key: 'kafka/prod/orders',
    name: 'orders',
    anchor: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'orders', uid: 'u' },
    systemIdentity: undefined,
    ...more,
  };
}

export function stepOf(id: string, more: Partial<PlannedStep> = {}): PlannedStep {
  return {
    id,
    title: `Restart ${id}`,
    gate: `every replica besides those of ${id} is in sync`,
    effect: `${id} is evicted`,
    done: `${id} is back in sync`,
    expectedMs: 30_000,
    parameters: {},
    ...more,
  };
}

export function planOf(more: Partial<Plan> = {}): Plan {
  return {
    format: 1,
    id: 'plan-1',
    operation: 'restart',
    title: 'Safe restart of Kafka orders',
    target: targetOf(),
    madeAt: NOW,
    parameters: {},
    preconditions: [],
    steps: ['orders-0', 'orders-1', 'orders-2'].map((id) => stepOf(id)),
    risks: [],
    needsTypedName: false,
    ...more,
  };
}

export function recordOf(more: Partial<RunRecord> = {}): RunRecord {
  return {
    plan: planOf(),
    state: { kind: 'running' },
    startedAt: NOW - 60_000,
    runner: 'ann@laptop (1)',
    steps: [
      {
        id: 'orders-0',
        phase: 'done',
        startedAt: NOW - 60_000,
        actedAt: NOW - 50_000,
        doneAt: NOW - 20_000,
        memory: {},
        notes: ['In sync again after 12 s.'],
      },
      { id: 'orders-1', phase: 'awaiting', startedAt: NOW - 20_000, actedAt: NOW - 10_000, memory: {}, notes: [] },
    ],
    ...more,
  };
}
