import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import type { DataCluster } from '#core/live/model.ts';
import { objectAt, objectsOf, textAt, valueAt } from '#core/json.ts';
import { ClusterProblem, type JsonObject, type ObjectAddress, type WriteOptions } from '#core/live/ports.ts';
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
  /** Called with every StatefulSet that is written, as it was and as it is. */
  changed: (before: JsonObject, after: JsonObject) => void = () => undefined;

  override async mergePatch(address: ObjectAddress, patch: JsonObject, options?: WriteOptions): Promise<JsonObject> {
    const before = this.find(address);
    const after = await super.mergePatch(address, patch, options);
    if (address.plural === 'statefulsets' && options?.dryRun !== true) this.changed(before, after);
    return after;
  }

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
  /** Update strategies, in the order in which they were set. */
  readonly strategies: string[] = [];
  /** The controller would have restarted pods by itself. */
  hasRolled = false;
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
    const updateStrategy = { type: 'RollingUpdate' };
    const spec = { replicas: 3, serviceName: 'kafka', updateStrategy, selector: { matchLabels: labels }, template };
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
    this.cluster.changed = (before, after) => this.#see(before, after);
    this.cluster.evict = async ({ name }, options) => {
      if (options?.dryRun === true) return;
      this.evicted.push(name);
      this.#start(Number(name.at(-1)));
    };
  }

  /** As the controller does: a new template is a new revision, and with RollingUpdate its pods are replaced. */
  #see(before: JsonObject, after: JsonObject): void {
    const strategy = textAt(after, 'spec', 'updateStrategy', 'type');
    if (strategy !== textAt(before, 'spec', 'updateStrategy', 'type')) this.strategies.push(strategy);
    const template = (object: JsonObject): string => JSON.stringify(valueAt(object, 'spec', 'template'));
    const isNew = template(before) !== template(after);
    const status = objectAt(after, 'status');
    const updateRevision = isNew ? `${textAt(status, 'updateRevision')}+` : textAt(status, 'updateRevision');
    this.cluster.put({ ...after, status: { ...status, updateRevision } });
    const isPending = this.brokers.ids.some((id) => this.#revisionOf(id) !== updateRevision);
    if (isPending && strategy !== 'OnDelete') this.hasRolled = true;
  }

  #revisionOf(id: number): string {
    return textAt(this.#get('Pod', `kafka-${id}`), 'metadata', 'labels', 'controller-revision-hash');
  }

  configMap(): JsonObject {
    return objectsOf([this.#get('ConfigMap', 'kafka-settings')])[0] ?? {};
  }

  set(): JsonObject {
    return this.#get('StatefulSet', 'kafka');
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
    const set = this.#get('StatefulSet', 'kafka');
    const revision = textAt(set, 'status', 'updateRevision');
    const own = podManifest(`kafka-${id}`, {
      namespace: 'prod',
      uid: `pod-${id}-${this.evicted.length}`,
      labels: { app: 'kafka', 'controller-revision-hash': revision },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'kafka', uid: 'set', controller: true }],
    });
    const template = valueAt(set, 'spec', 'template', 'spec', 'containers');
    const spec = { nodeName: 'node-1', containers: template, volumes, terminationGracePeriodSeconds: 300 };
    this.cluster.put({ ...own, spec });
    const variables = objectsOf(template).flatMap((one) => objectsOf(one['env']));
    const byVariable = variables.flatMap((one) => {
      const [, name] = /^KAFKA_(.+)$/.exec(textAt(one, 'name')) ?? [];
      const value = valueAt(one, 'value');
      return name !== undefined && typeof value === 'string'
        ? [[name.toLowerCase().replaceAll('_', '.'), value] as const]
        : [];
    });
    this.brokers.files.set(id, new Map([...parseSettings(this.properties()), ...byVariable]));
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
