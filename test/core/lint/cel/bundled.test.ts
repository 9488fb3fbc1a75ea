import { describe, expect, test } from 'vitest';
import { nameOf } from '#test/agreement/cases/case.ts';
import { strimzi12Cases } from '#test/agreement/cases/conditions.ts';
import { manifestOf } from '#test/agreement/manifest.ts';
import { findingsOf, placedFindingsOf } from '#test/support/lint.ts';

/** What kube-apiserver 1.34 refuses with the definitions of Strimzi 1.2.0, by the beginning of what is changed. */
const refused: readonly (readonly [base: string, change: string, field: string])[] = [
  ['kafka', 'spec.kafka.rack {"topologyKey":""}', 'spec.kafka.rack'],
  ['kafka', 'spec.kafka.rack {}', 'spec.kafka.rack'],
  ['kafka', 'spec.kafka.rack {"type":"topology-label"}', 'spec.kafka.rack'],
  ['kafka', 'spec.kafka.rack {"type":"topology-label","topologyKey":""}', 'spec.kafka.rack'],
  ['kafka', 'spec.kafka.rack {"type":"environment-variable"}', 'spec.kafka.rack'],
  ['kafka', 'spec.kafka.rack {"type":"environment-variable","envVarName":""}', 'spec.kafka.rack'],
  ['kafka', 'spec.kafka.rack {"topologyKey":""}, spec.kafka.listeners[0].name "NO"', 'spec.kafka.rack'],
  ['connect', 'spec.rack {"type":"topology-label","topologyKey":""}', 'spec.rack'],
  ['connect', 'spec.rack {"type":"environment-variable"}', 'spec.rack'],
  ['kafkauser', 'spec.authentication.validityDays 30', 'spec.authentication'],
  ['kafkauser', 'spec.authentication.renewalDays 30', 'spec.authentication'],
  ['kafkauser', 'spec.authentication {"type":"tls","validityDays":30,"renewalDays":30}', 'spec.authentication'],
  ['kafkauser', 'spec.authentication {"type":"tls","validityDays":30,"renewalDays":40}', 'spec.authentication'],
  ['kafkauser', 'spec.authentication {"type":"scram-sha-512","validityDays":30}', 'spec.authentication'],
];

const fields = new Map(refused.map(([base, change, field]) => [`CEL01 ${base}: ${change}`, field]));

describe('conditions of Strimzi 1.2.0', () => {
  test.each(strimzi12Cases.map((subject) => [nameOf(subject), subject] as const))('%s', async (name, subject) => {
    const found = (await findingsOf(manifestOf(subject))).filter((line) => line.includes('CEL01'));
    const field = fields.get(name);
    expect(found.map((line) => line.replace(/^\S+ /, ''))).toEqual(field === undefined ? [] : [`CEL01 ${field}`]);
  });

  test('every refusal belongs to a case', () => {
    const names = new Set(strimzi12Cases.map(nameOf));
    expect([...fields.keys()].filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('conditions of a TrainJob', () => {
  const trainJob = (name: string, spec: string): string =>
    `apiVersion: trainer.kubeflow.org/v1alpha1\nkind: TrainJob\nmetadata:\n  name: ${name}\nspec:\n  runtimeRef:\n    name: torch-distributed\n${spec}`;

  test('stand at the value they are about', async () => {
    const text = trainJob(
      '9tune',
      '  managedBy: example.com/queue\n  initializer:\n    model:\n      storageUri: models\n',
    );
    expect(await findingsOf(text)).toEqual([
      '4:9 CEL01 <nil>',
      '8:14 CEL01 spec.managedBy',
      '11:19 CEL01 spec.initializer.model.storageUri',
    ]);
  });

  test('are told in words', async () => {
    const [finding] = await placedFindingsOf(trainJob('tune', '  managedBy: example.com/queue\n'));
    expect(finding?.message).toBe(
      'TrainJobs are managed by trainer.kubeflow.org/trainjob-controller or by kueue.x-k8s.io/multikueue. The API server refuses the object.',
    );
  });

  test('are not told where another error stands at the same value', async () => {
    expect(await findingsOf(trainJob('Tune', ''))).toEqual(['4:9 META02 metadata.name']);
  });

  test('leave alone what is filled in later', async () => {
    expect(await findingsOf(trainJob('${NAME}', '  initializer:\n    model:\n      storageUri: ${MODEL}\n'))).toEqual(
      [],
    );
  });
});
