import { afterEach, describe, expect, it } from 'vitest';
import { numberAt } from '#core/json.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { merge } from './steppedTime.ts';
import { TrainingGame } from './trainingGame.ts';

const games: TrainingGame[] = [];

afterEach(() => {
  for (const game of games.splice(0)) game.end();
});

const replica = (replicas: number): JsonObject => ({
  replicas,
  restartPolicy: 'OnFailure',
  template: { spec: { containers: [{ name: 'tensorflow', image: 'tensorflow/tensorflow:2.19.0' }] } },
});

const elastic = { enableDynamicWorker: true, tfReplicaSpecs: { PS: replica(1), Worker: replica(4) } };

async function begin(tag: string, spec: JsonObject = elastic): Promise<TrainingGame> {
  const game = await TrainingGame.begin(spec);
  games.push(game);
  const container = { name: 'training-operator', image: `kubeflow/training-operator:${tag}` };
  merge(game.simulation, 'Deployment', 'kubeflow', 'training-operator', {
    spec: { template: { spec: { containers: [container] } } },
  });
  return game;
}

/** Why the plan takes one worker after the other; undefined when it takes them at once. */
async function reasonOf(to: number, tag: string, spec: JsonObject = elastic): Promise<string | undefined> {
  const { preconditions, steps } = await (await begin(tag, spec)).plan({ operation: 'workers', to });
  const evidence = preconditions.flatMap((check) => check.evidence);
  const reason = evidence.find((text) => text.includes('panic'));
  const workers = replicasOf(spec) - to;
  expect(steps).toHaveLength(reason === undefined ? 1 : workers);
  return reason;
}

/** Their indices. */
const workersOf = (game: TrainingGame): readonly string[] =>
  game.pods().flatMap((name) => /-worker-(\d+)$/.exec(name)?.[1] ?? []);

const replicasOf = (spec: JsonObject): number => numberAt(spec, 'tfReplicaSpecs', 'Worker', 'replicas') ?? 1;

describe('fewer workers of an elastic TFJob', () => {
  it('go one at a time where the operator has the fault, and the plan names it', async () => {
    expect(await reasonOf(1, 'v1.8.1')).toMatch(
      /^They go one at a time, because Kubeflow Training Operator 1\.8\.1 ends by a panic when a surplus worker is gone before another of a higher index/,
    );
    expect(await reasonOf(2, 'v1-7-0')).toMatch(/because Kubeflow Training Operator 1-7-0 ends/);
  });

  it.each(['v1.9.0', 'v1-9-4', 'v1.10.0', 'v1.3.0'])(
    'go at once where the program goes on, or is not known to end: %s',
    async (tag) => {
      expect(await reasonOf(1, tag)).toBeUndefined();
    },
  );

  it.each(['v1-5170a36', 'v1-04f9f13', 'latest'])('go one at a time where the tag is no version: %s', async (tag) => {
    expect(await reasonOf(1, tag)).toMatch(
      /because a Kubeflow Training Operator before 1\.9 \(its version is not known here\) ends/,
    );
  });

  it('go in one step when one goes, or more come', async () => {
    expect(await reasonOf(3, 'v1.8.1')).toBeUndefined();
    expect(await reasonOf(6, 'v1.8.1')).toBeUndefined();
  });

  it('go at once where the one that is left has no TF_CONFIG', async () => {
    const tfReplicaSpecs = { Worker: replica(4) };
    expect(await reasonOf(1, 'v1.8.1', { ...elastic, tfReplicaSpecs })).toBeUndefined();
    expect(await reasonOf(2, 'v1.8.1', { ...elastic, tfReplicaSpecs })).toContain('panic');
  });

  it('are only a number while the job is suspended', async () => {
    const suspended = { runPolicy: { suspend: true } };
    expect(await reasonOf(1, 'v1.8.1', { ...elastic, ...suspended })).toBeUndefined();
    expect(await reasonOf(1, 'v1.8.1', { ...elastic, ...suspended, enableDynamicWorker: false })).toBeUndefined();
  });

  it('leave from the highest, each gone before the next is asked to go', async () => {
    const game = await begin('v1.8.1');
    const plan = await game.plan({ operation: 'workers', to: 1 });
    expect(plan.steps.map(({ title }) => title)).toEqual(['3 workers', '2 workers', '1 worker']);
    const attempt = game.attempt(plan);
    const seen = new Set<string>();
    const look = (): void => void seen.add(workersOf(game).join(''));
    expect((await game.toTheEnd(attempt, look))?.state).toEqual({ kind: 'done' });
    expect([...seen]).toEqual(['0123', '012', '01', '0']);
    expect(game.pods()).toEqual(['mnist-ps-0', 'mnist-worker-0']);
  });

  it('take a step for each pod that is there, however many were asked for', async () => {
    const game = await begin('v1.8.1');
    game.edit({ spec: { tfReplicaSpecs: { Worker: { replicas: 2_000_000_000 } } } });
    const plan = await game.plan({ operation: 'workers', to: 1 });
    expect(plan.steps.map(({ parameters }) => parameters['to'])).toEqual([3, 2, 1]);
  });

  it('stop leaving when somebody else writes another number meanwhile', async () => {
    const game = await begin('v1.8.1');
    const plan = await game.plan({ operation: 'workers', to: 1 });
    const attempt = game.attempt(plan);
    await game.until(() => workersOf(game).length === 3);
    game.edit({ spec: { tfReplicaSpecs: { Worker: { replicas: 5 } } } });
    const record = await game.toTheEnd(attempt);
    expect(record?.state).toMatchObject({ kind: 'stopped' });
    expect(JSON.stringify(record?.state)).toContain('spec.tfReplicaSpecs.Worker.replicas');
  });
});
