import type { KafkaSimulation } from '../kafka/simulation.ts';
import { kindNamed } from '../kinds.ts';
import { controllerOf, isPodReady, ownerReference, recordOf, timeText, type KubeObject, type Pod } from '../objects.ts';
import { textHash } from '../random.ts';
import type { World } from '../world.ts';
import { strimziPod } from './strimziPods.ts';

/** The real operator looks every two minutes; nobody who tries something out wants to wait that long. */
const RECONCILE_EVERY_MS = 10_000;
const COMPONENT = 'strimzi.io/cluster-operator';

/** Strimzi's cluster operator: node pools to pod sets to pods, and one broker at a time when pods must be made anew. */
export class StrimziOperator {
  readonly #world: World;
  readonly #kafkaOf: (namespace: string, cluster: string) => KafkaSimulation | undefined;
  #nextAt = 0;

  constructor(world: World, kafkaOf: (namespace: string, cluster: string) => KafkaSimulation | undefined) {
    this.#world = world;
    this.#kafkaOf = kafkaOf;
  }

  tick(now: number): void {
    this.#keepPods();
    if (now < this.#nextAt) return;
    this.#nextAt = now + RECONCILE_EVERY_MS;
    for (const kafka of this.#world.store.list(kindNamed('Kafka'))) {
      if (kafka.metadata.annotations?.['strimzi.io/pause-reconciliation'] !== 'true') this.#reconcile(kafka, now);
    }
    for (const topic of this.#world.store.list(kindNamed('KafkaTopic'))) this.#reportTopic(topic, now);
  }

  #reconcile(kafka: KubeObject, now: number): void {
    const { namespace = '', name } = kafka.metadata;
    const pools = this.#world.store
      .list(kindNamed('KafkaNodePool'), namespace)
      .filter(({ metadata }) => metadata.labels?.['strimzi.io/cluster'] === name);
    let nextId = 0;
    for (const pool of pools) {
      const replicas = Number(recordOf(pool['spec'])['replicas'] ?? 0);
      const known = recordOf(pool['status'])['nodeIds'];
      const ids = (Array.isArray(known) ? known.map(Number) : []).slice(0, replicas);
      for (nextId = Math.max(nextId, ...ids.map((id) => id + 1)); ids.length < replicas; nextId++) ids.push(nextId);
      this.#keepPodSet(kafka, pool, ids);
      this.#world.setStatus(pool, {
        observedGeneration: pool.metadata.generation ?? 1,
        nodeIds: ids,
        replicas,
        roles: recordOf(pool['spec'])['roles'] ?? [],
        clusterId: this.#kafkaOf(namespace, name)?.plan.clusterId ?? '',
        labelSelector: `strimzi.io/cluster=${name},strimzi.io/pool-name=${pool.metadata.name}`,
      });
    }
    this.#roll(kafka);
    this.#report(kafka, now);
  }

  #keepPodSet(kafka: KubeObject, pool: KubeObject, ids: readonly number[]): void {
    const { namespace = '', name: cluster } = kafka.metadata;
    const name = `${cluster}-${pool.metadata.name}`;
    const labels = {
      'strimzi.io/cluster': cluster,
      'strimzi.io/kind': 'Kafka',
      'strimzi.io/name': `${cluster}-kafka`,
      'strimzi.io/pool-name': pool.metadata.name,
    };
    const pods = ids.map((id) => strimziPod(kafka, pool, id, labels));
    const spec = { selector: { matchLabels: labels }, pods };
    const set = this.#world.get('StrimziPodSet', namespace, name);
    if (set === undefined) {
      this.#world.add({
        apiVersion: 'core.strimzi.io/v1',
        kind: 'StrimziPodSet',
        metadata: { namespace, name, labels, ownerReferences: [ownerReference(kafka)] },
        spec,
      });
    } else if (JSON.stringify(set['spec']) !== JSON.stringify(spec)) {
      this.#world.store.put(kindNamed('StrimziPodSet'), { ...set, spec });
    }
    for (const id of ids) this.#keepClaim(namespace, `data-0-${name}-${id}`, labels, pool);
  }

  #keepClaim(namespace: string, name: string, labels: Readonly<Record<string, string>>, pool: KubeObject): void {
    if (this.#world.get('PersistentVolumeClaim', namespace, name) !== undefined) return;
    const volumes = recordOf(recordOf(pool['spec'])['storage'])['volumes'];
    const storage = recordOf(Array.isArray(volumes) ? volumes[0] : undefined)['size'] ?? '10Gi';
    this.#world.add({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { namespace, name, labels },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
      status: { phase: 'Pending' },
    });
  }

  /** The pod sets' own controller: missing pods are made, those that are no longer listed go. */
  #keepPods(): void {
    for (const set of this.#world.store.list(kindNamed('StrimziPodSet'))) {
      const { namespace = '' } = set.metadata;
      const wanted = wantedPods(set);
      const present = this.#world.pods(namespace).filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);
      for (const pod of wanted) {
        if (!present.some(({ metadata }) => metadata.name === pod.metadata.name)) {
          this.#world.addPod({
            ...pod,
            metadata: { ...pod.metadata, namespace, ownerReferences: [ownerReference(set)] },
          });
        }
      }
      for (const pod of present) {
        if (!wanted.some(({ metadata }) => metadata.name === pod.metadata.name)) this.#world.deletePod(pod);
      }
      this.#world.setStatus(set, {
        observedGeneration: set.metadata.generation ?? 1,
        pods: wanted.length,
        readyPods: present.filter(isPodReady).length,
        currentPods: present.filter((pod) => isCurrent(pod, wanted)).length,
      });
    }
  }

  /** One pod that somebody wants restarted or that is not as it should be; the next one when all are ready again and data is safe. */
  #roll(kafka: KubeObject): void {
    const { namespace = '', name } = kafka.metadata;
    const sets = this.#world.store.list(kindNamed('StrimziPodSet'), namespace);
    const wanted = sets.filter(({ metadata }) => metadata.labels?.['strimzi.io/cluster'] === name).flatMap(wantedPods);
    const pods = this.#world
      .pods(namespace)
      .filter(({ metadata }) => wanted.some((pod) => pod.metadata.name === metadata.name));
    const due = pods.filter(
      (pod) => pod.metadata.annotations?.['strimzi.io/manual-rolling-update'] === 'true' || !isCurrent(pod, wanted),
    );
    const unready = pods.filter((pod) => !isPodReady(pod));
    const candidate = due.find((pod) => unready.includes(pod)) ?? due[0];
    if (candidate === undefined || pods.some(({ metadata }) => metadata.deletionTimestamp !== undefined)) return;
    if (unready.some((pod) => pod !== candidate) || !this.#isSafe(namespace, name, candidate)) return;
    this.#world.event(
      candidate,
      'Normal',
      'ManualRollingUpdate',
      `Pod ${candidate.metadata.name} is rolled`,
      COMPONENT,
    );
    this.#world.deletePod(candidate);
  }

  #isSafe(namespace: string, name: string, pod: Pod): boolean {
    const kafka = this.#kafkaOf(namespace, name);
    const id = Number(/-(\d+)$/.exec(pod.metadata.name)?.[1]);
    return [...(kafka?.topics.values() ?? [])].every((topic) => {
      const minIsr = kafka?.minIsr(topic) ?? 1;
      return topic.partitions.every(
        ({ replicas, isr }) => replicas.length <= minIsr || !isr.includes(id) || isr.length - 1 >= minIsr,
      );
    });
  }

  #report(kafka: KubeObject, now: number): void {
    const { namespace = '', name } = kafka.metadata;
    const sets = this.#world.store.list(kindNamed('StrimziPodSet'), namespace);
    const isReady = sets
      .filter(({ metadata }) => metadata.labels?.['strimzi.io/cluster'] === name)
      .every((set) => recordOf(set['status'])['readyPods'] === recordOf(set['status'])['pods']);
    const before = recordOf(kafka['status'])['conditions'];
    const known = recordOf(Array.isArray(before) ? before[0] : undefined);
    const type = isReady ? 'Ready' : 'NotReady';
    const version = recordOf(recordOf(kafka['spec'])['kafka'])['version'];
    this.#world.setStatus(kafka, {
      observedGeneration: kafka.metadata.generation ?? 1,
      clusterId: this.#kafkaOf(namespace, name)?.plan.clusterId ?? '',
      kafkaVersion: version,
      kafkaMetadataVersion: recordOf(recordOf(kafka['spec'])['kafka'])['metadataVersion'],
      operatorLastSuccessfulVersion: '1.2.0',
      conditions: [
        {
          type,
          status: 'True',
          ...(!isReady && { reason: 'PodsNotReady', message: 'Some pods are not ready' }),
          lastTransitionTime: known['type'] === type ? known['lastTransitionTime'] : timeText(now),
        },
      ],
      listeners: [
        {
          name: 'plain',
          addresses: [{ host: `${name}-kafka-bootstrap.${namespace}.svc`, port: 9092 }],
          bootstrapServers: `${name}-kafka-bootstrap.${namespace}.svc:9092`,
        },
      ],
    });
  }

  #reportTopic(topic: KubeObject, now: number): void {
    const { namespace = '', labels, name } = topic.metadata;
    const kafka = this.#kafkaOf(namespace, labels?.['strimzi.io/cluster'] ?? '');
    if (kafka === undefined) return;
    const known = recordOf(topic['status'])['conditions'];
    const time = Array.isArray(known) ? recordOf(known[0])['lastTransitionTime'] : undefined;
    this.#world.setStatus(topic, {
      observedGeneration: topic.metadata.generation ?? 1,
      topicName: name,
      topicId: kafka.topics.get(name)?.id ?? '',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time ?? timeText(now) }],
    });
  }
}

function wantedPods(set: KubeObject): readonly ReturnType<typeof strimziPod>[] {
  const { pods } = recordOf(set['spec']);
  return Array.isArray(pods) ? (pods as readonly ReturnType<typeof strimziPod>[]) : [];
}

function isCurrent(pod: Pod, wanted: readonly ReturnType<typeof strimziPod>[]): boolean {
  const target = wanted.find(({ metadata }) => metadata.name === pod.metadata.name);
  const revision = target?.metadata.annotations?.['strimzi.io/revision'] ?? textHash('');
  return pod.metadata.annotations?.['strimzi.io/revision'] === revision;
}
