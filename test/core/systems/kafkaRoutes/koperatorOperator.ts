import { objectsOf, textAt, textMapOf, valueAt, type JsonObject } from '#core/json.ts';
import { workloadManifest } from '../../../support/liveManifests.ts';
import { kafkaPod, SimulatedKafka, type SimulatedNode } from './simulatedKafka.ts';

const group = 'kafka.banzaicloud.io';
export const koperatorAddress = {
  group,
  version: 'v1beta1',
  plural: 'kafkaclusters',
  namespaced: true,
  namespace: 'prod',
  name: 'shop',
};
const nodes: readonly SimulatedNode[] = [0, 1, 2].map((nodeId) => ({
  name: `shop-${nodeId}-aaa`,
  nodeId,
  role: 'broker',
}));

/** The operator as its pod comparison works: a pod whose annotations are not those of its broker is made anew under another name. */
export class Koperator {
  readonly kafka: SimulatedKafka;
  isDead = false;
  /** It does not wait for replicas, as with a failure threshold that is never reached. */
  isCareless = false;
  errors = 0;
  private wanted: ReadonlyMap<number, Readonly<Record<string, string>>> = new Map();
  private births = 0;

  constructor(metadata: object = {}, rollingUpgradeConfig: object | undefined = { failureThreshold: 1 }) {
    this.kafka = new SimulatedKafka(nodes, ({ nodeId }, name, uid) =>
      kafkaPod(
        name,
        {
          uid,
          labels: { app: 'kafka', kafka_cr: 'shop', brokerId: String(nodeId), isBrokerNode: 'true' },
          annotations: this.wanted?.get(nodeId) ?? {},
        },
        'ghcr.io/adobe/koperator/kafka:2.13-3.9.1',
      ),
    );
    this.kafka.cluster.put({
      apiVersion: `${group}/v1beta1`,
      kind: 'KafkaCluster',
      metadata: { name: 'shop', namespace: 'prod', uid: 'uid-shop', ...metadata },
      spec: {
        ...(rollingUpgradeConfig ? { rollingUpgradeConfig } : {}),
        cruiseControlConfig: {},
        brokerConfigGroups: { default: { brokerAnnotations: { shared: 'yes' } } },
        brokers: [
          { id: 0, brokerConfigGroup: 'default' },
          { id: 1, brokerConfigGroup: 'default', brokerConfig: { resourceRequirements: { limits: { cpu: '2' } } } },
          { id: 2, brokerConfigGroup: 'default', readOnlyConfig: 'a=b' },
        ],
      },
      status: { state: 'ClusterRunning', rollingUpgradeStatus: { errorCount: 0 } },
    });
    this.setOperator(1);
    this.kafka.every(5000, () => void this.look());
  }

  setOperator(ready: number): void {
    const details = { image: 'ghcr.io/adobe/koperator:0.29.0', ready };
    this.kafka.cluster.put(workloadManifest('Deployment', 'koperator', { namespace: 'kafka-system' }, details));
    this.isDead = ready === 0;
  }

  async resource(): Promise<JsonObject> {
    return this.kafka.cluster.get(koperatorAddress);
  }

  async look(): Promise<void> {
    if (this.isDead) return;
    const brokers = objectsOf(valueAt(await this.resource(), 'spec', 'brokers'));
    this.wanted = new Map(
      brokers.map((one) => [Number(one['id']), textMapOf(valueAt(one, 'brokerConfig', 'brokerAnnotations'))]),
    );
    const pods = await this.kafka.cluster.list({ ...koperatorAddress, group: '', plural: 'pods' });
    const behind = pods.filter((pod) => {
      const wanted = this.wanted.get(Number(textAt(pod, 'metadata', 'labels', 'brokerId')));
      return JSON.stringify(wanted) !== JSON.stringify(textMapOf(valueAt(pod, 'metadata', 'annotations')));
    });
    const isWhole = this.kafka.nodes.every(({ nodeId }) => !this.kafka.isOut(nodeId));
    const state = behind.length > 0 || !isWhole ? 'ClusterRollingUpgrading' : 'ClusterRunning';
    await this.kafka.cluster.mergePatch(koperatorAddress, {
      status: { state, rollingUpgradeStatus: { errorCount: this.errors } },
    });
    const [next] = behind;
    if (!next || (!isWhole && !this.isCareless) || this.errors > 0) return;
    this.births += 1;
    const name = textAt(next, 'metadata', 'name');
    this.kafka.take(name, name.replace(/-\w+$/, `-b${this.births}`));
  }
}
