import { kinds, type Kind } from '../kinds.ts';
import { timeText, type NewObject } from '../objects.ts';
import type { World } from '../world.ts';
import { addOperatorParts } from './operatorParts.ts';

const ZONES = ['zone-a', 'zone-b', 'zone-c'];
const NODES = 6;

const namespaces = [
  'default',
  'kube-system',
  'shop',
  'payments',
  'profiles',
  'analytics',
  'strimzi-system',
  'cass-operator',
  'spark-operator',
  'kubeflow',
] as const;

interface OperatorPlan {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Name of the Helm release it belongs to, in its own namespace. */
  readonly release?: string;
}

/** Images as the projects publish them, so that operators are recognised here as anywhere. */
const operators: readonly OperatorPlan[] = [
  {
    namespace: 'strimzi-system',
    name: 'strimzi-cluster-operator',
    image: 'quay.io/strimzi/operator:1.2.0',
    env: { STRIMZI_NAMESPACE: '*', STRIMZI_FULL_RECONCILIATION_INTERVAL_MS: '120000' },
    release: 'strimzi',
  },
  {
    namespace: 'cass-operator',
    name: 'cass-operator-controller-manager',
    image: 'ghcr.io/k8ssandra/cass-operator:v1.32.0',
    env: { WATCH_NAMESPACE: '' },
  },
  {
    namespace: 'spark-operator',
    name: 'spark-operator-controller',
    image: 'ghcr.io/kubeflow/spark-operator/controller:2.5.2',
    args: ['controller', 'start', '--namespaces=analytics', '--leader-election=true'],
    release: 'spark-operator',
  },
  {
    namespace: 'spark-operator',
    name: 'spark-operator-webhook',
    image: 'ghcr.io/kubeflow/spark-operator/controller:2.5.2',
    args: ['webhook', 'start', '--namespaces=analytics'],
    release: 'spark-operator',
  },
  { namespace: 'kubeflow', name: 'training-operator', image: 'kubeflow/training-operator:v1-9-4' },
];

/** What every cluster has: namespaces, nodes, definitions, and the operators of the systems. */
export function addBase(world: World): void {
  for (const name of namespaces) {
    world.add({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      status: { phase: 'Active' },
    });
  }
  for (let index = 1; index <= NODES; index++) world.add(node(world, index));
  world.add({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'zonal-demo', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'disk.demo.invalid',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  for (const definition of definitions()) world.add(definition);
  for (const operator of operators) world.add(deployment(operator));
  addOperatorParts(world);
}

function node(world: World, index: number): NewObject {
  const name = `demo-node-${index}`;
  const now = timeText(world.now());
  const ready = (type: string, status: string, reason: string): Readonly<Record<string, string>> => ({
    type,
    status,
    reason,
    message: '',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'topology.kubernetes.io/zone': ZONES[(index - 1) % ZONES.length] ?? '',
        'kubernetes.io/os': 'linux',
      },
    },
    spec: {},
    status: {
      conditions: [
        ready('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
        ready('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
        ready('Ready', 'True', 'KubeletReady'),
      ],
      capacity: { cpu: '16', memory: '64Gi', pods: '110' },
      allocatable: { cpu: '15', memory: '60Gi', pods: '110' },
      nodeInfo: { kubeletVersion: 'v1.34.4', osImage: 'Simulation', architecture: 'amd64', operatingSystem: 'linux' },
    },
  };
}

/** Definitions without a schema: the bundled schemas say more than a simulation could. */
function definitions(): readonly NewObject[] {
  return kinds
    .filter(({ definedBy }) => definedBy !== undefined)
    .map((kind) => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${kind.plural}.${kind.group}` },
      spec: {
        group: kind.group,
        scope: 'Namespaced',
        names: {
          kind: kind.kind,
          plural: kind.plural,
          singular: kind.kind.toLowerCase(),
          listKind: `${kind.kind}List`,
        },
        versions: [
          definedVersion(kind.version, true),
          ...formerVersions(kind).map((name) => definedVersion(name, false)),
        ],
      },
      status: {
        conditions: [{ type: 'Established', status: 'True', reason: 'InitialNamesAccepted' }],
        storedVersions: [...formerVersions(kind), kind.version],
        acceptedNames: { kind: kind.kind, plural: kind.plural },
      },
    }));
}

/** Strimzi 1.0 no longer serves v1beta2; who updated and did not write the objects anew still has it in the list of what is stored. */
function formerVersions({ kind }: Kind): readonly string[] {
  return kind === 'Kafka' || kind === 'KafkaTopic' ? ['v1beta2'] : [];
}

function definedVersion(name: string, isCurrent: boolean): unknown {
  return {
    name,
    served: isCurrent,
    storage: isCurrent,
    subresources: { status: {} },
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  };
}

function deployment({ namespace, name, image, env = {}, args, release }: OperatorPlan): NewObject {
  const labels = { 'app.kubernetes.io/name': name, name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name, ...(release === undefined ? { labels } : helmMarks(release, namespace, labels)) },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 10,
          serviceAccountName: name,
          containers: [
            {
              name: 'operator',
              image,
              ...(args === undefined ? {} : { args }),
              env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
              readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
            },
          ],
        },
      },
    },
  };
}

/** What Helm writes on what it has installed, and adopts nothing without. */
function helmMarks(
  release: string,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Pick<NewObject['metadata'], 'labels' | 'annotations'> {
  return {
    labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: { 'meta.helm.sh/release-name': release, 'meta.helm.sh/release-namespace': namespace },
  };
}
