import { afterEach, describe, expect, it } from 'vitest';
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

/** What the plan says of an operator that ends; undefined when it says nothing. */
async function riskOf(to: number, tag: string, spec: JsonObject = elastic): Promise<string | undefined> {
  const game = await TrainingGame.begin(spec);
  games.push(game);
  const container = { name: 'training-operator', image: `kubeflow/training-operator:${tag}` };
  merge(game.simulation, 'Deployment', 'kubeflow', 'training-operator', {
    spec: { template: { spec: { containers: [container] } } },
  });
  const { risks } = await game.plan({ operation: 'workers', to });
  return risks.find((risk) => risk.includes('panic'));
}

describe('fewer workers of an elastic TFJob', () => {
  it('can end an operator of a version that has the fault, which the plan says with its version', async () => {
    expect(await riskOf(1, 'v1.8.1')).toMatch(
      /^Kubeflow Training Operator 1\.8\.1 ends by a panic when one of the surplus workers is gone before another of a higher index\..*One worker fewer at a time avoids it\.$/,
    );
    expect(await riskOf(2, 'v1-7-0')).toMatch(/^Kubeflow Training Operator 1-7-0 ends/);
  });

  it.each(['v1.9.0', 'v1-9-4', 'v1.10.0', 'v1.3.0'])(
    'is no risk where the program goes on, or is not known to end: %s',
    async (tag) => {
      expect(await riskOf(1, tag)).toBeUndefined();
    },
  );

  it.each(['v1-5170a36', 'v1-04f9f13', 'latest'])(
    'is a risk on condition where the tag is no version: %s',
    async (tag) => {
      expect(await riskOf(1, tag)).toMatch(
        /^A Kubeflow Training Operator before 1\.9 \(its version is not known here\) ends/,
      );
    },
  );

  it('leaves no gap when one goes, or more come', async () => {
    expect(await riskOf(3, 'v1.8.1')).toBeUndefined();
    expect(await riskOf(6, 'v1.8.1')).toBeUndefined();
  });

  it('needs a TF_CONFIG, which a single replica does not get', async () => {
    const tfReplicaSpecs = { Worker: replica(4) };
    expect(await riskOf(1, 'v1.8.1', { ...elastic, tfReplicaSpecs })).toBeUndefined();
    expect(await riskOf(2, 'v1.8.1', { ...elastic, tfReplicaSpecs })).toContain('panic');
  });

  it('needs pods and a sparse TF_CONFIG: a suspended job has none of them to lose', async () => {
    const suspended = { runPolicy: { suspend: true } };
    expect(await riskOf(1, 'v1.8.1', { ...elastic, ...suspended })).toBeUndefined();
    expect(await riskOf(1, 'v1.8.1', { ...elastic, ...suspended, enableDynamicWorker: false })).toBeUndefined();
  });
});
