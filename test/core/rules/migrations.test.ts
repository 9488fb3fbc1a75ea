import { describe, expect, test } from 'vitest';
import { fixed, placedFindingsOf } from '#test/support/lint.ts';

const containers = (indent: number): string =>
  ['containers:', '  - name: tensorflow', '    image: example.com/mnist:1']
    .map((line) => ' '.repeat(indent) + line)
    .join('\n');

const tail = `  tfReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
${containers(10)}
`;

describe('policies that stand directly under spec', () => {
  const flat = `apiVersion: kubeflow.org/v1
kind: TFJob
metadata:
  name: mnist
spec:
  # How it ends.
  cleanPodPolicy: Running # keeps the logs
${tail}  backoffLimit: 3
`;

  test('move into a runPolicy, with the comments on their lines', async () => {
    expect(await fixed(flat)).toBe(`apiVersion: kubeflow.org/v1
kind: TFJob
metadata:
  name: mnist
spec:
  # How it ends.
  runPolicy:
    cleanPodPolicy: Running # keeps the logs
    backoffLimit: 3
${tail}`);
  });

  test('move with the line ends of the file', async () => {
    const windows = (text: string): string => text.replaceAll('\n', '\r\n');
    expect(await fixed(windows(flat))).toBe(windows(await fixed(flat)));
  });

  test('are told once, not as unknown fields as well', async () => {
    const codes = (await placedFindingsOf(flat)).map(({ code, path }) => `${code} ${path}`);
    expect(codes).toEqual(['TFJ08 spec.cleanPodPolicy', 'TFJ08 spec.backoffLimit']);
  });

  test('go to the runPolicy that is there', async () => {
    const beside = flat.replace('spec:\n  # How', 'spec:\n  runPolicy:\n    suspend: false\n  # How');
    const text = await fixed(beside);
    expect(text).toMatch(/runPolicy:\n {4}suspend: false\n/);
    expect((await placedFindingsOf(text)).map(({ code }) => code)).toEqual([]);
  });
});

describe('a TFJob of an old version', () => {
  const old = (version: string, spec: string): string =>
    `apiVersion: kubeflow.org/${version}\nkind: TFJob\nmetadata:\n  name: mnist\nspec:\n${spec}`;

  test.each(['v1alpha2', 'v1beta1', 'v1beta2'])('%s gets its runPolicy, with what was the default', async (version) => {
    const text = old(version, `  ttlSecondsAfterFinished: 600\n${tail}`);
    expect(await fixed(text)).toBe(
      old('v1', `  runPolicy:\n    ttlSecondsAfterFinished: 600\n    cleanPodPolicy: Running\n${tail}`),
    );
    expect(await fixed(old(version, tail))).toBe(old('v1', `  runPolicy:\n    cleanPodPolicy: Running\n${tail}`));
  });

  test('v1alpha1 gets a map for its list', async () => {
    const text = old(
      'v1alpha1',
      `  replicaSpecs:
    # Leads.
    - replicas: 1
      tfReplicaType: MASTER
      template:
        spec:
${containers(10)}
          restartPolicy: OnFailure
    - tfReplicaType: PS
      replicas: 2
      template:
        spec:
${containers(10)}
`,
    );
    expect(await fixed(text)).toBe(
      old(
        'v1',
        `  tfReplicaSpecs:
    # Leads.
    Chief:
      restartPolicy: OnFailure
      replicas: 1
      template:
        spec:
${containers(10)}
    PS:
      replicas: 2
      template:
        spec:
${containers(10)}
`,
      ),
    );
  });

  test.each([
    ['an unknown role', tail.replace('Worker', 'Eval')],
    ['a policy in the pod', tail.replace('        spec:\n', '        spec:\n          restartPolicy: OnFailure\n')],
    ['another container', tail.replace('name: tensorflow', 'name: trainer')],
    ['another field', `  tfImage: example.com/ps:1\n${tail}`],
  ])('is left to its author with %s', async (_what, spec) => {
    const text = old('v1beta1', spec);
    expect(await fixed(text)).toBe(text);
    expect((await placedFindingsOf(text)).map(({ code }) => code)).toEqual(['TFJ09']);
  });

  test.each([
    [
      'a list in the column of its key',
      `  replicaSpecs:\n  - replicas: 1\n    template:\n      spec:\n${containers(8)}\n`,
    ],
    [
      'a port of its own',
      `  replicaSpecs:\n    - replicas: 1\n      tfPort: 2222\n      template:\n        spec:\n${containers(10)}\n`,
    ],
    [
      'a termination policy',
      `  terminationPolicy:\n    chief:\n      replicaName: WORKER\n      replicaIndex: 0\n  replicaSpecs:\n    - template:\n        spec:\n${containers(10)}\n`,
    ],
  ])('v1alpha1 is left to its author with %s', async (_what, spec) => {
    const text = old('v1alpha1', spec);
    expect(await fixed(text)).toBe(text);
  });
});

describe('a SparkApplication of an old version', () => {
  const application = (version: string, policy: string): string => `apiVersion: sparkoperator.k8s.io/${version}
kind: SparkApplication
metadata:
  name: report
spec:
  type: Scala
  image: example.com/report:1
  mainClass: org.example.Report
  mainApplicationFile: local:///opt/app/report.jar
  sparkVersion: 3.5.6
  restartPolicy: ${policy}
  driver:
    serviceAccount: spark
  executor:
    instances: 1
`;

  test('is changed where nothing else has to', async () => {
    expect(await fixed(application('v1beta1', '{type: Never}'))).toBe(application('v1beta2', '{type: Never}'));
  });

  test('is left alone where more has to change', async () => {
    const text = application('v1alpha1', 'Never');
    expect(await fixed(text)).toBe(text);
    expect((await placedFindingsOf(text)).map(({ code }) => code)).toEqual(['SPK13']);
  });
});
