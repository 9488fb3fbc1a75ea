import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import type { DataCluster } from '#core/live/model.ts';
import { objectsOf, textAt, valueAt } from '#core/json.ts';
import { ClusterProblem, type JsonObject, type ObjectAddress } from '#core/live/ports.ts';
import { carryOut } from '#core/operations/carryOut.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl } from '#core/operations/run.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { kafkaConfigureOf } from '#core/systems/kafka/operations/configure/configureOf.ts';
import { planKafkaConfigure } from '#core/systems/kafka/operations/configure/planConfigure.ts';
import { parseSettings } from '#core/systems/kafka/operations/configure/settingTexts.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { manifest, podManifest } from '#test/support/liveManifests.ts';
import { namespace } from '#test/support/liveObjects.ts';
import { FakeBrokers } from './fakeBrokers.ts';

export interface SceneOptions {
  /** Of the container `kafka`. */
  readonly container?: JsonObject;
  readonly template?: JsonObject;
  readonly configMap?: JsonObject;
  readonly annotations?: Readonly<Record<string, string>>;
}

const PROPERTIES = 'num.partitions=1\nsasl.jaas.config=org.example password="hidden"\n';

export const byFile: SceneOptions = {
  container: {
    command: ['/opt/kafka/bin/kafka-server-start.sh', '/etc/settings/server.properties'],
    volumeMounts: [{ name: 'settings', mountPath: '/etc/settings' }],
  },
};

/** What is there may be looked at without asking. */
class OpenCluster extends FakeCluster {
  now(address: ObjectAddress): JsonObject | undefined {
    return this.stored(address);
  }
}

/** Three brokers of a StatefulSet, of which each reads its ConfigMap when its pod is made. */
export class Scene {
  readonly clock = new FakeClock();
  readonly cluster = new OpenCluster();
  readonly brokers = new FakeBrokers();
  readonly evicted: string[] = [];
  /** What is heard of every run. */
  readonly heard: Progress[] = [];

  constructor(options: SceneOptions = byFile) {
    const labels = { app: 'kafka' };
    const container = {
      name: 'kafka',
      image: 'apache/kafka:4.1.0',
      ports: [{ containerPort: 9092 }],
      ...options.container,
      env: [
        { name: 'KAFKA_NODE_ID', valueFrom: { fieldRef: { fieldPath: ORDINAL } } },
        ...objectsOf(options.container?.['env']),
      ],
    };
    const volumes = [{ name: 'settings', configMap: { name: 'kafka-settings' } }];
    const template = { metadata: { labels, ...options.template }, spec: { containers: [container], volumes } };
    const spec = { replicas: 3, serviceName: 'kafka', selector: { matchLabels: labels }, template };
    const status = { replicas: 3, readyReplicas: 3, updatedReplicas: 3, currentRevision: 'a', updateRevision: 'a' };
    const annotations = options.annotations ?? {};
    this.cluster.put(
      manifest('apps/v1', 'StatefulSet', 'kafka', { namespace: 'prod', uid: 'set', annotations }, { spec, status }),
    );
    const data = { 'server.properties': PROPERTIES, 'log4j.properties': 'x=1' };
    this.cluster.put(
      manifest('v1', 'ConfigMap', 'kafka-settings', { namespace: 'prod' }, { data, ...options.configMap }),
    );
    for (const id of this.brokers.ids) this.#start(id);
    this.cluster.evict = async ({ name }, options) => {
      if (options?.dryRun === true) return;
      this.evicted.push(name);
      this.#start(Number(name.at(-1)));
    };
  }

  configMap(): JsonObject {
    return objectsOf([this.#get('ConfigMap', 'kafka-settings')])[0] ?? {};
  }

  properties(): string {
    return textAt(this.configMap(), 'data', 'server.properties');
  }

  data(): DataCluster {
    const set = decodeStatefulSet(this.#get('StatefulSet', 'kafka'));
    const pods = this.brokers.ids.flatMap((id) => decodePod(this.#get('Pod', `kafka-${id}`)) ?? []);
    const [found] = kafkaLive.gather(namespace({ pods, workloads: set ? [set] : [] }));
    if (!found) throw new Error('no cluster');
    return found;
  }

  plan(settings: ConfigureWish['settings'], member?: string): Promise<Plan> {
    const wish = { operation: 'configure', settings, ...(member === undefined ? {} : { member }) } as const;
    const { cluster, clock } = this;
    return planKafkaConfigure(wish, { data: this.data(), cluster, clock, id: 'plan', door: this.brokers.door(clock) });
  }

  async run(plan: Plan, earlier?: RunRecord, control: RunControl = { wish: 'run' }): Promise<RunRecord> {
    const { cluster, clock } = this;
    const procedure = kafkaConfigureOf(plan, { data: this.data(), cluster, clock, door: this.brokers.door(clock) });
    const listener = (progress: Progress): void => void this.heard.push(progress);
    const end: { record?: RunRecord } = {};
    const request = { plan, procedure, ...(earlier ? { earlier } : {}) };
    void carryOut(request, { cluster, clock, runner: 'tester', control, listener }).then(
      (record) => (end.record = record),
    );
    for (let seconds = 0; end.record === undefined; seconds += 1) {
      if (seconds > 3600) throw new Error(`It never ends: ${JSON.stringify(this.heard.slice(-3))}`);
      await clock.pass(1000);
    }
    return end.record;
  }

  /** Made anew: the broker reads what its ConfigMap says now. */
  #start(id: number): void {
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: `data-${id}` } }];
    const own = podManifest(`kafka-${id}`, {
      namespace: 'prod',
      uid: `pod-${id}-${this.evicted.length}`,
      labels: { app: 'kafka', 'controller-revision-hash': 'a' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'kafka', uid: 'set', controller: true }],
    });
    const template = valueAt(this.#get('StatefulSet', 'kafka'), 'spec', 'template', 'spec', 'containers');
    const spec = { nodeName: 'node-1', containers: template, volumes, terminationGracePeriodSeconds: 300 };
    this.cluster.put({ ...own, spec });
    this.brokers.files.set(id, new Map(parseSettings(this.properties())));
  }

  #get(kind: string, name: string): JsonObject {
    const plurals: Readonly<Record<string, string>> = {
      ConfigMap: 'configmaps',
      Pod: 'pods',
      StatefulSet: 'statefulsets',
    };
    const group = kind === 'StatefulSet' ? 'apps' : '';
    const found = this.cluster.now({
      group,
      version: 'v1',
      plural: plurals[kind] ?? '',
      namespaced: true,
      namespace: 'prod',
      name,
    });
    if (!found) throw new ClusterProblem('absent', `no ${kind} ${name}`);
    return found;
  }
}

const ORDINAL = "metadata.labels['apps.kubernetes.io/pod-index']";
