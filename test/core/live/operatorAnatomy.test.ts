import { describe, expect, test } from 'vitest';
import { objectAt } from '#core/json.ts';
import { textOf } from '#core/live/detail/html.ts';
import { renderOperator } from '#core/live/detail/operatorView.ts';
import { examineOperator, partsOf, unreadAnatomy } from '#core/live/operators/anatomy/examine.ts';
import type { OperatorAnatomy } from '#core/live/operators/anatomy/model.ts';
import { subjectOf } from '#core/live/operators/anatomy/subject.ts';
import { operatorTroubles } from '#core/live/operators/anatomy/troubles.ts';
import { knownOperators } from '#core/live/operators/table.ts';
import type { JsonObject } from '#core/live/ports.ts';
import type { ContextView } from '#core/live/view.ts';
import { START } from '#test/support/fakeClock.ts';
import type { FakeCluster } from '#test/support/fakeCluster.ts';
import { manifest } from '#test/support/liveManifests.ts';
import { clusterOf, customOf, healthOf, judged } from '#test/support/liveViews.ts';
import {
  clusterRole,
  clusterRoleBinding,
  clusterWith,
  definition,
  hookService,
  lease,
  minutesAgo,
  OPS,
  operatorContext,
  operatorOf,
  operatorPod,
  operatorWorkload,
  POD,
  slice,
  sparkDefinition,
  webhookConfiguration,
} from '#test/support/operatorObjects.ts';

const ALL = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
const rules = [
  { apiGroups: ['sparkoperator.k8s.io'], resources: ['*'], verbs: ALL },
  { apiGroups: [''], resources: ['pods'], verbs: ALL },
  { apiGroups: [''], resources: ['events'], verbs: ['create'] },
];
const hooked = [webhookConfiguration(), hookService, slice(true)];
const whole = [
  operatorWorkload(),
  operatorPod(),
  sparkDefinition,
  clusterRole('spark', rules),
  clusterRoleBinding('spark'),
  lease(`${POD}_3f2a`),
  ...hooked,
];

const application = (namespace: string, name: string): JsonObject =>
  manifest('sparkoperator.k8s.io/v1beta2', 'SparkApplication', name, { namespace });

function withConverter(object: JsonObject): JsonObject {
  const service = { namespace: OPS, name: 'converter' };
  const conversion = { strategy: 'Webhook', webhook: { clientConfig: { service } } };
  return { ...object, spec: { ...objectAt(object, 'spec'), conversion } };
}

interface Look {
  readonly anatomy: OperatorAnatomy;
  readonly view: ContextView;
  readonly troubles: readonly string[];
  readonly page: string;
}

async function look(
  cluster: FakeCluster,
  deployment = operatorWorkload(),
  change: Partial<ContextView> = {},
): Promise<Look> {
  const operator = operatorOf(deployment);
  const view = operatorContext(operator, change);
  let anatomy = unreadAnatomy(START);
  await examineOperator(cluster, subjectOf(view, operator), view.operators, START, (more) => (anatomy = more));
  const troubles = operatorTroubles(view, operator, anatomy)
    .filter(({ level }) => level !== 'healthy')
    .map(({ level, text }) => `${level}: ${text}`);
  const page = textOf(renderOperator({ view, operator, anatomy, context: 'test', isDemo: false, now: START }));
  return { anatomy, view, troubles, page: page.replaceAll(/ {2,}/g, ' ') };
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

describe('what is wrong with its webhooks', () => {
  const without = whole.filter((object) => !hooked.includes(object));

  test.each<readonly [string, readonly JsonObject[], readonly string[]]>([
    [
      'nothing ready behind the service of one that must answer',
      [webhookConfiguration(), hookService, slice(false)],
      [
        'unhealthy: webhook mutate--v1-pod.sparkoperator.k8s.io: nothing ready stands behind its service hooks, and failurePolicy Fail refuses every create, update pods',
      ],
    ],
    [
      'no service, and a policy that ignores it',
      [webhookConfiguration({ failurePolicy: 'Ignore' })],
      [
        'warning: webhook mutate--v1-pod.sparkoperator.k8s.io: its service hooks is not there, and failurePolicy Ignore lets pass what it should have seen: drivers and executors are made without their volumes, ConfigMaps, environment, affinity, tolerations and sidecars',
      ],
    ],
    [
      'no webhook for pods',
      [],
      [
        'warning: no webhook of it changes pods: drivers and executors are made without their volumes, ConfigMaps, environment, affinity, tolerations and sidecars',
      ],
    ],
    [
      'no authority',
      [webhookConfiguration({ caBundle: '' }), hookService, slice(undefined)],
      [
        'warning: webhook mutate--v1-pod.sparkoperator.k8s.io has no caBundle, so the API server trusts it only if its certificate is publicly known',
      ],
    ],
  ])('%s', async (_, objects, expected) => {
    expect((await look(clusterWith(...without, ...objects))).troubles).toEqual(expected);
  });

  test('webhooks of others are none of it', async () => {
    const foreign = [
      webhookConfiguration({ namespace: 'elsewhere' }),
      webhookConfiguration({ type: 'Validating', group: 'apps', resource: 'deployments', name: 'policy.example' }),
    ];
    const other = manifest('v1', 'Service', 'hooks', { namespace: OPS }, { spec: { selector: { app: 'policy' } } });
    const { anatomy } = await look(clusterWith(...without, ...foreign, other));
    expect(anatomy.webhooks).toEqual({ kind: 'read', value: [] });
  });
});

describe('who leads and who may what', () => {
  test('a lease that nobody renews', async () => {
    const { troubles } = await look(clusterWith(...whole, lease('operator-6d4f9-gone1_1', 9)));
    expect(troubles).toEqual([
      'warning: nobody has renewed the lease spark-operator-lock for 9 min: no replica leads, or it no longer uses it',
    ]);
  });

  test('leases of others are not its own', async () => {
    const cluster = clusterWith(...whole, lease('operator-webhook-6d4f9-x7k2p'));
    expect((await look(cluster)).anatomy.leases).toEqual({ kind: 'read', value: [] });
  });

  test('a role that does not let it watch its kinds', async () => {
    const { troubles } = await look(clusterWith(...whole, clusterRole('spark', [rules[1] ?? {}])));
    expect(troubles).toEqual([
      'warning: no role lets its ServiceAccount spark list and watch sparkapplications.sparkoperator.k8s.io',
    ]);
  });

  test('says nothing of missing rights where a role may not be read', async () => {
    const cluster = clusterWith(...whole);
    cluster.isForbidden = ({ resource }) => resource === 'clusterroles';
    const { troubles, page } = await look(cluster);
    expect(troubles).toEqual([]);
    expect(page).toContain('ClusterRole spark may not be read.');
  });
});

describe('its last errors', () => {
  const lines = [
    `${minutesAgo(40)} E0101 11:20:00.000001       1 reflector.go:147] failed to list pods: timeout 17`,
    `${minutesAgo(30)} {"level":"info","msg":"ERROR is a word here"}`,
    `${minutesAgo(20)} {"level":"error","msg":"Reconciler error","error":"no \\u001b[31mimage"}`,
    `${minutesAgo(3)} E0101 11:57:00.000001       1 reflector.go:147] failed to list pods: timeout 42`,
  ];

  test('are those of its log, each once, newest first, as plain text', async () => {
    const cluster = clusterWith(...whole);
    cluster.onLogs = ({ pod, container, previous }, handlers) => {
      expect([pod, container, previous]).toEqual([POD, 'main', false]);
      handlers.lines(lines);
      handlers.ended(undefined);
    };
    const { anatomy, troubles, page } = await look(cluster);
    expect(anatomy.errors).toMatchObject({
      kind: 'read',
      value: {
        looked: 4,
        lines: [
          { text: 'failed to list pods: timeout 42', count: 2, pod: POD },
          { text: 'Reconciler error: no [31mimage', count: 1 },
        ],
      },
    });
    expect(troubles).toEqual(['warning: its log tells errors, the last one: failed to list pods: timeout 42']);
    expect(page).not.toContain('\u001b');
  });

  test('are bounded, whatever the log holds', async () => {
    const cluster = clusterWith(...whole);
    const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(97 + index));
    cluster.onLogs = (_, handlers) => {
      const words = letters.flatMap((a) => letters.map((b) => `ERROR ${a}${b}z ${'x'.repeat(9_000)}`));
      handlers.lines(words);
      handlers.ended(undefined);
    };
    const { anatomy } = await look(cluster);
    const errors = anatomy.errors.kind === 'read' ? anatomy.errors.value.lines : [];
    expect([errors.length, Math.max(...errors.map(({ text }) => text.length))]).toEqual([20, 400]);
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

test('nobody reconciles, or two do', async () => {
  const scaled = operatorWorkload({ replicas: 0 });
  const owned = clusterOf('a', { namespace: 'jobs', system: 'spark', flavour: 'kubeflow-spark-operator' });
  const alone = await look(clusterWith(...whole, scaled), scaled, { clusters: [judged(owned, healthOf('done'))] });
  expect(alone.troubles[0]).toMatch(/^unhealthy: 1 data cluster without an operator: Drivers that run go on/);
  expect(alone.page).toContain('no: none of its replicas is ready');
  const other = { ...operatorOf(operatorWorkload()), namespace: 'twin' };
  const own = operatorOf(operatorWorkload());
  const { troubles } = await look(clusterWith(...whole), operatorWorkload(), { operators: [own, other] });
  expect(troubles).toEqual([
    'warning: operator in the namespace twin watches the same namespaces, so that both reconcile what is there',
  ]);
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
