import { describe, expect, it } from 'vitest';
import { isOwnedText, ownedTextPattern } from '#client/coexistence/ownership.ts';
import { isRepeated } from '#client/coexistence/overlap.ts';
import { decideCoexistence, hasKubernetesSchemas } from '#client/coexistence/policy.ts';
import { belongsToDataCluster } from '#core/language/coexistence.ts';
import { LintEngine } from '#core/lint/engine.ts';
import { defaultLintSettings } from '#core/lint/settings.ts';
import { SchemaCatalog } from '#core/schema/catalog.ts';

const nobody = { redHatYaml: false, redHatKubernetesSchemas: false, kubernetesTools: false };
const redHat = { ...nobody, redHatYaml: true };

describe('decideCoexistence', () => {
  it('checks everything and claims nothing when we are alone', () => {
    expect(decideCoexistence('auto', nobody)).toEqual({
      otherValidators: false,
      claimOurFiles: false,
      yieldSyntax: false,
    });
  });

  it('keeps all manifests when Red Hat YAML has no schemas for them, and gives way in syntax only', () => {
    expect(decideCoexistence('auto', redHat)).toEqual({
      otherValidators: false,
      claimOurFiles: true,
      yieldSyntax: true,
    });
  });

  it.each([
    ['the Kubernetes extension', { ...redHat, kubernetesTools: true }],
    ['a setting', { ...redHat, redHatKubernetesSchemas: true }],
  ])('leaves other manifests to Red Hat YAML when it has schemas by %s', (_, others) => {
    expect(decideCoexistence('auto', others).otherValidators).toBe(true);
  });

  it('knows no other validator while Red Hat YAML does not validate', () => {
    const others = { redHatYaml: false, redHatKubernetesSchemas: true, kubernetesTools: true };
    expect(decideCoexistence('auto', others).otherValidators).toBe(false);
  });

  it('neither claims nor gives way when everything is asked of us', () => {
    const policy = decideCoexistence('full', { ...redHat, kubernetesTools: true });
    expect(policy).toMatchObject({ claimOurFiles: false, yieldSyntax: false });
  });
});

describe('hasKubernetesSchemas', () => {
  it.each([
    [{ kubernetes: ['k8s/*.yaml'] }, true],
    [{ kubernetes: 'k8s/*.yaml' }, true],
    [{ 'https://example.org/kubernetes-json-schema/all.json': '*.yaml' }, true],
    [{ kubernetes: [] }, false],
    [{ kubernetes: '' }, false],
    [{ 'https://example.org/compose.json': '*.yaml' }, false],
    [{}, false],
    [undefined, false],
    ['kubernetes', false],
  ])('answers %j with %s', (setting, answer) => {
    expect(hasKubernetesSchemas(setting)).toBe(answer);
  });
});

const ownGroups = [
  'kafka.strimzi.io/v1',
  'core.strimzi.io/v1',
  'kafka.banzaicloud.io/v1beta1',
  'cassandra.datastax.com/v1beta1',
  'control.k8ssandra.io/v1alpha1',
  'cassandraoperator.instaclustr.com/v1alpha1',
  'db.orange.com/v2',
  'sparkoperator.k8s.io/v1beta2',
  'spark.apache.org/v1',
  'kubeflow.org/v1',
  'trainer.kubeflow.org/v1alpha1',
];

const images = ['cassandra:5', 'apache/kafka:4', 'Zookeeper', 'apache/SPARK:4', 'tensorflow/serving'];
const words = ['TF_CONFIG', 'tf-job-name', 'tfjob', 'STRIMZI', 'K8ssandra', 'kubeflow'];

const texts = [
  ...ownGroups.map((apiVersion) => `apiVersion: ${apiVersion}\nkind: X\nmetadata:\n  name: x\n`),
  ...[...images, ...words].map((word) => `apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: x\n# ${word}\n`),
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n',
  'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: x\n',
];

const engine = new LintEngine({ catalog: new SchemaCatalog([]), settings: defaultLintSettings });

function serverOwns(text: string): boolean {
  return engine.analyzeText(text).slices.some(belongsToDataCluster);
}

describe('the files that are ours', () => {
  it.each(texts)('are those the server takes for ours: %j', (text) => {
    expect(isOwnedText(text)).toBe(serverOwns(text));
  });

  it('are none that only speak of a system without being manifests', () => {
    expect(isOwnedText('services:\n  broker:\n    image: apache/kafka:4\n')).toBe(false);
  });

  it('are found by the pattern as Red Hat YAML uses it', () => {
    expect(ownedTextPattern).not.toContain(':');
    const pattern = new RegExp(ownedTextPattern, 'g');
    expect(pattern.test('apiVersion: v1\nkind: Service\n---\nkind: Kafka\napiVersion: x/v1\n')).toBe(true);
  });

  it('are told quickly in a large file of others', () => {
    const text = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\n'.repeat(20_000);
    expect(isOwnedText(text)).toBe(false);
  });
});

describe('isRepeated', () => {
  const own = { code: 'YAML01', source: 'data-clusters', startLine: 4 };
  const theirs = { code: undefined, source: 'YAML', startLine: 4 };

  it('leaves out a syntax error on a line where Red Hat YAML reports one', () => {
    expect(isRepeated(own, [theirs])).toBe(true);
  });

  it.each([
    ['it says more than that it is no YAML', { ...own, code: 'STR01' }, [theirs]],
    ['the other one is on another line', own, [{ ...theirs, startLine: 5 }]],
    ['the other one comes from a schema', own, [{ ...theirs, source: 'yaml-schema: x' }]],
    ['the other one is ours too', own, [own]],
  ])('keeps a finding when %s', (_, finding, others) => {
    expect(isRepeated(finding, others)).toBe(false);
  });
});
