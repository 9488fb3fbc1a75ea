import type { World } from '../world.ts';

/** What surrounds each operator: its account, the roles bound to it, and the webhooks that the API server asks at it. */
export function addOperatorParts(world: World): void {
  for (const plan of rights) addRights(world, plan);
  addWebhook(world, {
    namespace: 'cass-operator',
    service: 'cass-operator-webhook-service',
    deployment: 'cass-operator-controller-manager',
    configuration: 'cass-operator-validating-webhook-configuration',
    type: 'ValidatingWebhookConfiguration',
    name: 'vcassandradatacenter.kb.io',
    rule: rule('cassandra.datastax.com', 'v1beta1', 'cassandradatacenters', ['CREATE', 'UPDATE', 'DELETE']),
  });
  const spark = {
    namespace: 'spark-operator',
    service: 'spark-operator-webhook-svc',
    deployment: 'spark-operator-webhook',
  } as const;
  addWebhook(world, {
    ...spark,
    configuration: 'spark-operator-webhook',
    type: 'MutatingWebhookConfiguration',
    name: 'mutate--v1-pod.sparkoperator.k8s.io',
    rule: rule('', 'v1', 'pods', ['CREATE']),
    objectSelector: { matchLabels: { 'sparkoperator.k8s.io/launched-by-spark-operator': 'true' } },
  });
  addWebhook(world, {
    ...spark,
    configuration: 'spark-operator-webhook',
    type: 'ValidatingWebhookConfiguration',
    name: 'validate-sparkoperator-k8s-io-v1beta2-sparkapplication.sparkoperator.k8s.io',
    rule: rule('sparkoperator.k8s.io', 'v1beta2', 'sparkapplications', ['CREATE', 'UPDATE']),
  });
}

const READ = ['get', 'list', 'watch'];
const ALL = [...READ, 'create', 'update', 'patch', 'delete'];

interface Rights {
  readonly namespace: string;
  readonly account: string;
  readonly rules: readonly Readonly<Record<string, readonly string[]>>[];
}

const common = [
  { apiGroups: [''], resources: ['pods', 'services', 'configmaps', 'persistentvolumeclaims'], verbs: ALL },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
];

const rights: readonly Rights[] = [
  {
    namespace: 'strimzi-system',
    account: 'strimzi-cluster-operator',
    rules: [
      { apiGroups: ['kafka.strimzi.io', 'core.strimzi.io'], resources: ['*'], verbs: ALL },
      { apiGroups: [''], resources: ['secrets'], verbs: ALL },
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['rolebindings', 'clusterrolebindings'], verbs: ALL },
      ...common,
    ],
  },
  {
    namespace: 'cass-operator',
    account: 'cass-operator-controller-manager',
    rules: [
      { apiGroups: ['cassandra.datastax.com', 'control.k8ssandra.io'], resources: ['*'], verbs: ALL },
      { apiGroups: ['apps'], resources: ['statefulsets'], verbs: ALL },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch', 'create'] },
      ...common,
    ],
  },
  {
    namespace: 'spark-operator',
    account: 'spark-operator-controller',
    rules: [{ apiGroups: ['sparkoperator.k8s.io'], resources: ['*'], verbs: ALL }, ...common],
  },
  {
    namespace: 'spark-operator',
    account: 'spark-operator-webhook',
    rules: [
      { apiGroups: ['sparkoperator.k8s.io'], resources: ['*'], verbs: READ },
      {
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
        verbs: ['get', 'list', 'watch', 'update'],
      },
    ],
  },
  {
    namespace: 'kubeflow',
    account: 'training-operator',
    rules: [{ apiGroups: ['kubeflow.org'], resources: ['*'], verbs: ALL }, ...common],
  },
];

function addRights(world: World, { namespace, account, rules }: Rights): void {
  const group = 'rbac.authorization.k8s.io';
  world.add({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: account } });
  world.add({ apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name: account }, rules });
  world.add({
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: account },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: account },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  });
}

interface Webhook {
  readonly namespace: string;
  readonly service: string;
  /** Its pods answer. */
  readonly deployment: string;
  readonly configuration: string;
  readonly type: 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';
  readonly name: string;
  readonly rule: unknown;
  readonly objectSelector?: unknown;
}

function rule(group: string, version: string, plural: string, operations: readonly string[]): unknown {
  return { apiGroups: [group], apiVersions: [version], resources: [plural], operations, scope: '*' };
}

function addWebhook(world: World, webhook: Webhook): void {
  const { namespace, service, deployment, configuration, type, name, objectSelector } = webhook;
  if (world.get('Service', namespace, service) === undefined) {
    world.add({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace, name: service },
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.96.30.1',
        selector: { name: deployment },
        ports: [{ port: 443, targetPort: 9443 }],
      },
    });
  }
  world.add({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: type,
    metadata: { name: configuration },
    webhooks: [
      {
        name,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        clientConfig: { service: { namespace, name: service, port: 443 }, caBundle: 'ZGVtbw==' },
        rules: [webhook.rule],
        ...(objectSelector === undefined ? {} : { objectSelector }),
      },
    ],
  });
}
