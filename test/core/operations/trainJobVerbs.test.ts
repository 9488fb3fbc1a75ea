import { describe, expect, it } from 'vitest';
import { objectAt, textAt, valueAt } from '#core/json.ts';
import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import type { DataCluster } from '#core/live/model.ts';
import {
  ClusterProblem,
  type JsonObject,
  type ObjectAddress,
  type ResourceKind,
  type WriteOptions,
} from '#core/live/ports.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import { usualSettings } from '#core/operations/run.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { namespace as namespaceOf } from '#test/support/liveObjects.ts';

const kind = { group: 'trainer.kubeflow.org', version: 'v1alpha1', plural: 'trainjobs', namespaced: true };
const pods = { group: '', version: 'v1', plural: 'pods', namespaced: true };
const resource = { ...kind, kind: 'TrainJob', verbs: [], versions: ['v1alpha1'] };

function podOf(index: number): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `bert-node-0-${index}`,
      namespace: 'ml',
      labels: { 'jobset.sigs.k8s.io/jobset-name': 'bert', 'jobset.sigs.k8s.io/replicatedjob-name': 'node' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'bert-node-0', uid: 'job', controller: true }],
    },
    spec: { containers: [{ name: 'node', image: 'pytorch' }] },
    status: { phase: 'Running' },
  };
}

/** An API server with Kubeflow Trainer behind it, which heeds what is written at once, unless it is away or its JobSet refuses. */
class Trainer extends FakeCluster {
  isAway = false;
  isRefusedByJobSet = false;
  /** What the definition does not know is dropped, as a server does it. */
  knowsSuspend = true;

  constructor() {
    super();
    this.serve(resource);
    this.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ml' } }, job(), podOf(0), podOf(1));
  }

  now(): JsonObject | undefined {
    return this.objectsOf(kind)[0];
  }

  override async mergePatch(
    address: ObjectAddress,
    patch: JsonObject,
    options: WriteOptions = {},
  ): Promise<JsonObject> {
    if (address.plural !== kind.plural) return super.mergePatch(address, patch, options);
    if (valueAt(patch, 'spec', 'trainer') !== undefined)
      throw new ClusterProblem('invalid', 'spec.trainer is immutable');
    const { suspend, ...spec } = objectAt(patch, 'spec');
    const kept = suspend === undefined || !this.knowsSuspend ? spec : { ...spec, suspend };
    const after = await super.mergePatch(address, { ...patch, spec: kept }, options);
    if (options.dryRun !== true) this.reconcile();
    return after;
  }

  override async create(
    resourceKind: ResourceKind,
    object: JsonObject,
    options: WriteOptions = {},
  ): Promise<JsonObject> {
    const made = await super.create(resourceKind, object, options);
    if (resourceKind.plural === kind.plural && options.dryRun !== true) this.reconcile();
    return made;
  }

  override async delete(address: ObjectAddress, options: WriteOptions & { readonly uid?: string } = {}): Promise<void> {
    await super.delete(address, options);
    if (address.plural === kind.plural) this.dropPods();
  }

  reconcile(): void {
    const now = this.now();
    if (!now || this.isAway) return;
    const isSuspended = valueAt(now, 'spec', 'suspend') === true;
    const before = valueAt(now, 'status', 'conditions') !== undefined;
    const reason = isSuspended ? 'Suspended' : 'Resumed';
    const condition = { type: 'Suspended', status: isSuspended ? 'True' : 'False', reason };
    // Seen with trainer 2.0.0 and JobSet 0.8.2: the condition is written, and no pod comes or goes.
    if (!this.isRefusedByJobSet) this.dropPods();
    if (!this.isRefusedByJobSet && !isSuspended) this.put(podOf(0), podOf(1));
    this.put({ ...now, status: isSuspended || before ? { conditions: [condition] } : {} });
  }

  private dropPods(): void {
    for (const pod of this.objectsOf(pods)) this.remove('Pod', textAt(pod, 'metadata', 'name'), 'ml');
  }
}

function job(spec: JsonObject = {}): JsonObject {
  const metadata = { name: 'bert', namespace: 'ml', uid: 'first', generation: 1 };
  const trainer = { numNodes: 2, image: 'pytorch:2' };
  return {
    apiVersion: 'trainer.kubeflow.org/v1alpha1',
    kind: 'TrainJob',
    metadata,
    spec: { runtimeRef: { name: 'torch' }, trainer, ...spec },
  };
}

function dataOf(trainer: Trainer): DataCluster {
  const decode = decodeCustom(resource);
  const [data] = tfjobLive.gather(
    namespaceOf({
      namespace: 'ml',
      customs: trainer.objectsOf(kind).flatMap((one) => decode(one) ?? []),
      pods: trainer.objectsOf(pods).flatMap((one) => decodePod(one) ?? []),
    }),
  );
  if (!data) throw new Error('There is no job.');
  return data;
}

const clock = new FakeClock();

function planOf(trainer: Trainer, wish: OperationWish): Promise<Plan> {
  return operations.plan(wish, { data: dataOf(trainer), cluster: trainer, clock, id: `plan ${wish.operation}` });
}

async function runOf(trainer: Trainer, plan: Plan, earlier?: RunRecord): Promise<RunRecord> {
  const end: { record?: RunRecord } = {};
  const order = { plan, clusters: [dataOf(trainer)], ...(earlier ? { earlier } : {}) };
  const settings = { ...usualSettings, stallMs: 60_000 };
  const control = { wish: 'run' } as const;
  const ports = { cluster: trainer, clock, runner: 'ann@desk', control, listener: () => undefined, settings };
  void operations.run(order, ports).then((record) => (end.record = record));
  for (let seconds = 0; seconds < 300 && !end.record; seconds += 1) await clock.pass(1000);
  if (!end.record) throw new Error('It does not end.');
  return end.record;
}

const checkOf = ({ preconditions }: Plan, id: string): Plan['preconditions'][number] | undefined =>
  preconditions.find((one) => one.id === id);

const manifest = (text: string): string =>
  `apiVersion: trainer.kubeflow.org/v1alpha1\nkind: TrainJob\nmetadata: {name: bert}\nspec:\n${text}`;

describe('verbs of a TrainJob', () => {
  it('suspend it and let it go on, as its trainer says', async () => {
    const trainer = new Trainer();
    const plan = await planOf(trainer, { operation: 'suspend' });
    // No Deployment of Kubeflow Trainer is there, which may be one that runs elsewhere.
    expect(checkOf(plan, 'operator')?.state).toBe('warns');
    expect(checkOf(plan, 'consequence')?.evidence[0]).toContain('2 pods are killed: bert-node-0-0, bert-node-0-1');
    expect((await runOf(trainer, plan)).state).toEqual({ kind: 'done' });
    expect(trainer.objectsOf(pods)).toEqual([]);
    const offers = operations.offers(dataOf(trainer));
    expect(offers.find(({ operation }) => operation === 'unsuspend')?.refusal).toBeUndefined();
    expect((await runOf(trainer, await planOf(trainer, { operation: 'unsuspend' }))).state).toEqual({ kind: 'done' });
    expect(trainer.objectsOf(pods)).toHaveLength(2);
  });

  it('end with a sentence where its JobSet refuses to be suspended', async () => {
    const trainer = new Trainer();
    trainer.isRefusedByJobSet = true;
    const plan = await planOf(trainer, { operation: 'suspend' });
    expect(plan.risks.join()).toContain('#3008');
    const record = await runOf(trainer, plan);
    expect(record.state).toMatchObject({
      kind: 'paused',
      reason: 'Nothing has moved for 1 min while waiting for its pods to be gone: bert-node-0-0, bert-node-0-1',
    });
    trainer.isRefusedByJobSet = false;
    trainer.reconcile();
    expect((await runOf(trainer, plan, record)).state).toEqual({ kind: 'done' });
  });

  it('end with a sentence where its JobSet refuses to go on', async () => {
    const trainer = new Trainer();
    await runOf(trainer, await planOf(trainer, { operation: 'suspend' }));
    trainer.isRefusedByJobSet = true;
    const plan = await planOf(trainer, { operation: 'unsuspend' });
    expect(plan.risks.join()).toContain('#3008');
    const record = await runOf(trainer, plan);
    expect(record.state).toMatchObject({
      kind: 'paused',
      reason: 'Nothing has moved for 1 min while waiting for its JobSet to go on and make its pods',
    });
    trainer.isRefusedByJobSet = false;
    trainer.reconcile();
    expect((await runOf(trainer, plan, record)).state).toEqual({ kind: 'done' });
  });

  // Seen with trainer 2.0.0 and JobSet 0.8.2: any other override leaves the JobSet suspended for good.
  it.each([
    ['podSpecOverrides: [{targetJobs: [{name: node}], nodeSelector: {disk: ssd}}]', 'first'],
    ['podTemplateOverrides: [{targetJobs: [{name: node}], spec: {tolerations: [{operator: Exists}]}}]', 'first'],
    ['podSpecOverrides: [{targetJobs: [{name: node}], serviceAccountName: trainer}]', 'anew'],
    [
      'runtimePatches: [{manager: a.io/b, trainingRuntimeSpec: {template: {spec: {replicatedJobs: [{name: node, template: {spec: {template: {spec: {nodeSelector: {disk: ssd}}}}}}]}}}}]',
      'first',
    ],
  ])('of a suspended one write %s or make it anew', async (edit, made) => {
    const trainer = new Trainer();
    await runOf(trainer, await planOf(trainer, { operation: 'suspend' }));
    const plan = await planOf(trainer, { operation: 'resubmit', manifest: manifest(`  ${edit}`) });
    expect((await runOf(trainer, plan)).state).toEqual({ kind: 'done' });
    expect(textAt(trainer.now(), 'metadata', 'uid') === 'first' ? 'first' : 'anew').toBe(made);
    expect(valueAt(trainer.now(), 'spec', 'suspend')).toBe(true);
  });

  it('of one that runs make it anew for any override', async () => {
    const trainer = new Trainer();
    const edit = '  podSpecOverrides: [{targetJobs: [{name: node}], nodeSelector: {disk: ssd}}]';
    const plan = await planOf(trainer, { operation: 'resubmit', manifest: manifest(edit) });
    expect(checkOf(plan, 'consequence')?.evidence.join()).toContain('only while the job is suspended');
    expect((await runOf(trainer, plan)).state).toEqual({ kind: 'done' });
    expect(textAt(trainer.now(), 'metadata', 'uid')).not.toBe('first');
  });

  it('cannot suspend it where the installed version does not know the field', async () => {
    const trainer = new Trainer();
    trainer.knowsSuspend = false;
    const plan = await planOf(trainer, { operation: 'suspend' });
    expect(checkOf(plan, 'accepted')).toMatchObject({
      state: 'fails',
      evidence: ['The server drops spec.suspend: the installed version does not know it'],
    });
  });

  it('end where somebody takes the change back meanwhile', async () => {
    const trainer = new Trainer();
    trainer.isAway = true;
    const plan = await planOf(trainer, { operation: 'suspend' });
    const write = trainer.mergePatch.bind(trainer);
    trainer.mergePatch = async (address, patch, options) => {
      const after = await write(address, patch, options);
      const now = trainer.now();
      if (options?.dryRun !== true && address.plural === kind.plural && now)
        trainer.put({ ...now, spec: { ...objectAt(now, 'spec'), suspend: false } });
      return after;
    };
    expect((await runOf(trainer, plan)).state).toMatchObject({
      kind: 'stopped',
      reason: 'Somebody has changed spec.suspend of TrainJob bert back.',
    });
    expect(trainer.writes.filter(({ verb, options }) => verb === 'patch' && options.dryRun !== true)).toHaveLength(1);
  });

  it('run it anew for what cannot be changed, and say so', async () => {
    const trainer = new Trainer();
    await expect(planOf(trainer, { operation: 'workers', to: 4 })).rejects.toThrow('spec.trainer is immutable');
    const plan = await planOf(trainer, { operation: 'resubmit', manifest: manifest('  trainer: {numNodes: 4}') });
    expect(checkOf(plan, 'consequence')?.evidence.join()).toContain(
      'spec.trainer.numNodes: 2 → 4 — by itself: it cannot be changed',
    );
    expect((await runOf(trainer, plan)).state).toEqual({ kind: 'done' });
    expect(valueAt(trainer.now(), 'spec', 'trainer')).toEqual({ numNodes: 4, image: 'pytorch:2' });
    expect(textAt(trainer.now(), 'metadata', 'uid')).not.toBe('first');
    expect(trainer.objectsOf({ group: '', plural: 'secrets' })).toEqual([]);
  });

  it('cannot make it anew without the right to keep its manifest', async () => {
    const trainer = new Trainer();
    trainer.isForbidden = ({ resource: asked, verb }) => asked === 'secrets' && verb === 'create';
    const plan = await planOf(trainer, { operation: 'rerun' });
    expect(checkOf(plan, 'accepted')).toMatchObject({
      state: 'fails',
      evidence: ['No right to create secrets in ml'],
    });
  });

  it('that it does not have are refused by its own kind', async () => {
    const wish = { operation: 'schedule', to: 'paused' } as const;
    await expect(planOf(new Trainer(), wish)).rejects.toThrow('There is no operation schedule for a TrainJob.');
  });

  it('do nothing to one that has ended', async () => {
    const trainer = new Trainer();
    trainer.put({ ...job(), status: { conditions: [{ type: 'Complete', status: 'True' }] } });
    const hidden = operations.offers(dataOf(trainer)).find(({ operation }) => operation === 'suspend');
    expect(hidden).toMatchObject({ isInMenu: false });
    await expect(planOf(trainer, { operation: 'suspend' })).rejects.toThrow('bert has completed');
    const plan = await planOf(trainer, { operation: 'rerun' });
    expect(checkOf(plan, 'consequence')?.evidence[0]).not.toContain('nothing');
  });
});
