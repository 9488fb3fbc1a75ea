import { objectAt } from '#core/json.ts';
import { decodeDeployment } from '#core/live/decode/workload.ts';
import { viewOperators } from '#core/live/operators/viewOperators.ts';
import type { JsonObject } from '#core/live/ports.ts';
import type { ContextView, DefinitionView, OperatorView } from '#core/live/view.ts';
import { START } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { manifest, workloadManifest, type WorkloadDetails } from '#test/support/liveManifests.ts';
import { viewOf } from '#test/support/liveViews.ts';

/** An operator with everything that belongs to it, as the objects of a cluster. */

export const OPS = 'ops';
export const POD = 'operator-6d4f9-x7k2p';

const RBAC = 'rbac.authorization.k8s.io';

/** Kinds that API servers have and that only pages of operators ask for. */
const more = [
  apiResource('', 'v1', 'ServiceAccount'),
  apiResource('coordination.k8s.io', 'v1', 'Lease'),
  apiResource('discovery.k8s.io', 'v1', 'EndpointSlice'),
  apiResource(RBAC, 'v1', 'Role'),
  apiResource(RBAC, 'v1', 'RoleBinding'),
  apiResource(RBAC, 'v1', 'ClusterRole', { namespaced: false }),
  apiResource(RBAC, 'v1', 'ClusterRoleBinding', { namespaced: false }),
  apiResource('admissionregistration.k8s.io', 'v1', 'ValidatingWebhookConfiguration', { namespaced: false }),
  apiResource('admissionregistration.k8s.io', 'v1', 'MutatingWebhookConfiguration', { namespaced: false }),
];

export const minutesAgo = (minutes: number): string => new Date(START - minutes * 60_000).toISOString();

export function operatorWorkload(details: WorkloadDetails = {}): JsonObject {
  const whole = { image: 'ghcr.io/kubeflow/spark-operator/controller:2.5.2', ...details };
  const object = workloadManifest('Deployment', 'operator', { namespace: OPS }, whole);
  return withAccount(object, 'spark');
}

function withAccount(deployment: JsonObject, serviceAccountName: string): JsonObject {
  const spec = objectAt(deployment, 'spec');
  const template = objectAt(spec, 'template');
  const podSpec = { ...objectAt(template, 'spec'), serviceAccountName };
  return { ...deployment, spec: { ...spec, template: { ...template, spec: podSpec } } };
}

export function operatorPod(restarts = 0): JsonObject {
  const status = { containerStatuses: [{ name: 'main', ready: true, restartCount: restarts, state: { running: {} } }] };
  return manifest(
    'v1',
    'Pod',
    POD,
    { namespace: OPS, labels: { app: 'operator' } },
    { spec: { nodeName: 'n1' }, status },
  );
}

export interface VersionSketch {
  readonly name: string;
  readonly served?: boolean;
  readonly storage?: boolean;
}

export function definition(
  group: string,
  kind: string,
  versions: readonly VersionSketch[],
  stored: readonly string[],
): JsonObject {
  const plural = `${kind.toLowerCase()}s`;
  return manifest(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    `${plural}.${group}`,
    {},
    {
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural },
        versions: versions.map(({ name, served = true, storage = false }) => ({ name, served, storage })),
      },
      status: { storedVersions: stored, conditions: [{ type: 'Established', status: 'True' }] },
    },
  );
}

export const sparkDefinition = definition(
  'sparkoperator.k8s.io',
  'SparkApplication',
  [{ name: 'v1beta2', storage: true }],
  ['v1beta2'],
);

export function clusterRole(name: string, rules: readonly object[]): JsonObject {
  return manifest(`${RBAC}/v1`, 'ClusterRole', name, {}, { rules });
}

export function clusterRoleBinding(role: string, account = 'spark'): JsonObject {
  return manifest(
    `${RBAC}/v1`,
    'ClusterRoleBinding',
    `${role}-binding`,
    {},
    {
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: OPS }],
    },
  );
}

export interface WebhookSketch {
  readonly type?: 'Validating' | 'Mutating';
  readonly group?: string;
  readonly resource?: string;
  readonly failurePolicy?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly caBundle?: string;
}

export function webhookConfiguration(sketch: WebhookSketch = {}): JsonObject {
  const { type = 'Mutating', group = '', resource = 'pods', failurePolicy = 'Fail', namespace = OPS } = sketch;
  const { name = 'mutate--v1-pod.sparkoperator.k8s.io', caBundle = 'Y2E=' } = sketch;
  return manifest(
    'admissionregistration.k8s.io/v1',
    `${type}WebhookConfiguration`,
    `${resource}-hook`,
    {},
    {
      webhooks: [
        {
          name,
          failurePolicy,
          clientConfig: { service: { namespace, name: 'hooks' }, caBundle },
          rules: [{ apiGroups: [group], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: [resource] }],
        },
      ],
    },
  );
}

export const hookService = manifest(
  'v1',
  'Service',
  'hooks',
  { namespace: OPS },
  { spec: { selector: { app: 'operator' } } },
);

export function slice(...ready: readonly (boolean | undefined)[]): JsonObject {
  const labels = { 'kubernetes.io/service-name': 'hooks' };
  return manifest(
    'discovery.k8s.io/v1',
    'EndpointSlice',
    'hooks-1',
    { namespace: OPS, labels },
    {
      endpoints: ready.map((one) => ({ addresses: ['10.0.0.9'], conditions: one === undefined ? {} : { ready: one } })),
    },
  );
}

export function lease(holderIdentity: string, renewedMinutesAgo = 0): JsonObject {
  const spec = { holderIdentity, leaseDurationSeconds: 15, renewTime: minutesAgo(renewedMinutesAgo) };
  return manifest('coordination.k8s.io/v1', 'Lease', 'spark-operator-lock', { namespace: OPS }, { spec });
}

/** A cluster with these objects, and nothing in the logs. */
export function clusterWith(...objects: readonly JsonObject[]): FakeCluster {
  const cluster = new FakeCluster();
  cluster.serve(...more);
  cluster.put(...objects);
  return cluster;
}

/** The operator of a Deployment as the watch would show it. */
export function operatorOf(deployment: JsonObject): OperatorView {
  const workload = decodeDeployment(deployment);
  const [operator] = viewOperators(
    {
      namespace: OPS,
      pods: [],
      workloads: workload ? [workload] : [],
      services: [],
      claims: [],
      budgets: [],
      customs: [],
      helmSecrets: [],
      nodes: new Map(),
      hidden: new Set(),
    },
    START,
  );
  if (operator === undefined) throw new Error('no operator');
  return operator;
}

const sparkApplications: DefinitionView = {
  name: 'sparkapplications.sparkoperator.k8s.io',
  group: 'sparkoperator.k8s.io',
  kind: 'SparkApplication',
  plural: 'sparkapplications',
  versions: ['v1beta2'],
  flavour: 'kubeflow-spark-operator',
};

export function operatorContext(operator: OperatorView, change: Partial<ContextView> = {}): ContextView {
  return viewOf([], { operators: [operator], definitions: [sparkApplications], ...change });
}
