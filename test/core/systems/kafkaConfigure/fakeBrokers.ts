import { ClusterProblem, type Clock, type JsonObject } from '#core/live/ports.ts';
import { listAt, numberAt, objectsOf, textAt, textsAt, valueAt } from '#core/json.ts';
import { KafkaDoor } from '#core/systems/kafka/operations/door.ts';

interface Known {
  readonly value: string;
  readonly isReadOnly?: boolean;
  readonly isSensitive?: boolean;
  /** Only for single brokers. */
  readonly isOfEach?: boolean;
  /** What is not like it is refused. */
  readonly pattern?: RegExp;
}

/** What a broker has when nobody sets it, and what it takes. */
const known: Readonly<Record<string, Known>> = {
  'log.retention.ms': { value: '604800000', pattern: /^-?\d+$/ },
  'num.io.threads': { value: '8', pattern: /^[1-9]\d*$/ },
  'min.insync.replicas': { value: '1', pattern: /^[1-9]\d*$/ },
  'max.connections': { value: '2147483647', pattern: /^\d+$/ },
  'cordoned.log.dirs': { value: '', isOfEach: true },
  'default.replication.factor': { value: '1', isReadOnly: true },
  'num.partitions': { value: '1', isReadOnly: true },
  'ssl.key.secret': { value: '', isSensitive: true },
  'super.users': { value: '', isReadOnly: true },
  'some.plugin.token': { value: '', isSensitive: true },
};

const SOURCE = { broker: 2, all: 3, file: 4, fallback: 5 } as const;

export interface SetRequest {
  readonly to: number;
  readonly place: string;
  readonly configs: readonly JsonObject[];
}

/** Brokers that keep settings as Kafka does: for all, for one, and in a file that they read when they start. */
export class FakeBrokers {
  readonly ids: number[];
  readonly all = new Map<string, string>();
  readonly own = new Map<number, Map<string, string>>();
  readonly files = new Map<number, Map<string, string>>();
  /** Changes that were made, not only checked. */
  readonly changes: SetRequest[] = [];
  readonly silent = new Set<number>();
  /** Brokers that have not heard of changes for all yet, with what they know. */
  readonly late = new Map<number, ReadonlyMap<string, string>>();
  clusterId = 'c1d2';
  /** Instead of the usual answer. */
  other: (nodeId: number, api: string, body: JsonObject) => JsonObject | undefined = () => undefined;

  constructor(count = 3) {
    this.ids = Array.from({ length: count }, (_, id) => id);
    for (const id of this.ids) {
      this.own.set(id, new Map());
      this.files.set(id, new Map());
    }
  }

  door(clock: Clock): KafkaDoor {
    return new KafkaDoor(
      async () => ({ request: (nodeId, api, body) => this.request(nodeId, api, body), stop: () => undefined }),
      this.ids,
      clock,
    );
  }

  async request(nodeId: number, api: string, body: JsonObject): Promise<JsonObject> {
    if (this.silent.has(nodeId)) throw new ClusterProblem('unreachable', `kafka-${nodeId} refused the connection`);
    const answer = this.other(nodeId, api, body) ?? this.#answer(nodeId, api, body);
    if (!answer) throw new ClusterProblem('server', `unknown request ${api}`);
    return answer;
  }

  #answer(nodeId: number, api: string, body: JsonObject): JsonObject | undefined {
    const named = this.ids.filter((id) => !this.silent.has(id)).map((id) => ({ id, host: '', port: 9092, rack: '' }));
    const partitions = [{ index: 0, errorCode: 0, leader: 0, replicas: [0, 1, 2], isr: [0, 1, 2], offline: [] }];
    const answers: Readonly<Record<string, () => JsonObject>> = {
      Metadata: () => ({
        clusterId: this.clusterId,
        controllerId: 0,
        brokers: named,
        topics: [{ name: 'orders', errorCode: 0, isInternal: false, partitions }],
      }),
      DescribeCluster: () => ({
        clusterId: this.clusterId,
        controllerId: 0,
        brokers: named.map((one) => ({ ...one, isFenced: false })),
      }),
      ListPartitionReassignments: () => ({ partitions: [] }),
      DescribeQuorum: () => ({ leaderId: 0, leaderEpoch: 1, highWatermark: 1, voters: [], observers: [] }),
      DescribeLogDirs: () => ({ dirs: [{ path: '/data', errorCode: 0, topics: [] }] }),
      ElectLeaders: () => ({ partitions: [] }),
      DescribeConfigs: () => ({ resources: objectsOf(body['resources']).map((one) => this.#describe(nodeId, one)) }),
      IncrementalAlterConfigs: () => ({
        resources: objectsOf(body['resources']).map((one) => this.#alter(nodeId, one, body['validateOnly'] === true)),
      }),
    };
    return answers[api]?.();
  }

  #describe(nodeId: number, resource: JsonObject): JsonObject {
    const name = textAt(resource, 'name');
    if (numberAt(resource, 'type') === 2) {
      const configs = [
        { name: 'min.insync.replicas', value: '2', isReadOnly: false, isSensitive: false, source: 5, synonyms: [] },
      ];
      return { type: 2, name, errorCode: 0, configs };
    }
    const configs = textsAt(resource, 'keys').flatMap((key) => this.#entry(nodeId, key) ?? []);
    return { type: 4, name, errorCode: Number(name) === nodeId ? 0 : 42, configs };
  }

  #entry(nodeId: number, name: string): JsonObject | undefined {
    const setting = known[name] ?? (this.files.get(nodeId)?.has(name) ? { value: '', isReadOnly: true } : undefined);
    if (!setting) return undefined;
    const places = [
      { source: SOURCE.broker, value: this.own.get(nodeId)?.get(name) },
      { source: SOURCE.all, value: (this.late.get(nodeId) ?? this.all).get(name) },
      { source: SOURCE.file, value: this.files.get(nodeId)?.get(name) },
      { source: SOURCE.fallback, value: setting.value },
    ];
    const synonyms = places.flatMap(({ source, value }) => (value === undefined ? [] : [{ name, value, source }]));
    const { isReadOnly = false, isSensitive = false } = setting;
    return { name, value: synonyms[0]?.value, source: synonyms[0]?.source, isReadOnly, isSensitive, synonyms };
  }

  #alter(nodeId: number, resource: JsonObject, validateOnly: boolean): JsonObject {
    const place = textAt(resource, 'name');
    const refuse = (message: string): JsonObject => ({ type: 4, name: place, errorCode: 40, message });
    const configs = objectsOf(listAt(resource, 'configs'));
    if (place !== '' && Number(place) !== nodeId)
      return { type: 4, name: place, errorCode: 42, message: 'Unexpected broker id' };
    for (const config of configs) {
      const name = textAt(config, 'name');
      const value = valueAt(config, 'value');
      const setting = known[name];
      if (!setting || setting.isReadOnly === true) return refuse(`Cannot update these configs dynamically: [${name}]`);
      if (setting.isOfEach === true && place === '')
        return refuse(`Cannot update these configs at default cluster level`);
      if (typeof value === 'string' && setting.pattern?.test(value) === false)
        return refuse(`Invalid value ${value} for ${name}`);
      if (name === 'num.io.threads' && typeof value === 'string') {
        for (const id of place === '' ? this.ids : [nodeId]) {
          const now = Number(this.#entry(id, name)?.['value']);
          if (Number(value) > now * 2 || Number(value) < Math.floor(now / 2))
            return refuse('thread pool changes too much');
        }
      }
    }
    if (!validateOnly) {
      this.changes.push({ to: nodeId, place, configs });
      const map = place === '' ? this.all : this.own.get(nodeId);
      for (const config of configs) {
        const value = valueAt(config, 'value');
        if (typeof value === 'string') map?.set(textAt(config, 'name'), value);
        else map?.delete(textAt(config, 'name'));
      }
    }
    return { type: 4, name: place, errorCode: 0, message: '' };
  }
}
