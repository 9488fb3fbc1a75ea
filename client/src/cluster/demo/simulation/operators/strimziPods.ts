import { recordOf, textOr, shapedAs, type KubeObject, type PodSpec, type Resources } from '../objects.ts';
import { textHash } from '../random.ts';

interface PodDraft {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: PodSpec;
}

/** One pod of a node pool as the operator writes it into the pod set. */
export function strimziPod(
  kafka: KubeObject,
  pool: KubeObject,
  id: number,
  labels: Readonly<Record<string, string>>,
): PodDraft {
  const cluster = kafka.metadata.name;
  const name = `${cluster}-${pool.metadata.name}-${id}`;
  const roles = recordOf(pool['spec'])['roles'];
  const has = (role: string): string => String(Array.isArray(roles) && roles.includes(role));
  const spec = podSpec(kafka, pool, name, has('broker') === 'true');
  return {
    metadata: {
      name,
      labels: {
        ...labels,
        'strimzi.io/broker-role': has('broker'),
        'strimzi.io/controller-role': has('controller'),
        'strimzi.io/controller': 'strimzipodset',
        'strimzi.io/controller-name': `${cluster}-${pool.metadata.name}`,
        'strimzi.io/pod-name': name,
        'statefulset.kubernetes.io/pod-name': name,
      },
      annotations: {
        'strimzi.io/revision': textHash(JSON.stringify(spec)),
        'strimzi.io/kafka-version': textOr(recordOf(recordOf(kafka['spec'])['kafka'])['version'], ''),
      },
    },
    spec,
  };
}

function podSpec(kafka: KubeObject, pool: KubeObject, name: string, isBroker: boolean): PodSpec {
  const version = textOr(recordOf(recordOf(kafka['spec'])['kafka'])['version'], '4.1.0');
  const resources = shapedAs<Resources | undefined>(recordOf(pool['spec'])['resources']);
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 120,
    hostname: name,
    subdomain: `${kafka.metadata.name}-kafka-brokers`,
    containers: [
      {
        name: 'kafka',
        image: `quay.io/strimzi/kafka:1.2.0-kafka-${version}`,
        command: ['/opt/kafka/kafka_run.sh'],
        env: [
          { name: 'KAFKA_METRICS_ENABLED', value: 'false' },
          { name: 'STRIMZI_KAFKA_GC_LOG_ENABLED', value: 'false' },
        ],
        ports: [
          { name: 'tcp-ctrlplane', containerPort: 9090 },
          ...(isBroker
            ? [
                { name: 'tcp-replication', containerPort: 9091 },
                { name: 'tcp-plain', containerPort: 9092 },
              ]
            : []),
        ],
        readinessProbe: { exec: { command: ['/opt/kafka/kafka_readiness.sh'] }, periodSeconds: 10 },
        ...(resources !== undefined && { resources }),
        volumeMounts: [{ name: 'data-0', mountPath: '/var/lib/kafka/data-0' }],
      },
    ],
    volumes: [{ name: 'data-0', persistentVolumeClaim: { claimName: `data-0-${name}` } }],
  };
}
