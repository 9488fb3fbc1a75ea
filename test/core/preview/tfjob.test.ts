import { describe, expect, test } from 'vitest';
import { linesOf, previewOf } from '#test/core/preview/told.ts';

const replica = (fields = ''): string =>
  `{ ${fields}template: { spec: { containers: [{ name: tensorflow, image: tf }] } } }`;

function job(replicas: Readonly<Record<string, string>>, fields = ''): string {
  const lines = Object.entries(replicas).map(([key, value]) => `    ${key}: ${value}`);
  return `apiVersion: kubeflow.org/v1
kind: TFJob
metadata: { name: mnist, namespace: ml }
spec:${fields}
  tfReplicaSpecs:
${lines.join('\n')}
`;
}

async function configsOf(text: string): Promise<Readonly<Record<string, string>>> {
  const { texts } = await previewOf(text);
  return Object.fromEntries(texts.map(({ title, content }) => [title.replace('TF_CONFIG of mnist-', ''), content]));
}

describe('TF_CONFIG', () => {
  test('names every replica, with its own port, by roles in lower case', async () => {
    const port =
      '{ replicas: 2, template: { spec: { containers: [{ name: tensorflow, image: tf, ports: [{ name: tfjob-port, containerPort: 3333 }] }] } } }';
    const cluster =
      '{"cluster":{"chief":["mnist-chief-0.ml.svc:2222"],"ps":["mnist-ps-0.ml.svc:2222"],"worker":["mnist-worker-0.ml.svc:3333","mnist-worker-1.ml.svc:3333"]}';
    expect(await configsOf(job({ Chief: replica(), worker: port, PS: replica() }))).toEqual({
      'chief-0': `${cluster},"task":{"type":"chief","index":0},"environment":"cloud"}`,
      'worker-0': `${cluster},"task":{"type":"worker","index":0},"environment":"cloud"}`,
      'worker-1': `${cluster},"task":{"type":"worker","index":1},"environment":"cloud"}`,
      'ps-0': `${cluster},"task":{"type":"ps","index":0},"environment":"cloud"}`,
    });
  });

  test('is sparse with dynamic workers', async () => {
    const text = job(
      { Chief: replica(), Worker: replica('replicas: 2, '), PS: replica() },
      '\n  enableDynamicWorker: true',
    );
    expect(await configsOf(text)).toEqual({
      'chief-0': '{"cluster":{"worker":{},"ps":[]},"task":{"type":"chief","index":0}}',
      'worker-0':
        '{"cluster":{"worker":{"0":"mnist-worker-0.ml.svc:2222"},"ps":["mnist-ps-0.ml.svc:2222"]},"task":{"type":"worker","index":0}}',
      'worker-1':
        '{"cluster":{"worker":{"1":"mnist-worker-1.ml.svc:2222"},"ps":["mnist-ps-0.ml.svc:2222"]},"task":{"type":"worker","index":1}}',
      'ps-0': '{"cluster":{"worker":{},"ps":["mnist-ps-0.ml.svc:2222"]},"task":{"type":"ps","index":0}}',
    });
  });

  test('has null for parameter servers that a dynamic job lacks', async () => {
    const text = job({ Worker: replica('replicas: 2, ') }, '\n  enableDynamicWorker: true');
    expect((await configsOf(text))['worker-0']).toContain('"ps":null');
  });

  test('keeps the old name of the chief, and has the evaluator and roles nobody knows among the others', async () => {
    const configs = await configsOf(job({ Master: replica(), Evaluator: replica(), Eval: replica() }));
    expect(Object.keys(configs)).toEqual(['master-0', 'evaluator-0', 'eval-0']);
    expect(configs['master-0']).toContain(
      '{"cluster":{"eval":["mnist-eval-0.ml.svc:2222"],"evaluator":["mnist-evaluator-0.ml.svc:2222"],"master":["mnist-master-0.ml.svc:2222"]}',
    );
  });

  test.each([
    ['one replica', { Worker: replica() }],
    ['one replica of a known role beside others that do not count', { Worker: replica(), Eval: replica() }],
  ])('is not set for %s', async (_title, replicas) => {
    const { texts, unknowns } = await previewOf(job(replicas));
    expect(texts).toEqual([]);
    expect(unknowns).toEqual(['TF_CONFIG is not set: the job has one replica, which trains by itself.']);
  });

  test.each([
    [
      'a number that is no number',
      job({ Worker: replica('replicas: many, ') }),
      'the number of replicas of Worker is not known',
    ],
    [
      'a number below zero',
      job({ Worker: replica('replicas: -1, ') }),
      'the number of replicas of Worker is not known',
    ],
    [
      'a template',
      job({ Worker: replica('replicas: {{ .Values.n }}, ') }),
      'the number of replicas of Worker is not known',
    ],
  ])('is not told where there is %s', async (_title, text, why) => {
    const { texts, unknowns } = await previewOf(text);
    expect(texts).toEqual([]);
    expect(unknowns).toEqual([`TF_CONFIG is not known: ${why}.`]);
  });

  test('is shown for some of many, and not at all for too many', async () => {
    const many = await previewOf(job({ Worker: replica('replicas: 40, ') }));
    expect(many.texts).toHaveLength(10);
    expect(many.unknowns[0]).toBe('TF_CONFIG is shown for 10 of 40 replicas; the others differ in their index.');
    expect(many.pods[0]?.names).toEqual(['mnist-worker-0', '...', 'mnist-worker-39']);
    const huge = await previewOf(job({ Worker: replica('replicas: 2000000000, ') }));
    expect(huge.texts).toEqual([]);
    expect(huge.unknowns[0]).toBe('TF_CONFIG has too many addresses to show.');
  });

  test('says where a namespace is missing', async () => {
    const text = job({ Worker: replica('replicas: 2, ') }).replace(', namespace: ml', '');
    const { texts, unknowns } = await previewOf(text);
    expect(texts[0]?.content).toContain('mnist-worker-0.<namespace>.svc:2222');
    expect(unknowns).toContain('The namespace in TF_CONFIG is the one the job is created in.');
  });
});

describe('a TFJob', () => {
  test('has a pod and a Service for each replica, and says what happens when they end', async () => {
    const lines = await linesOf(
      job({
        Worker: replica('replicas: 2, restartPolicy: ExitCode, '),
        PS: '{ restartPolicy: OnFailure, template: { spec: { containers: [{ name: tensorflow, image: tf, resources: { limits: { cpu: 2, memory: 4Gi, nvidia.com/gpu: 1 } } }] } } }',
      }),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'The operator creates the pods of 2 workers, 1 PS, and a headless Service for each.',
        'Service mnist-worker-1: Headless, to the pod of the same name.',
        'container tensorflow, image tf: processors 2, memory 4Gi, 1 nvidia.com/gpu',
        'When a replica ends with an error: worker: With an exit code of 128 or more the pod is made anew; with 1 to 127 the job fails (ExitCode).',
        'When a replica ends with an error: ps: Its container is started again (OnFailure).',
        'When the job has succeeded: It has when worker 0 ends well. Its pods stay, and parameter servers go on running (clean-up None).',
        'When the number of workers is changed: Workers are added, or those of the highest indices deleted, but those that run keep the TF_CONFIG of before, with the old number of workers.',
      ]),
    );
  });

  test('of a version that nobody runs any more has no preview', async () => {
    const old = job({ Worker: replica() }).replace('kubeflow.org/v1', 'kubeflow.org/v1beta1');
    await expect(previewOf(old)).rejects.toThrow('"state":"other"');
  });
});

describe('a TrainJob', () => {
  const trainJob = (fields: string): string => `apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainJob
metadata: { name: tune }
spec:
  runtimeRef: { name: torch-distributed }
  ${fields}
`;

  test('tells what it says itself, and that the rest is in its runtime', async () => {
    const preview = await previewOf(
      trainJob('trainer: { numNodes: 3, image: mine, resourcesPerNode: { requests: { cpu: 2, memory: 4Gi } } }'),
    );
    expect(preview.pods[0]).toMatchObject({ names: ['tune-node-0-<index>-<random>'], count: { least: 3, most: 3 } });
    expect(preview.totals?.most.memory.text).toBe('12.0 GiB');
    expect(preview.unknowns[0]).toContain('ClusterTrainingRuntime torch-distributed, which is not read here');
    // Seen with trainer 2.0.0 and JobSet 0.8.2.
    expect(preview.objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['JobSet tune', 'Service tune']);
  });

  test.each(['podSpecOverrides', 'podTemplateOverrides', 'runtimePatches'])(
    'tells that its %s change pods',
    async (field) => {
      const preview = await previewOf(trainJob(`${field}: [{}]`));
      expect(preview.unknowns).toContain(`Its ${field} change pods that the runtime describes.`);
    },
  );

  test('without numbers has none', async () => {
    const preview = await previewOf(trainJob('initializer: { dataset: { storageUri: hf://x } }'));
    expect(preview.pods.map(({ count }) => count.text)).toEqual(['as many as the runtime says', '1, before the nodes']);
    expect(preview.totals).toBeUndefined();
  });
});
