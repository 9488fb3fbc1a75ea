import { applyObjects } from '../../bed/kubectl.ts';
import { until } from '../../bed/commands.ts';
import type { JsonObject } from '../../bed/json.ts';
import { control, tryControl, type TestCluster } from '../suite.ts';

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
}

const kinds: readonly Kind[] = [
  ['sparkoperator.k8s.io', 'v1beta2', 'SparkApplication'],
  ['sparkoperator.k8s.io', 'v1beta2', 'ScheduledSparkApplication'],
  ['sparkoperator.k8s.io', 'v1alpha1', 'SparkConnect'],
  ['spark.apache.org', 'v1', 'SparkApplication'],
  ['spark.apache.org', 'v1', 'SparkCluster'],
].map(([group = '', version = '', kind = '']) => ({ group, version, kind, plural: `${kind.toLowerCase()}s` }));

const nameOf = ({ plural, group }: Kind): string => `${plural}.${group}`;

/**
 * Makes the definitions that a cluster lacks, and returns how to take those away again. A bed has all of them from its own preparation; others
 * get plain ones that let every field through and write the status by itself, as the operators' own do.
 */
export async function ensureDefinitions(test: TestCluster): Promise<() => Promise<void>> {
  const there = new Set(
    (await control(test, 'get', 'crd', '-o', 'name')).split('\n').map((line) => line.split('/')[1]),
  );
  const missing = kinds.filter((kind) => !there.has(nameOf(kind)));
  const names = missing.map(nameOf);
  if (names.length === 0) return () => Promise.resolve();
  await applyObjects(test.access, missing.map(definitionOf));
  const wait = ['wait', '--for=condition=Established', '--timeout=20s', 'crd', ...names];
  await until('the definitions to be served', 60, async () => (await tryControl(test, wait)).code === 0);
  return async () => {
    await tryControl(test, ['delete', 'crd', ...names, '--ignore-not-found', '--timeout=60s']);
  };
}

function definitionOf(own: Kind): JsonObject {
  const { group, kind, plural, version } = own;
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: anything, status: anything } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    // Groups that end in k8s.io are refused without it.
    metadata: { name: nameOf(own), annotations: { 'api-approved.kubernetes.io': 'unapproved, made for a test' } },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}
