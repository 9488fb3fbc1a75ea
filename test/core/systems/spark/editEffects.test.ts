import { describe, expect, test } from 'vitest';
import { objectOf } from '#core/json.ts';
import { changesBetween, fieldText, patchOf } from '#core/systems/spark/operations/differences.ts';
import {
  effectsOf,
  gravest,
  kubeflowApplicationEdits,
  type Features,
} from '#core/systems/spark/operations/knowledge/editEffects.ts';
import { operatedKinds } from '#core/systems/spark/operations/knowledge/kinds.ts';
import { stateOf, underOf } from '#core/systems/spark/operations/knowledge/states.ts';
import { findSparkOperator, knowsSuspend } from '#core/systems/spark/operations/sparkOperator.ts';
import { makeCustom, makeMeta, makeNamespace } from '#test/support/jobObjects.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { operations } from '#core/systems/operations.ts';
import { sparkLive } from '#core/systems/spark/live.ts';

const KUBEFLOW = 'sparkoperator.k8s.io/SparkApplication';

const kindOf = (name: string) => {
  const kind = operatedKinds[name];
  if (!kind) throw new Error(`There is no ${name}.`);
  return kind;
};

const effectOf = (before: object, after: object, features: Features = { partialRestart: false }): string[] => {
  const changes = changesBetween({ spec: before }, { spec: after });
  const effects = effectsOf(kubeflowApplicationEdits, changes, features);
  return [gravest(effects), ...effects.map(({ change, kind }) => `${fieldText(change.path)}: ${kind}`)];
};

describe('what an edit of a Kubeflow application does', () => {
  test.each([
    ['the image', { image: 'a' }, { image: 'b' }, ['rerun', 'spec.image: rerun']],
    ['the time to live', {}, { timeToLiveSeconds: 60 }, ['kept', 'spec.timeToLiveSeconds: kept']],
    ['suspend', {}, { suspend: true }, ['refused', 'spec.suspend: refused']],
    [
      'a setting',
      { sparkConf: { 'spark.a': '1' } },
      { sparkConf: { 'spark.a': '2' } },
      ['rerun', 'spec.sparkConf["spark.a"]: rerun'],
    ],
    ['nothing: an empty list for none', { volumes: [] }, {}, ['nothing']],
    [
      'the gravest of several',
      {},
      { timeToLiveSeconds: 60, mode: 'cluster' },
      ['rerun', 'spec.mode: rerun', 'spec.timeToLiveSeconds: kept'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(effectOf(before, after)).toEqual(expected);
  });

  const tolerations = { executor: { tolerations: [{ key: 'spot' }] } };

  test('placement of executors reaches new ones only where the operator has the gate for it', () => {
    expect(effectOf({ executor: {} }, tolerations, { partialRestart: true })).toEqual([
      'new pods',
      'spec.executor.tolerations: new pods',
    ]);
    expect(effectOf({ executor: {} }, tolerations, { partialRestart: false })).toEqual([
      'rerun',
      'spec.executor.tolerations: rerun',
    ]);
    expect(effectOf({ executor: {} }, tolerations, { partialRestart: undefined })[0]).toBe('rerun');
  });

  test('with another field in the same edit the gate helps nothing', () => {
    const both = { executor: { ...tolerations.executor, memory: '8g' } };
    expect(effectOf({ executor: {} }, both, { partialRestart: true })[0]).toBe('rerun');
  });
});

describe('differences', () => {
  test('a patch makes them, and takes away what is gone', () => {
    const before = { a: { b: 1, c: [1, 2] }, d: 'x' };
    const after = { a: { b: 2, c: [2, 1] } };
    expect(patchOf(changesBetween(before, after))).toEqual({ a: { b: 2, c: [2, 1] }, d: null });
  });

  test('an empty map that appears is a change, the order of keys is none', () => {
    expect(changesBetween({}, { emptyDir: {} })).toHaveLength(1);
    expect(changesBetween({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
    expect(changesBetween({ a: { b: 1 } }, { a: 'text' })).toEqual([{ path: ['a'], before: { b: 1 }, after: 'text' }]);
  });
});

describe('states', () => {
  test('one that a later version has is unknown, and counts as running for whoever would kill it', () => {
    expect(underOf(kindOf(KUBEFLOW).machine, 'MIGRATING')).toBe('unknown');
    expect(underOf(kindOf(KUBEFLOW).machine, 'constructor')).toBe('unknown');
  });

  test('each kind reads its own', () => {
    const status = { currentState: { currentStateSummary: 'RunningHealthy' } };
    expect(stateOf(kindOf('spark.apache.org/SparkApplication').machine, status)).toBe('RunningHealthy');
    expect(stateOf(kindOf(KUBEFLOW).machine, objectOf(null))).toBe('');
  });
});

describe('the operator', () => {
  const deployment = (name: string, image: string, args: readonly string[], readyReplicas = 1): object => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'operators' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { name } },
      template: { metadata: {}, spec: { containers: [{ name, image, args }] } },
    },
    status: { readyReplicas },
  });
  const image = 'ghcr.io/kubeflow/spark-operator/controller:2.5.2';
  const find = (...deployments: readonly object[]) => {
    const cluster = new FakeCluster();
    for (const one of deployments) cluster.put(objectOf(one));
    return findSparkOperator(cluster, kindOf(KUBEFLOW), 'jobs');
  };

  test('its webhook alone does not count, and its gates are read', async () => {
    const webhook = deployment('webhook', image, ['webhook', 'start']);
    const controller = deployment(
      'controller',
      image,
      ['controller', 'start', '--feature-gates=PartialRestart=true'],
      0,
    );
    const found = await find(webhook, controller);
    expect(found.check).toMatchObject({ state: 'fails', evidence: ['operators/controller has 0 of 1 ready'] });
    expect(found).toMatchObject({ version: '2.5.2', features: { partialRestart: true } });
    const alive = await find(deployment('controller', image, ['controller', 'start']));
    expect(alive).toMatchObject({ check: { state: 'holds' }, features: { partialRestart: false } });
  });

  test('one that is not recognized is a warning: it may be there', async () => {
    expect(await find()).toMatchObject({ check: { state: 'warns' }, features: { partialRestart: undefined } });
  });

  test.each([
    ['2.4.0', true],
    ['2.5.2', true],
    ['10.0', true],
    ['2.3.0', false],
    ['1.4.6', false],
    ['1beta2-1.6.2-3.5.0', false],
    ['', undefined],
    ['latest', undefined],
  ])('of version %s knows suspend: %s', (version, expected) => {
    expect(knowsSuspend(kindOf(KUBEFLOW), version)).toBe(expected);
  });
});

describe('what is offered in a state', () => {
  const offersIn = (state: string, spec: object = {}): string => {
    const status = { applicationState: { state } };
    const custom = makeCustom('sparkoperator.k8s.io/v1beta2', 'SparkApplication', 'a', { spec, status });
    const [data] = sparkLive.gather(makeNamespace({ customs: [custom] }));
    const offers = data ? operations.offers(data) : [];
    return offers.flatMap(({ operation, refusal }) => (refusal === undefined ? [operation] : [])).join(' ');
  };

  test.each([
    ['', 'suspend resubmit stop'],
    ['RUNNING', 'rerun suspend resubmit stop'],
    ['FAILING', 'rerun suspend resubmit stop'],
    ['COMPLETED', 'rerun resubmit'],
    ['FAILED', 'rerun resubmit'],
    ['UNKNOWN', 'rerun suspend resubmit stop'],
    ['INVALIDATING', 'rerun suspend resubmit stop'],
  ])('%s: %s', (state, expected) => {
    expect(offersIn(state)).toBe(expected);
  });

  test('what is to be suspended can be resumed, whatever the operator says meanwhile', () => {
    for (const state of ['RUNNING', 'SUSPENDING', 'SUSPENDED']) {
      expect([state, offersIn(state, { suspend: true })]).toEqual([state, 'unsuspend resubmit stop']);
    }
  });

  test('nothing while it is being deleted', () => {
    const meta = makeMeta('a', { deletedAt: 1 });
    const custom = { ...makeCustom('sparkoperator.k8s.io/v1beta2', 'SparkApplication', 'a'), meta };
    const [data] = sparkLive.gather(makeNamespace({ customs: [custom] }));
    const offers = data ? operations.offers(data) : [];
    expect(offers.filter(({ refusal }) => refusal === undefined)).toEqual([]);
  });
});
