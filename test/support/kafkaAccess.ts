import type { InsideAccess } from '#core/live/model.ts';
import {
  ClusterProblem,
  type Cluster,
  type ExecRequest,
  type ExecResult,
  type JsonObject,
  type KafkaAccess,
  type KafkaConnection,
} from '#core/live/ports.ts';
import { neverCancelled } from '#core/ports.ts';
import { NOW } from './liveObjects.ts';

/** A cluster that has some objects, a Kafka that answers as told, and pods that run commands. */
export interface FakeInside {
  /** By `plural/name`; a problem is what getting it rejects with. */
  readonly objects?: Readonly<Record<string, JsonObject | ClusterProblem>>;
  /** Rejects or answers for the broker of that number. */
  readonly kafka?: (nodeId: number, api: string, body: JsonObject) => unknown;
  readonly exec?: (request: ExecRequest) => ExecResult;
}

export interface FakeAccess {
  readonly access: InsideAccess;
  /** What `kafka` was called with. */
  readonly accesses: KafkaAccess[];
  readonly asked: string[];
  readonly gotten: string[];
  readonly execs: ExecRequest[];
  readonly openCount: () => number;
}

export function fakeAccess({ objects = {}, kafka, exec }: FakeInside): FakeAccess {
  const accesses: KafkaAccess[] = [];
  const asked: string[] = [];
  const gotten: string[] = [];
  const execs: ExecRequest[] = [];
  let open = 0;
  const connection: KafkaConnection = {
    request(nodeId, api, body) {
      asked.push(`${api} ${nodeId}`);
      return Promise.resolve().then(() => {
        const answer = kafka?.(nodeId, api, body) ?? new ClusterProblem('absent', `${api} is not offered`);
        if (answer instanceof Error) throw answer;
        return { ...answer };
      });
    },
    stop: () => (open -= 1),
  };
  const part: Pick<Cluster, 'get' | 'kafka' | 'exec'> = {
    get({ plural, name }) {
      gotten.push(`${plural}/${name}`);
      const found = objects[`${plural}/${name}`] ?? new ClusterProblem('absent', 'not found');
      return found instanceof ClusterProblem ? Promise.reject(found) : Promise.resolve(found);
    },
    kafka(access) {
      accesses.push(access);
      open += 1;
      return Promise.resolve(connection);
    },
    exec(request) {
      execs.push(request);
      return exec
        ? Promise.resolve(exec(request))
        : Promise.reject(new ClusterProblem('forbidden', 'You may not exec'));
    },
  };
  // What is used is there; anything else throws.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const cluster: Cluster = new Proxy(part, {
    get(target, name, receiver): unknown {
      if (name in target) return Reflect.get(target, name, receiver);
      throw new Error(`Nothing may be asked of ${String(name)}`);
    },
  }) as Cluster;
  const clock = { now: () => NOW, after: () => ({ stop: () => undefined }) };
  return {
    access: { cluster, clock, cancellation: neverCancelled },
    accesses,
    asked,
    gotten,
    execs,
    openCount: () => open,
  };
}

export const secret = (texts: Readonly<Record<string, string>>): JsonObject => ({
  data: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
});

export const configMap = (data: Readonly<Record<string, string>>): JsonObject => ({ data });

/** The pod of a broker as the API server has it. */
export const rawPod = (
  env: readonly object[],
  more: {
    readonly volumes?: readonly object[];
    readonly mounts?: readonly object[];
    readonly command?: readonly string[];
  } = {},
): JsonObject => ({
  spec: {
    containers: [{ name: 'kafka', env, volumeMounts: more.mounts ?? [], command: more.command ?? [] }],
    volumes: more.volumes ?? [],
  },
});
