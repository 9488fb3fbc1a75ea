import { describe, expect, test } from 'vitest';
import { objectAt } from '#core/json.ts';
import { textOf } from '#core/live/detail/html.ts';
import { renderOperator } from '#core/live/detail/operatorView.ts';
import { examineOperator, partsOf, unreadAnatomy } from '#core/live/operators/anatomy/examine.ts';
import { subjectOf } from '#core/live/operators/anatomy/subject.ts';
import { knownOperators } from '#core/live/operators/table.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { START } from '#test/support/fakeClock.ts';
import { manifest } from '#test/support/liveManifests.ts';
import { clusterOf, customOf, judged } from '#test/support/liveViews.ts';
import { application, look, whole } from '#test/support/operatorLook.ts';
import {
  clusterRole,
  clusterRoleBinding,
  clusterWith,
  definition,
  OPS,
  operatorContext,
  operatorOf,
  operatorWorkload,
  POD,
  slice,
  sparkDefinition,
} from '#test/support/operatorObjects.ts';

function withConverter(object: JsonObject): JsonObject {
  const service = { namespace: OPS, name: 'converter' };
  const conversion = { strategy: 'Webhook', webhook: { clientConfig: { service } } };
  return { ...object, spec: { ...objectAt(object, 'spec'), conversion } };
}

describe('an operator that is well', () => {
  test('shows what it runs as, defines, may do and is asked, and has no trouble', async () => {
    const cluster = clusterWith(...whole, application('jobs', 'a'), application('jobs', 'b'), application('web', 'c'));
    const { anatomy, troubles, page } = await look(cluster);
    expect(troubles).toEqual([]);
    expect(anatomy.controller).toMatchObject({
      kind: 'read',
      value: { serviceAccount: 'spark', pods: [{ name: POD, isReady: true }] },
    });
    expect(page).toContain('ghcr.io/kubeflow/spark-operator/controller:2.5.2');
    expect(page).toContain(`${POD} by the lease spark-operator-lock, renewed`);
    expect(page).toContain('SparkApplication (sparkoperator.k8s.io) v1beta2 v1beta2 v1beta2 None 3');
    expect(page).toContain('its own kinds * of sparkoperator.k8s.io');
    expect(page).toContain('makes and ends pods pods');
    expect(page).toContain('Rules that matter; 1 other not shown');
    expect(page).toContain(
      'mutate--v1-pod.sparkoperator.k8s.io (mutating) create, update pods hooks 1 Fail: the write is refused',
    );
    expect(page).toContain('No errors in the last 0 lines of its log.');
    expect(page).toContain('All namespaces.');
    expect(page).toContain('While it is not there: Drivers that run go on');
    expect(cluster.writes).toEqual([]);
  });

  test('is told part by part, and says so meanwhile', async () => {
    const operator = operatorOf(operatorWorkload());
    const view = operatorContext(operator);
    const seen: number[] = [];
    await examineOperator(clusterWith(...whole), subjectOf(view, operator), [operator], START, (anatomy) => {
      seen.push(partsOf(anatomy).filter(({ kind }) => kind === 'read').length);
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const page = renderOperator({
      view,
      operator,
      anatomy: unreadAnatomy(START),
      context: 'test',
      isDemo: true,
      now: START,
    });
    expect(textOf(page)).toMatch(/This is a simulation.*It is being read\..*This is being read\./);
  });
});

describe('what an operator watches', () => {
  const watched = async (image: string, args: readonly string[] = []): Promise<string> => {
    const { page } = await look(clusterWith(...whole), operatorWorkload({ image, args }));
    return /(?:All namespaces|Not known)[^.]*\.(?: (?:By|Nothing|It has)[^.]*\.?)?/.exec(page)?.[0] ?? page;
  };

  test('is told with what sets it, and whether anything could', async () => {
    const spark = 'ghcr.io/kubeflow/spark-operator/controller:2.5.2';
    expect(await watched(spark, ['--namespaces=*'])).toContain('All namespaces. By --namespaces=*');
    expect(await watched(spark)).toBe('All namespaces. Nothing sets it, so this is its default.');
    expect(await watched('ghcr.io/kubeflow/trainer/trainer-controller-manager:v2.0.0')).toBe(
      'All namespaces. It has no setting that could limit them.',
    );
    expect(await watched('apache/spark-kubernetes-operator:1.0.0')).toMatch(/^Not known/);
  });
});

describe('what is wrong with its definitions', () => {
  const strimzi = operatorWorkload({ image: 'quay.io/strimzi/operator:1.2.0' });
  const kafkas = {
    name: 'kafkas.kafka.strimzi.io',
    group: 'kafka.strimzi.io',
    kind: 'Kafka',
    plural: 'kafkas',
    versions: ['v1'],
    flavour: 'strimzi',
  };
  const old = { name: 'v1beta2', served: false };
  const present = { name: 'v1', storage: true };

  test.each([
    [
      'a stored version that is no longer served',
      [present, old],
      'warning: kafkas.kafka.strimzi.io: objects may still be kept as v1beta2, which is no longer served; write them anew and take v1beta2 out of status.storedVersions before an update drops it',
    ],
    [
      'a stored version that is gone',
      [present],
      'unhealthy: kafkas.kafka.strimzi.io: objects may be kept as v1beta2, a version that the definition no longer has: they cannot be read',
    ],
  ])('%s', async (_, versions, expected) => {
    const everything = clusterRole('spark', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
    const kafka = definition('kafka.strimzi.io', 'Kafka', versions, ['v1beta2', 'v1']);
    const cluster = clusterWith(strimzi, kafka, everything, clusterRoleBinding('spark'));
    const { troubles, page } = await look(cluster, strimzi, { definitions: [kafkas] });
    expect(troubles).toEqual([expected]);
    expect(page).toContain('v1beta2 (not served), v1');
    expect(page).toContain('may do everything');
  });

  test('a service that should convert and does not', async () => {
    const converted = withConverter(sparkDefinition);
    const { troubles, page } = await look(clusterWith(...whole, converted));
    expect(troubles).toEqual([
      'unhealthy: sparkapplications.sparkoperator.k8s.io: its service converter is not there, so that objects kept in another version than asked for can be neither read nor written',
    ]);
    expect(page).toContain('Webhook ops/converter');
    const service = manifest(
      'v1',
      'Service',
      'converter',
      { namespace: OPS },
      { spec: { selector: { app: 'operator' } } },
    );
    const slices = {
      ...slice(true),
      metadata: { name: 's', namespace: OPS, labels: { 'kubernetes.io/service-name': 'converter' } },
    };
    expect((await look(clusterWith(...whole, converted, service, slices))).troubles).toEqual([]);
  });

  test('objects where it does not watch', async () => {
    const deployment = operatorWorkload({ args: ['controller', 'start', '--namespaces=jobs'] });
    const cluster = clusterWith(
      ...whole,
      deployment,
      application('jobs', 'a'),
      application('lab', 'b'),
      application('lab', 'c'),
    );
    const owned = clusterOf('b', {
      namespace: 'lab',
      system: 'spark',
      flavour: 'kubeflow-spark-operator',
      resource: customOf('SparkApplication', 'b'),
    });
    const { troubles, page } = await look(cluster, deployment, { clusters: [judged(owned)] });
    expect(troubles).toEqual(['warning: 2 objects of SparkApplication in namespaces that it does not watch (lab)']);
    expect(page).toContain('By --namespaces=jobs');
    expect(page).toContain('no: it does not watch the namespace');
  });
});

test('what may not be read is shown in its own section, and nowhere else', async () => {
  const cluster = clusterWith(...whole);
  const hidden = new Set([
    'customresourcedefinitions',
    'mutatingwebhookconfigurations',
    'leases',
    'sparkapplications',
    'clusterrolebindings',
  ]);
  cluster.isForbidden = ({ resource }) => hidden.has(resource);
  const { troubles, page } = await look(cluster);
  expect(troubles).toEqual([]);
  for (const sentence of [
    'The definitions of its kinds may not be read.',
    'The number of their objects may not be read.',
    'The webhook configurations may not be read.',
    'Its leases may not be read.',
    'ClusterRoleBindings may not be read.',
  ]) {
    expect(page).toContain(sentence);
  }
  cluster.isForbidden = ({ resource }) => resource === 'deployments';
  expect((await look(cluster)).page).toContain('Its Deployment may not be read.');
});

test('where not all namespaces may be listed, objects are counted in those that may', async () => {
  const cluster = clusterWith(...whole, application('jobs', 'a'), application('lab', 'b'));
  cluster.isForbidden = ({ resource, namespace }) => resource === 'sparkapplications' && namespace === undefined;
  const { page } = await look(cluster, operatorWorkload(), { namespaces: ['jobs'] });
  expect(page).toContain('1 where it may be looked');
});

test.each(knownOperators.map(({ title, flavour }) => [title, flavour] as const))(
  '%s has a page of the one shape',
  async (title, flavour) => {
    const operator = { ...operatorOf(operatorWorkload()), title, flavour };
    const view = operatorContext(operator, { definitions: [] });
    let anatomy = unreadAnatomy(START);
    await examineOperator(
      clusterWith(...whole),
      subjectOf(view, operator),
      [operator],
      START,
      (more) => (anatomy = more),
    );
    const page = textOf(renderOperator({ view, operator, anatomy, context: 'test', isDemo: false, now: START }));
    for (const heading of [
      'Runs as',
      'Definitions',
      'Watched namespaces',
      'Data clusters',
      'Webhooks',
      'Rights',
      'Last errors',
    ]) {
      expect(page).toContain(heading);
    }
    expect(page).toContain('None of its kinds is defined here');
  },
);
