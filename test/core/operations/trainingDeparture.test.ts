import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#core/live/ports.ts';
import type { Plan, PlannedStep } from '#core/operations/model.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import { trainingDeparture } from '#core/systems/tfjob/operations/nodeDrain/trainingDeparture.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { inProd, JobCluster, resource } from './departingJobs.ts';

const replica = (type: string, index: number, node = 'node-1'): JsonObject =>
  inProd(`mnist-${type}-${index}`, {
    node,
    owner: 'TFJob',
    labels: {
      'training.kubeflow.org/job-name': 'mnist',
      'training.kubeflow.org/replica-type': type,
      'training.kubeflow.org/replica-index': `${index}`,
      'training.kubeflow.org/operator-name': 'tfjob-controller',
    },
  });

const tfJob = (types: Readonly<Record<string, number>>, spec: JsonObject = {}, condition = 'Running'): JsonObject =>
  resource('kubeflow.org/v1', 'TFJob', 'mnist', {
    spec: {
      tfReplicaSpecs: Object.fromEntries(
        Object.entries(types).map(([type, replicas]) => [type, { replicas, restartPolicy: 'ExitCode' }]),
      ),
      ...spec,
    },
    status: { conditions: [{ type: condition, status: 'True' }] },
  });

const kindsOf = ({ parts = [] }: Plan): readonly (readonly [string, unknown])[] =>
  parts.flatMap(({ steps }) => steps.map(({ id, parameters }) => [id, parameters['kind']] as const));

const lossesOf = ({ preconditions }: Plan): readonly string[] =>
  preconditions.find(({ id }) => id === 'decisive')?.evidence ?? [];

describe('replicas of a TFJob on a node that is drained', () => {
  it('all decide the run where the job is not elastic', async () => {
    const cluster = new JobCluster(tfjobLive);
    cluster.put(tfJob({ Chief: 1, PS: 1, Worker: 2 }));
    cluster.put(replica('chief', 0), replica('ps', 0), replica('worker', 0), replica('worker', 1));
    const plan = await cluster.plan();
    expect(kindsOf(plan)).toEqual([]);
    expect(lossesOf(plan).map((text) => text.split(': ').slice(1).join(': '))).toEqual([
      expect.stringContaining('the chief: its end is the end of the run'),
      expect.stringContaining('a parameter server'),
      expect.stringContaining('counts as failed, which fails the job whatever its restart policy'),
      expect.stringContaining('counts as failed'),
    ]);
    const evicting = await cluster.plan({ unmovable: 'evict' });
    expect(new Set(kindsOf(evicting).map(([, kind]) => kind))).toEqual(new Set(['decisive']));
    expect(evicting.needsTypedName).toBe(true);
    const waiting = await cluster.plan({ unmovable: 'wait' });
    expect(new Set(kindsOf(waiting).map(([, kind]) => kind))).toEqual(new Set(['wait']));
  });

  it('of an elastic job without a chief: the first worker decides, the others go one at a time', async () => {
    const cluster = new JobCluster(tfjobLive);
    cluster.put(tfJob({ Worker: 3 }, { enableDynamicWorker: true }));
    cluster.put(replica('worker', 0), replica('worker', 1), replica('worker', 2));
    const plan = await cluster.plan({ unmovable: 'leave' });
    expect(kindsOf(plan)).toEqual([
      ['mnist-worker-1', 'replica'],
      ['mnist-worker-2', 'replica'],
    ]);
    expect(lossesOf(plan)).toEqual([expect.stringContaining('the first worker, which stands for a chief')]);
    cluster.put(tfJob({ Chief: 1, Worker: 3 }, { enableDynamicWorker: true }), replica('chief', 0, 'node-2'));
    expect(kindsOf(await cluster.plan())).toHaveLength(3);
  });

  it('are awaited on another node, and not when the job is over', async () => {
    const cluster = new JobCluster(tfjobLive);
    cluster.put(tfJob({ Chief: 1, Worker: 2 }, { enableDynamicWorker: true }));
    cluster.put(replica('chief', 0, 'node-2'), replica('worker', 1));
    const [part] = (await cluster.plan()).parts ?? [];
    const [step] = part?.steps ?? [];
    if (!part || !step) throw new Error('no part');
    const procedure = trainingDeparture.procedure(part, { cluster, clock: new FakeClock() });
    const context = { step, memory: { asked: true } };
    expect(await procedure.gate(context)).toMatchObject({ kind: 'yes' });
    await procedure.act(context);
    expect(cluster.evicted).toEqual(['prod/mnist-worker-1']);
    expect(await procedure.awaited(context)).toMatchObject({ kind: 'wait' });
    expect(await procedure.isDone(context)).toBe(false);
    const again = (node: string): JsonObject => ({
      ...replica('worker', 1, node),
      metadata: { ...objectOf(replica('worker', 1)['metadata']), uid: 'another' },
    });
    cluster.put(again('node-1'));
    expect(await procedure.awaited(context)).toMatchObject({
      kind: 'stop',
      reason: 'mnist-worker-1 was placed on node-1 again.',
    });
    cluster.put(again('node-2'));
    expect(await procedure.awaited(context)).toMatchObject({ kind: 'yes' });
    cluster.remove('Pod', 'mnist-worker-1', 'prod');
    cluster.put(tfJob({ Chief: 1, Worker: 2 }, {}, 'Failed'));
    expect(await procedure.awaited(context)).toMatchObject({
      kind: 'yes',
      evidence: 'mnist is Failed: no other mnist-worker-1 comes',
    });
  });
});

describe('what is left of a TFJob', () => {
  const partOf = async (
    cluster: JobCluster,
    wish: Partial<NodeDrainWish>,
  ): Promise<Procedure & { step: PlannedStep }> => {
    const [part] = (await cluster.plan(wish)).parts ?? [];
    const [step] = part?.steps ?? [];
    if (!part || !step) throw new Error('no part');
    const procedure = trainingDeparture.procedure(part, { cluster, clock: new FakeClock() });
    return Object.assign(procedure, { step });
  };

  it('decides nothing once the run has ended, which is asked of the job before it goes', async () => {
    const cluster = new JobCluster(tfjobLive);
    cluster.put(tfJob({ Chief: 1, PS: 1 }, {}, 'Succeeded'), replica('ps', 0));
    const plan = await cluster.plan();
    expect(lossesOf(plan)).toEqual([]);
    expect(kindsOf(plan)).toEqual([['mnist-ps-0', 'replica']]);
    const part = await partOf(cluster, {});
    const context = { step: part.step, memory: {} };
    expect(await part.gate(context)).toMatchObject({ kind: 'yes' });
    cluster.put(tfJob({ Chief: 1, PS: 1 }, {}, 'Running'));
    expect(await part.gate(context)).toMatchObject({
      kind: 'stop',
      reason: 'mnist-ps-0 may not go any more: its run goes on.',
    });
    expect(cluster.evicted).toEqual([]);
  });

  it('is evicted after a wait for the end of the run, and never before', async () => {
    const cluster = new JobCluster(tfjobLive);
    cluster.put(tfJob({ Chief: 1, PS: 1 }), replica('ps', 0));
    const part = await partOf(cluster, { unmovable: 'wait' });
    const context = { step: part.step, memory: {} };
    expect(await part.gate(context)).toMatchObject({ kind: 'wait', waitingFor: 'prod/mnist-ps-0 to end by itself' });
    expect(await part.act(context)).toMatchObject({ kind: 'again' });
    expect(cluster.evicted).toEqual([]);
    cluster.put(tfJob({ Chief: 1, PS: 1 }, {}, 'Failed'));
    expect(await part.gate(context)).toMatchObject({ kind: 'yes' });
    expect(await part.act(context)).toEqual({ kind: 'acted' });
    expect(cluster.evicted).toEqual(['prod/mnist-ps-0']);
    expect(await part.isDone(context)).toBe(true);
    expect(await part.finish(context)).toEqual(['Of mnist is said: Failed']);
  });

  it('is no worker of an elastic job that is elastic no more', async () => {
    const cluster = new JobCluster(tfjobLive);
    cluster.put(tfJob({ Chief: 1, Worker: 2 }, { enableDynamicWorker: true }), replica('chief', 0, 'node-2'));
    cluster.put(replica('worker', 1));
    const part = await partOf(cluster, {});
    cluster.put(tfJob({ Chief: 1, Worker: 2 }));
    expect(await part.gate({ step: part.step, memory: {} })).toMatchObject({ kind: 'stop' });
  });
});

const objectOf = (value: unknown): JsonObject => (typeof value === 'object' && value !== null ? { ...value } : {});

describe('pods of a TrainJob', () => {
  const pod = (step: string): JsonObject =>
    inProd(`llm-${step}-0`, {
      owner: 'Job',
      labels: { 'jobset.sigs.k8s.io/jobset-name': 'llm', 'jobset.sigs.k8s.io/replicatedjob-name': step },
    });
  const trainJob = resource('trainer.kubeflow.org/v1alpha1', 'TrainJob', 'llm', { spec: { trainer: { numNodes: 1 } } });

  it('all decide the run, initializers as well, and the JobSet says how often it begins anew', async () => {
    const cluster = new JobCluster(tfjobLive);
    cluster.put(trainJob, pod('node'), pod('dataset-initializer'));
    const unknown = await cluster.plan();
    expect(lossesOf(unknown)).toHaveLength(2);
    expect(lossesOf(unknown).join()).toContain('not known, because its JobSet is not to be seen');
    expect(unknown.steps.map(({ id }) => id)).toEqual(['cordon', 'verify']);
    const jobSet = (maxRestarts: number, restarts: number): JsonObject =>
      resource('jobset.x-k8s.io/v1alpha2', 'JobSet', 'llm', {
        spec: { failurePolicy: { maxRestarts } },
        status: { restarts },
      });
    cluster.put(jobSet(3, 1));
    expect(lossesOf(await cluster.plan()).join()).toContain('The JobSet begins anew as a whole: 2 of 3 restarts left');
    cluster.put(jobSet(3, 3));
    expect(lossesOf(await cluster.plan()).join()).toContain('used up: the run is lost');
  });
});
