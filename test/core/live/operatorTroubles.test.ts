import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#core/live/ports.ts';
import { START } from '#test/support/fakeClock.ts';
import type { FakeCluster } from '#test/support/fakeCluster.ts';
import { manifest } from '#test/support/liveManifests.ts';
import { clusterOf, healthOf, judged } from '#test/support/liveViews.ts';
import { hooked, look, rules, whole, type Look } from '#test/support/operatorLook.ts';
import {
  clusterRole,
  clusterWith,
  hookService,
  lease,
  minutesAgo,
  OPS,
  operatorOf,
  operatorWorkload,
  POD,
  slice,
  webhookConfiguration,
} from '#test/support/operatorObjects.ts';

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

  test('a role that is bound in its own namespace is found although others may not be looked at', async () => {
    const group = 'rbac.authorization.k8s.io';
    const roleRef = { apiGroup: group, kind: 'Role', name: 'election' };
    const subjects = [{ kind: 'ServiceAccount', name: 'spark' }];
    const binding = manifest(`${group}/v1`, 'RoleBinding', 'election', { namespace: OPS }, { roleRef, subjects });
    const leases = [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['update'] }];
    const role = manifest(`${group}/v1`, 'Role', 'election', { namespace: OPS }, { rules: leases });
    const cluster = clusterWith(...whole, binding, role);
    cluster.isForbidden = ({ resource, namespace }) => resource === 'rolebindings' && namespace === undefined;
    const { page } = await look(cluster);
    expect(page).toContain(
      'elects its leader leases of coordination.k8s.io update ops Role election by RoleBinding election',
    );
    expect(page).toContain('RoleBindings of all namespaces may not be read.');
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

  const log = (...own: readonly string[]): FakeCluster => {
    const cluster = clusterWith(...whole);
    cluster.onLogs = (_, handlers) => {
      handlers.lines(own);
      handlers.ended(undefined);
    };
    return cluster;
  };

  test('count for an hour; then they are shown as past, also on a page that is not read again', async () => {
    const error = (minutes: number, text: string): string => `${minutesAgo(minutes)} ERROR ${text}`;
    const both = await look(log(error(300, 'no quorum'), error(59, 'no image')));
    expect(both.troubles).toEqual(['warning: its log tells errors, the last one: no image']);
    expect(both.page).toMatch(/Errors among the last 2 lines of its log, newest first.*59 min ago no image 1/);
    expect(both.page).toMatch(
      /Past errors among the last 2 lines of its log: silent for more than 60 min, they no longer count.*5 h ago no quorum 1/,
    );
    const later = await look(log(error(300, 'no quorum'), error(59, 'no image')), undefined, {}, START + 2 * 60_000);
    expect(later.troubles).toEqual([]);
    expect(later.page).toMatch(/Past errors.*no image.*no quorum/);
    expect(later.page).not.toContain('newest first');
  });

  test('count for longer while they come again in a rhythm of their own, but not after a day', async () => {
    const every = (hours: readonly number[]): Promise<Look> =>
      look(log(...hours.map((hour) => `${minutesAgo(60 * hour)} ERROR backup failed`)));
    expect((await every([11, 7, 3])).troubles).toEqual(['warning: its log tells errors, the last one: backup failed']);
    // A turn was due twice since, and nothing failed.
    expect((await every([17, 13, 9])).troubles).toEqual([]);
    // Two times are no rhythm.
    expect((await every([7, 3])).troubles).toEqual([]);
    expect((await every([25 + 60, 25 + 30, 25])).troubles).toEqual([]);
  });

  test('whose time is not known are neither called current nor past', async () => {
    const { troubles, page } = await look(log('ERROR no image'));
    expect(troubles).toEqual(['unknown: its log tells errors without their time, one of them: no image']);
    expect(page).toMatch(/whose time is not known.*at an unknown time no image 1/);
    const { troubles: beside } = await look(log('ERROR no image', `${minutesAgo(3)} ERROR no quorum`));
    expect(beside).toEqual(['warning: its log tells errors, the last one: no quorum']);
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
