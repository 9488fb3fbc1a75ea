import { textAt, type JsonObject } from '#core/json.ts';
import { workloadManifest } from '../../../support/liveManifests.ts';
import { kafkaPod, SimulatedKafka, type SimulatedNode } from './simulatedKafka.ts';

export const ROLL = 'strimzi.io/manual-rolling-update';

const nodes: readonly SimulatedNode[] = [
  ...[0, 1, 2].map((nodeId) => ({ name: `shop-brokers-${nodeId}`, nodeId, role: 'broker' as const })),
  ...[3, 4, 5].map((nodeId) => ({ name: `shop-controllers-${nodeId}`, nodeId, role: 'controller' as const })),
];

export const kafkaAddress = {
  group: 'kafka.strimzi.io',
  version: 'v1',
  plural: 'kafkas',
  namespaced: true,
  namespace: 'prod',
  name: 'shop',
};
export const podAddress = { group: '', version: 'v1', plural: 'pods', namespaced: true, namespace: 'prod' };
const operatorName = 'strimzi-cluster-operator';

/** The operator as its documentation and its known failures say; it looks at annotated pods once in a round. */
export class Strimzi {
  readonly kafka: SimulatedKafka;
  /** Annotations that it takes away without a restart. */
  erases = 0;
  /** Rounds in which it does nothing, although it is alive. */
  sleeps = 0;
  /** Rounds after a restart in which the resource says that it is not ready. */
  complains = 0;
  isDead = false;
  mostAsked = 0;

  constructor() {
    this.kafka = new SimulatedKafka(nodes, ({ role }, name, uid) =>
      kafkaPod(name, {
        uid,
        labels: {
          'strimzi.io/cluster': 'shop',
          'strimzi.io/name': 'shop-kafka',
          'strimzi.io/kind': 'Kafka',
          'strimzi.io/pool-name': role === 'broker' ? 'brokers' : 'controllers',
          'strimzi.io/broker-role': String(role === 'broker'),
          'strimzi.io/controller-role': String(role === 'controller'),
        },
      }),
    );
    const { cluster } = this.kafka;
    cluster.put(
      {
        apiVersion: 'kafka.strimzi.io/v1',
        kind: 'Kafka',
        metadata: { name: 'shop', namespace: 'prod', uid: 'uid-shop', generation: 3 },
        spec: { kafka: { version: '4.1.0' }, cruiseControl: {} },
        status: { observedGeneration: 3, conditions: [{ type: 'Ready', status: 'True' }] },
      },
      {
        apiVersion: 'core.strimzi.io/v1',
        kind: 'StrimziPodSet',
        metadata: {
          name: 'shop-brokers',
          namespace: 'prod',
          labels: { 'strimzi.io/cluster': 'shop', 'strimzi.io/kind': 'Kafka' },
        },
        spec: {},
      },
      ...['brokers', 'controllers'].map((name, place) => ({
        apiVersion: 'kafka.strimzi.io/v1',
        kind: 'KafkaNodePool',
        metadata: { name, namespace: 'prod', labels: { 'strimzi.io/cluster': 'shop' } },
        spec: { replicas: 3, roles: [place === 0 ? 'broker' : 'controller'] },
        status: { nodeIds: [0, 1, 2].map((id) => id + 3 * place), roles: [place === 0 ? 'broker' : 'controller'] },
      })),
    );
    this.setOperator(1);
    this.count();
    this.kafka.every(20_000, () => void this.round());
  }

  setOperator(ready: number, watched = ''): void {
    const env = watched === '' ? [] : [{ name: 'STRIMZI_NAMESPACE', value: watched }];
    const details = { image: 'quay.io/strimzi/operator:0.48.0', container: operatorName, ready, env };
    this.kafka.cluster.put(workloadManifest('Deployment', operatorName, { namespace: 'strimzi' }, details));
    this.isDead = ready === 0;
  }

  async setConditions(...conditions: readonly object[]): Promise<void> {
    await this.kafka.cluster.mergePatch(kafkaAddress, { status: { conditions } });
  }

  async annotateKafka(annotations: object): Promise<void> {
    await this.kafka.cluster.mergePatch(kafkaAddress, { metadata: { annotations } });
  }

  private async asked(): Promise<readonly JsonObject[]> {
    const pods = await this.kafka.cluster.list({ ...podAddress });
    return pods.filter((pod) => textAt(pod, 'metadata', 'annotations', ROLL) === 'true');
  }

  private count(): void {
    const asked = new Set<string>();
    this.kafka.cluster.watch(podAddress, (event) => {
      if (event.type !== 'put' && event.type !== 'remove') return;
      const name = textAt(event.object, 'metadata', 'name');
      const isAsked = event.type === 'put' && textAt(event.object, 'metadata', 'annotations', ROLL) === 'true';
      if (isAsked) asked.add(name);
      else asked.delete(name);
      this.mostAsked = Math.max(this.mostAsked, asked.size);
    });
  }

  private async round(): Promise<void> {
    const { cluster } = this.kafka;
    const paused = textAt(
      await cluster.get(kafkaAddress),
      'metadata',
      'annotations',
      'strimzi.io/pause-reconciliation',
    );
    if (this.isDead || paused === 'true') return;
    if (this.complains > 0 && this.kafka.taken.length > 0) {
      this.complains -= 1;
      await this.setConditions({ type: 'NotReady', status: 'True', reason: 'TimeoutException', message: 'broker 0' });
      return;
    }
    await this.setConditions({ type: 'Ready', status: 'True' });
    if (this.sleeps > 0) {
      this.sleeps -= 1;
      return;
    }
    for (const pod of await this.asked()) await this.roll(textAt(pod, 'metadata', 'name'));
  }

  private async roll(name: string): Promise<void> {
    const { cluster, clock } = this.kafka;
    if (this.erases > 0) {
      this.erases -= 1;
      await cluster.mergePatch({ ...podAddress, name }, { metadata: { annotations: { [ROLL]: null } } });
      return;
    }
    cluster.put({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${clock.now()}`, namespace: 'prod' },
      involvedObject: { kind: 'Pod', name, namespace: 'prod' },
      reason: 'ManualRollingUpdate',
      message: 'Pod was manually annotated to be rolled',
      lastTimestamp: new Date(clock.now()).toISOString(),
    });
    this.kafka.take(name);
  }

  get evictions(): number {
    return this.kafka.cluster.writes.filter(({ verb }) => verb === 'evict' || verb === 'delete').length;
  }
}
