import { describe, expect, it } from 'vitest';
import { findingsOf, fixed, placedFindingsOf } from '#test/support/lint.ts';

/** A pod whose container has a few lines more, from line 7 on. */
const POD = (body: string): string => {
  const lines = /^image:/m.test(body) ? body : `${body}image: a\n`;
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: c\n${lines.replaceAll(/^(?=.)/gm, '      ')}`;
};

describe('text that is not analysed', () => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 10; i++)
    bomb.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);

  it.each([
    ['an alias bomb', bomb.join('\n'), 'YAML03'],
    ['10,000 open brackets', `a: ${'['.repeat(10_000)}`, 'YAML03'],
    ['an open bracket on the first line', '', 'YAML01', '{apiVersion: v1, kind: Pod, metadata: {name: a}\n'],
  ])('%s is one finding', async (_name, body, code, text = `apiVersion: v1\nkind: ConfigMap\n${body}\n`) => {
    expect((await findingsOf(text)).map((line) => line.split(' ')[1])).toEqual([code]);
  });
});

describe('what the server decodes', () => {
  it.each([
    [
      'a boolean word for a string',
      POD('env: [{name: A, value: yes}]\n'),
      ['7:30 DEC01 spec.containers[0].env[0].value'],
    ],
    [
      'an octal number for a string',
      POD('env: [{name: A, value: 0644}]\n'),
      ['7:30 DEC01 spec.containers[0].env[0].value'],
    ],
    [
      'a plain number for a string',
      POD('env: [{name: A, value: 8}]\n'),
      ['7:30 DEC05 spec.containers[0].env[0].value'],
    ],
    [
      'a string for a number',
      POD('ports: [{containerPort: "80"}]\n'),
      ['7:31 DEC05 spec.containers[0].ports[0].containerPort'],
    ],
    [
      'a fraction for an integer',
      POD('ports: [{containerPort: 80.5}]\n'),
      ['7:31 DEC05 spec.containers[0].ports[0].containerPort'],
    ],
    [
      'a number beyond 32 bits',
      POD('ports: [{containerPort: 4294967296}]\n'),
      ['7:31 DEC05 spec.containers[0].ports[0].containerPort'],
    ],
    ['a list for an object', POD('resources: []\n'), ['7:7 DEC05 spec.containers[0].resources']],
    ['an object for a list', POD('ports: {containerPort: 1}\n'), ['7:7 DEC05 spec.containers[0].ports']],
    [
      'a wrong quantity',
      POD('resources: {limits: {memory: 8gi}}\n'),
      ['7:36 DEC06 spec.containers[0].resources.limits.memory'],
    ],
    ['an unknown field', POD('imagePolicy: Always\n'), ['7:7 DEC04 spec.containers[0].imagePolicy']],
    [
      'a value that is no base64',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: b!}\n',
      ['4:11 VAL05 data.a'],
    ],
    ['a repeated key', POD('image: a\nimage: b\n'), ['8:7 DEC03 spec.containers[0].image']],
    [
      'a key that is no string',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  on: "1"\n',
      ['5:3 DEC02 data.on'],
    ],
    [
      'a value outside the enum',
      POD('imagePullPolicy: Sometimes\n'),
      ['7:24 VAL02 spec.containers[0].imagePullPolicy'],
    ],
    [
      'a missing field',
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec:\n  serviceName: a\n  template: {}\n',
      ['4:1 VAL01 spec.selector'],
    ],
  ])('tells %s', async (_name, text, expected) => {
    expect(await findingsOf(text)).toEqual(expected);
  });

  it.each([
    [
      'integers of any spelling',
      POD('ports: [{containerPort: 0b11}, {containerPort: 0o4}, {containerPort: 5.0}, {containerPort: 1_0}]\n'),
    ],
    ['fractions as quantities of built-in kinds', POD('resources: {limits: {cpu: 1.5, memory: +8Gi}}\n')],
    ['null for what is optional', POD('args: null\nports:\nenv: ~\n')],
    ['an empty enum, which is defaulted', POD('imagePullPolicy: ""\n')],
    [
      'a merge key whose entry is overridden',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: a}\ndata:\n  <<: *m\n  name: b\n',
    ],
    [
      'ports by number or name',
      POD('livenessProbe: {tcpSocket: {port: cql}}\nreadinessProbe: {tcpSocket: {port: 9042}}\n'),
    ],
    [
      'values that are filled in later',
      POD('image: ${IMAGE}\nports: [{containerPort: ${PORT}}]\n').replaceAll(
        '[{containerPort: ${PORT}}]',
        '[{containerPort: "${PORT}"}]',
      ),
    ],
    ['kinds nobody here knows', 'apiVersion: example.org/v1\nkind: Thing\nspec: {anything: [goes]}\n'],
    ['YAML that is no Kubernetes object', 'services:\n  web:\n    image: x\n'],
    [
      'a kustomize patch',
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n      containers:\n        - $patch: delete\n          name: c\n',
    ],
    [
      'a Helm template',
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: {{ .Release.Name }}\n  {{- include "x" . | nindent 2 }}\nspec:\n  replicas: {{ .Values.replicas }}\n  {{- if .Values.x }}\n  podManagementPolicy: Parallel\n  {{- end }}\n',
    ],
    [
      'free-form custom resource parts',
      'apiVersion: cassandra.datastax.com/v1beta1\nkind: CassandraDatacenter\nmetadata: {name: dc1}\nspec:\n  clusterName: chicago\n  serverType: cassandra\n  serverVersion: 5.0.4\n  size: 3\n  storageConfig: {}\n  config: {cassandra-yaml: {num_tokens: 16}}\n',
    ],
  ])('accepts %s', async (_name, text) => {
    expect(await findingsOf(text)).toEqual([]);
  });

  it.each([
    ['quotes a string', POD('env:\n  - {name: A, value: yes}\n'), 'value: "yes"'],
    ['takes quotes off a number', POD('ports:\n  - containerPort: "80"\n'), 'containerPort: 80\n'],
    ['repairs a quantity', POD('resources:\n  limits:\n    memory: 8 GB\n'), 'memory: 8G\n'],
    ['corrects a name', POD('comand: [a]\n'), 'command: [a]'],
    ['corrects a value', POD('imagePullPolicy: always\n'), 'imagePullPolicy: Always'],
    [
      'renews a version that only changed its name',
      'apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: a}\n',
      'apiVersion: batch/v1\n',
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await fixed(text)).toContain(expected);
  });
});

describe('what is wrong with apiVersion and kind', () => {
  it.each([
    ['apiVersion: v1\nkind: StatefulSet\nmetadata: {name: a}\n', 'served as apps/v1'],
    ['apiVersion: apps/v1\nkind: Statefulset\nmetadata: {name: a}\n', 'did you mean StatefulSet?'],
    ['apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: a}\n', 'not served since Kubernetes 1.22'],
    ['apiVersion: a/b/c\nkind: Ingress\nmetadata: {name: a}\n', 'is no apiVersion'],
  ])('%j: %s', async (text, expected) => {
    const findings = await placedFindingsOf(text);
    expect(findings.map((finding) => finding.code)).toEqual(['DEC08']);
    expect(findings[0]?.message).toContain(expected);
  });
});

describe('constraints of custom resources', () => {
  const topic = (spec: string): string =>
    `apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata: {name: t, labels: {strimzi.io/cluster: c}}\nspec: ${spec}\n`;

  it.each([
    ['a bound', topic('{partitions: 0}'), 'VAL03'],
    ['an unknown field', topic('{partition: 3}'), 'DEC04'],
    [
      'a fraction as a quantity',
      'apiVersion: kafka.strimzi.io/v1\nkind: KafkaNodePool\nmetadata: {name: p, labels: {strimzi.io/cluster: c}}\nspec:\n  replicas: 3\n  roles: [broker]\n  storage: {type: ephemeral}\n  resources: {limits: {cpu: 1.5}}\n',
      'DEC06',
    ],
  ])('%s', async (_name, text, code) => {
    expect((await placedFindingsOf(text)).map((finding) => finding.code)).toEqual([code]);
  });
});
