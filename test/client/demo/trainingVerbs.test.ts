import { afterEach, describe, expect, it } from 'vitest';
import { objectAt, textAt, valueAt } from '#core/json.ts';
import { describePlan, describeRun } from '#core/operations/report.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { alive, TrainingGame } from './trainingGame.ts';

const deploymentKind = kindNamed('Deployment');
const games: TrainingGame[] = [];

async function begin(spec = {}): Promise<TrainingGame> {
  const game = await TrainingGame.begin(spec);
  games.push(game);
  return game;
}

afterEach(() => {
  for (const game of games.splice(0)) game.end();
});

const rerun: OperationWish = { operation: 'rerun' };
const suspend: OperationWish = { operation: 'suspend' };
const unsuspend: OperationWish = { operation: 'unsuspend' };
const textContaining = (text: string): unknown => expect.stringContaining(text);
const reportOf = (record: RunRecord | undefined): string => (record ? describeRun(record) : '');
const checkOf = ({ preconditions }: Plan, id: string): Plan['preconditions'][number] | undefined =>
  preconditions.find((one) => one.id === id);
const offersOf = (game: TrainingGame): Readonly<Record<string, string>> =>
  Object.fromEntries(
    operations
      .offers(game.data())
      .map(({ operation, refusal, isInMenu }) => [
        operation,
        isInMenu === false ? `hidden: ${refusal}` : (refusal ?? 'offered'),
      ]),
  );

const manifest = (
  workers: number,
  image = 'tensorflow/tensorflow:2.19.0',
  policy = 'cleanPodPolicy: Running',
): string => `
apiVersion: kubeflow.org/v1
kind: TFJob
metadata:
  name: mnist
spec:
  runPolicy:
    ${policy}
  tfReplicaSpecs:
    Worker:
      replicas: ${workers}
      template:
        spec:
          containers:
            - name: tensorflow
              image: ${image}
`;

describe('what is offered', () => {
  it('names the verbs of a job that runs, and leaves out what is no question', async () => {
    const offers = offersOf(await begin());
    expect(offers).toMatchObject({ rerun: 'offered', suspend: 'offered', resubmit: 'offered', stop: 'offered' });
    expect(offers['unsuspend']).toMatch(/^hidden: mnist is not suspended/);
    expect(offers['workers']).toMatch(/enableDynamicWorker.*TF_CONFIG/);
    expect(offers['schedule']).toBeUndefined();
    expect(offers['rebalance']).toMatch(/^hidden: .*Change Workers/);
    expect(offers['scale']).toMatch(/^hidden: .*Change Workers/);
  });

  it('says which verb is meant when somebody rebalances a job', async () => {
    const game = await begin();
    await expect(game.plan({ operation: 'rebalance', mode: 'full' })).rejects.toThrow('Change Workers');
    await expect(game.plan({ operation: 'scale', to: 4 })).rejects.toThrow('Change Workers');
  });

  it('leaves jobs of Kueue and of other managers to them', async () => {
    const game = await begin({ runPolicy: { managedBy: 'kueue.x-k8s.io/multikueue' } });
    expect(offersOf(game)['suspend']).toContain('left to kueue.x-k8s.io/multikueue');
    expect(offersOf(game)['stop']).toBe('offered');
    game.edit({
      metadata: { labels: { 'kueue.x-k8s.io/queue-name': 'gpu' } },
      spec: { runPolicy: { managedBy: null } },
    });
    expect(offersOf(game)['suspend']).toContain('queue gpu');
    expect(offersOf(game)['rerun']).toBe('offered');
  });
});

describe('suspend and resume', () => {
  it('says what is lost, suspends once the operator says so, and lets it go on', async () => {
    const game = await begin();
    const plan = await game.plan(suspend);
    expect(plan.needsTypedName).toBe(true);
    expect(checkOf(plan, 'consequence')).toMatchObject({ state: 'consent' });
    expect(checkOf(plan, 'consequence')?.evidence.join()).toContain('3 pods are killed: mnist-chief-0');
    expect(checkOf(plan, 'operator')?.state).toBe('holds');
    expect(plan.preview?.[0]?.items[0]).toMatchObject({ before: 3, after: 0 });
    expect(describePlan(plan)).toContain('checkpoint');
    const record = await game.toTheEnd(game.attempt(plan));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.pods()).toEqual([]);
    expect(reportOf(record)).toContain('says that it is suspended, and none of its pods is left');
    expect(offersOf(game)).toMatchObject({ unsuspend: 'offered', workers: 'offered' });
    expect(offersOf(game)['rerun']).toContain('Resume Job');

    const onward = await game.plan(unsuspend);
    expect(onward.needsTypedName).toBe(false);
    expect(checkOf(onward, 'pods-gone')?.state).toBe('holds');
    expect((await game.toTheEnd(game.attempt(onward)))?.state).toEqual({ kind: 'done' });
    await game.until(() => game.condition() === 'Running');
    expect(game.pods()).toHaveLength(3);
  });

  it('cannot begin while the operator has no replicas, and says what it waits for when that happens in between', async () => {
    const game = await begin();
    const plan = await game.plan(suspend);
    await game.scaleOperator(0);
    expect(checkOf(await game.plan(suspend), 'operator')).toMatchObject({ state: 'fails' });
    const atGate = await game.toTheEnd(game.attempt(plan));
    expect(atGate?.state).toMatchObject({ kind: 'paused' });
    expect(JSON.stringify(atGate?.state)).toContain('kubeflow/training-operator has 0 of 0 ready');
    expect(valueAt(game.job(), 'spec', 'runPolicy', 'suspend')).toBeUndefined();
  });

  it('ends its wait with a sentence when the operator goes away after the act, and goes on once it is back', async () => {
    const game = await begin();
    const again = await game.plan(suspend);
    const late = game.attempt(again);
    game.webhook = () => {
      // The operator dies in the moment in which the change is written.
      game.simulation.world.store.put(...away(game));
      game.webhook = () => undefined;
      return undefined;
    };
    const paused = await game.toTheEnd(late);
    expect(paused?.state).toMatchObject({ kind: 'paused' });
    expect(JSON.stringify(paused?.state)).toMatch(/to say that it is suspended.*training-operator has/);
    await game.scaleOperator(1);
    const done = await game.toTheEnd(game.attempt(again, alive(), paused));
    expect(done?.state).toEqual({ kind: 'done' });
  });

  it('asks a person when somebody has edited something else, and ends when the same field was changed', async () => {
    const game = await begin();
    const plan = await game.plan(suspend);
    game.edit({ spec: { runPolicy: { backoffLimit: 9 } } });
    const paused = await game.toTheEnd(game.attempt(plan));
    expect(paused?.state).toMatchObject({ kind: 'paused', reason: textContaining('Somebody has changed') });
    expect(game.pods()).toHaveLength(3);
    const done = await game.toTheEnd(game.attempt(plan, alive(), paused));
    expect(done?.state).toEqual({ kind: 'done' });

    const onward = await game.plan(unsuspend);
    game.edit({ spec: { runPolicy: { suspend: null } } });
    const stopped = await game.toTheEnd(game.attempt(onward));
    expect(stopped?.state).toMatchObject({
      kind: 'stopped',
      reason: textContaining('spec.runPolicy.suspend'),
    });
  });

  it('cannot begin where a webhook refuses the change', async () => {
    const game = await begin();
    game.webhook = () => 'suspend is not known here';
    expect(checkOf(await game.plan(suspend), 'accepted')).toMatchObject({
      state: 'fails',
      evidence: ['suspend is not known here'],
    });
  });
});

describe('rerun', () => {
  it('keeps the manifest, deletes the job and makes it anew with the same spec', async () => {
    const game = await begin();
    const before = game.job();
    const plan = await game.plan(rerun);
    expect(plan.needsTypedName).toBe(true);
    expect(plan.target.anchorGoes).toBe(true);
    expect(plan.steps.map(({ id }) => id)).toEqual(['keep', 'delete', 'create']);
    const record = await game.toTheEnd(game.attempt(plan));
    expect(record?.state).toEqual({ kind: 'done' });
    const after = game.job();
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(after?.['spec']).toEqual(before?.['spec']);
    expect(after?.metadata.labels).toEqual({ team: 'vision' });
    expect(game.secrets()).toEqual([]);
    await game.until(() => game.condition() === 'Running');
    expect(reportOf(record)).toContain('has taken it up');
    expect((await game.earlier(plan))?.plan.target).toEqual(plan.target);
    // The journal must not go with the job that was deleted.
    expect(
      valueAt(game.kept.objectsOf({ group: '', plural: 'configmaps' })[0], 'metadata', 'ownerReferences'),
    ).toBeUndefined();
  });

  it('goes on wherever it was killed, makes the job exactly once more, and leaves no Secret', async () => {
    for (let diesAt = 5; diesAt < 95; diesAt += 3) {
      const game = await begin();
      const uid = game.job()?.metadata.uid;
      const plan = await game.plan(rerun);
      const made: string[] = [];
      const listening = game.simulation.world.store.onDidChange((change) => {
        if (change.kind.kind === 'TFJob' && change.type === 'ADDED') made.push(change.object.metadata.uid);
      });
      const fate = { ...alive(), diesAt, arrives: diesAt % 2 === 0 };
      await game.toTheEnd(game.attempt(plan, fate));
      if (fate.isDead) {
        await game.clock.pass(70_000);
        const record = await game.toTheEnd(game.attempt(plan, alive(), await game.earlier(plan)));
        expect(record?.state, `killed at call ${diesAt}`).toEqual({ kind: 'done' });
      }
      listening.stop();
      expect(game.job()?.metadata.uid).not.toBe(uid);
      expect(made.length, `killed at call ${diesAt}`).toBe(1);
      expect(game.secrets()).toEqual([]);
      game.end();
    }
  });

  it('keeps the manifest and says where when the new job is refused, and makes it once that is settled', async () => {
    const game = await begin();
    const plan = await game.plan(rerun);
    const { writes } = game.simulation.world;
    const create = writes.create.bind(writes);
    writes.create = (request, object) => {
      if (request.kind.kind === 'TFJob') throw new ApiError(403, 'Forbidden', 'the quota of jobs is used up');
      return create(request, object);
    };
    const record = await game.toTheEnd(game.attempt(plan));
    writes.create = create;
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: 'The new TFJob mnist was refused: the quota of jobs is used up',
      fix: textContaining('Secret data-clusters-kept-tfjob-mnist'),
    });
    expect(reportOf(record)).toContain('Its manifest is kept in Secret');
    expect(game.job()).toBeUndefined();
    expect(game.secrets()).toEqual(['data-clusters-kept-tfjob-mnist']);
    const done = await game.toTheEnd(game.attempt(plan, alive(), record));
    expect(done?.state).toEqual({ kind: 'done' });
    expect(game.job()).toBeDefined();
    expect(game.secrets()).toEqual([]);
  });

  it('shows an edit of somebody else once, and takes it along; one that comes behind the kept manifest ends it', async () => {
    const game = await begin();
    const plan = await game.plan(rerun);
    game.edit({ spec: { runPolicy: { backoffLimit: 9 } } });
    const paused = await game.toTheEnd(game.attempt(plan));
    expect(paused?.state).toMatchObject({ kind: 'paused', reason: textContaining('Somebody has changed') });
    const done = await game.toTheEnd(game.attempt(plan, alive(), paused));
    expect(done?.state).toEqual({ kind: 'done' });
    expect(valueAt(game.job(), 'spec', 'runPolicy', 'backoffLimit')).toBe(9);

    await game.until(() => game.condition() === 'Running');
    const late = await game.plan(rerun, 'second');
    const uid = game.job()?.metadata.uid;
    const { writes } = game.simulation.world;
    const create = writes.create.bind(writes);
    writes.create = (request, object) => {
      const made = create(request, object);
      if (request.kind.kind === 'Secret' && !request.isDryRun) game.edit({ spec: { runPolicy: { backoffLimit: 3 } } });
      return made;
    };
    const first = await game.toTheEnd(game.attempt(late));
    writes.create = create;
    expect(first?.state.kind).toBe('paused');
    const stopped = await game.toTheEnd(game.attempt(late, alive(), first));
    expect(stopped?.state).toMatchObject({ kind: 'stopped', reason: textContaining('since its manifest was kept') });
    expect(game.job()?.metadata.uid).toBe(uid);
    expect(game.secrets()).toEqual([]);
  });

  it('puts the job back when it is cancelled behind the deletion, and takes the Secret away', async () => {
    const game = await begin();
    const attempt = game.attempt(await game.plan(rerun));
    const record = await game.toTheEnd(attempt, () => {
      if (game.job() === undefined) attempt.control.wish = 'cancel';
    });
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect(game.job()).toBeDefined();
    expect(game.secrets()).toEqual([]);
    expect(reportOf(record)).toContain('had been deleted already: it is made anew');
  });
});

describe('stop', () => {
  it('deletes the job and waits for its pods, also without an operator', async () => {
    const game = await begin();
    await game.scaleOperator(0);
    const plan = await game.plan({ operation: 'stop' });
    expect(checkOf(plan, 'operator')?.state).toBe('warns');
    expect(plan.needsTypedName).toBe(true);
    const record = await game.toTheEnd(game.attempt(plan));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.job()).toBeUndefined();
    expect(game.pods()).toEqual([]);
  });

  it('leaves another job of the same name alone', async () => {
    const game = await begin();
    const plan = await game.plan({ operation: 'stop' });
    await game.does(rerun);
    const record = await game.toTheEnd(game.attempt({ ...plan, id: 'late' }));
    expect(game.job()).toBeDefined();
    expect(record?.state.kind).toBe('done');
  });
});

describe('workers', () => {
  it('gives an elastic job more workers and takes the highest away', async () => {
    const game = await begin({ enableDynamicWorker: true });
    const more = await game.plan({ operation: 'workers', to: 4 });
    expect(more.needsTypedName).toBe(false);
    expect(more.preview?.[0]?.items[0]).toMatchObject({ before: 2, after: 4 });
    expect((await game.toTheEnd(game.attempt(more)))?.state).toEqual({ kind: 'done' });
    expect(game.pods()).toHaveLength(5);
    await game.clock.pass(10_000);
    const fewer = await game.plan({ operation: 'workers', to: 1 });
    expect(fewer.needsTypedName).toBe(true);
    expect(checkOf(fewer, 'consequence')?.evidence[0]).toContain('3 workers are killed');
    expect((await game.toTheEnd(game.attempt(fewer)))?.state).toEqual({ kind: 'done' });
    expect(game.pods()).toEqual(['mnist-chief-0', 'mnist-worker-0']);
  });

  it('refuses bounds, none, and the number that is there', async () => {
    const game = await begin({ enableDynamicWorker: true });
    await expect(game.plan({ operation: 'workers', min: 1 })).rejects.toThrow('no bounds');
    await expect(game.plan({ operation: 'workers', to: 0 })).rejects.toThrow('one worker at least');
    await expect(game.plan({ operation: 'workers', to: 2 })).rejects.toThrow('2 workers already');
  });
});

describe('edit and resubmit', () => {
  const resubmit = (text: string): OperationWish => ({ operation: 'resubmit', manifest: text });

  it('writes what the operator heeds by itself, and kills nothing', async () => {
    const game = await begin();
    const uids = game.pods();
    const plan = await game.plan(resubmit(manifest(2, undefined, 'ttlSecondsAfterFinished: 600')));
    expect(plan.needsTypedName).toBe(false);
    expect(checkOf(plan, 'consequence')?.evidence[0]).toBe(
      'spec.runPolicy.ttlSecondsAfterFinished: nothing → 600 — by itself: the Kubeflow Training Operator reads it at its next look, and no pod is touched',
    );
    expect((await game.toTheEnd(game.attempt(plan)))?.state).toEqual({ kind: 'done' });
    expect(valueAt(game.job(), 'spec', 'runPolicy', 'ttlSecondsAfterFinished')).toBe(600);
    expect(game.pods()).toEqual(uids);
  });

  it('says that running pods keep what they have, and makes the job anew with the edit', async () => {
    const game = await begin();
    const plan = await game.plan(resubmit(manifest(3, 'tensorflow/tensorflow:2.20.0')));
    expect(plan.needsTypedName).toBe(true);
    const said = checkOf(plan, 'consequence')?.evidence.join('; ') ?? '';
    expect(said).toContain('spec.tfReplicaSpecs.Worker.replicas: 2 → 3 — by itself: pods that run keep');
    expect((await game.toTheEnd(game.attempt(plan)))?.state).toEqual({ kind: 'done' });
    await game.until(() => game.pods().length === 4);
    expect(JSON.stringify(objectAt(game.job(), 'spec', 'tfReplicaSpecs', 'Worker'))).toContain('2.20.0');
    // What the manifest does not name stays.
    expect(textAt(game.job(), 'spec', 'tfReplicaSpecs', 'Chief', 'restartPolicy')).toBe('OnFailure');
  });

  it('writes anything while the job is suspended, because no pod has it yet', async () => {
    const game = await begin();
    await game.does(suspend);
    const text = manifest(3, 'tensorflow/tensorflow:2.20.0');
    const plan = await game.plan(resubmit(text));
    expect(plan.steps.map(({ id }) => id)).toEqual(['edit']);
    expect((await game.toTheEnd(game.attempt(plan)))?.state).toEqual({ kind: 'done' });
    await game.does(unsuspend);
    await game.until(() => game.pods().length === 4);
  });

  it('refuses another job, no change, a hidden suspension and a password in the open', async () => {
    const game = await begin();
    const refuses = async (text: string, why: string): Promise<void> =>
      expect(game.plan(resubmit(text))).rejects.toThrow(why);
    await refuses(manifest(2).replace('name: mnist', 'name: other'), 'no manifest of TFJob mnist');
    await refuses(manifest(2), 'nothing would be changed');
    await refuses(manifest(2, undefined, 'suspend: true'), 'Use Suspend Job');
    await refuses(`${manifest(2)}              env: [{name: DB_PASSWORD, value: hunter2}]\n`, 'DB_PASSWORD in clear');
    await refuses(manifest(2).replace('kubeflow.org/v1', 'kubeflow.org/v1beta2'), 'apiVersion');
    await refuses(`${manifest(3)}---${manifest(4)}`, 'several manifests');
  });
});

function away(game: TrainingGame): Parameters<TrainingGame['simulation']['world']['store']['put']> {
  const { store } = game.simulation.world;
  const kind = [...store.list(deploymentKind)].find(({ metadata }) => metadata.name === 'training-operator');
  if (!kind) throw new Error('There is no operator.');
  const spec = { ...objectAt(kind, 'spec'), replicas: 0 };
  return [deploymentKind, { ...kind, spec }];
}
