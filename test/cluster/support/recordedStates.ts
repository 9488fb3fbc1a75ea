import { listAt, objectAt, objectOf, textAt, type JsonObject } from '#core/json.ts';
import type { LiveObject } from '#core/live/objects.ts';
import type { Cluster, WatchQuery } from '#core/live/ports.ts';
import type { JudgedCluster } from '#core/live/view.ts';
import {
  judgeRecorded,
  objectsOf,
  sayingOf,
  type RecordedJobs,
  type RecordedState,
} from '#test/support/recordedObjects.ts';

/** Objects as the server has sent them last, by uid. */
export type Sent = ReadonlyMap<string, JsonObject>;

/** The same cluster, whose watches also keep what they hear. */
export function overheard(cluster: Cluster, sent: Map<string, JsonObject>): Cluster {
  const watch: Cluster['watch'] = (query, listener) =>
    cluster.watch(query, (event) => {
      if (event.type === 'put') sent.set(textAt(event.object, 'metadata', 'uid'), named(event.object, query));
      listener(event);
    });
  return new Proxy(cluster, {
    get(target, key): unknown {
      if (key === 'watch') return watch;
      const member: unknown = Reflect.get(target, key);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

const builtIn: Readonly<Record<string, JsonObject>> = {
  pods: { apiVersion: 'v1', kind: 'Pod' },
  statefulsets: { apiVersion: 'apps/v1', kind: 'StatefulSet' },
};

/** In a list of a built-in kind the server leaves out what each of them is. */
const named = (object: JsonObject, { plural }: WatchQuery): JsonObject => ({ ...builtIn[plural], ...object });

/**
 * Collects one state for every sentence that differs in more than its numbers and names. A state counts only when its objects alone, in the
 * part that is kept of them, make the product say the same once more: what was said because of anything else is left out.
 */
export class StateRecorder {
  readonly #objects: JsonObject[] = [];
  readonly #indices = new Map<string, number>();
  readonly #states = new Map<string, RecordedState>();

  get recorded(): RecordedJobs {
    return { objects: this.#objects, states: [...this.#states.values()] };
  }

  /** @returns what was said when it is new */
  take({ cluster, health }: JudgedCluster, by: string, sent: Sent, at: number): string | undefined {
    const said = sayingOf(health);
    const id = `${by} ${kindOf(cluster.resource)} ${skeletonOf(said, cluster.name)}`;
    if (this.#states.has(id)) return undefined;
    const own = [cluster.resource, ...cluster.members.map(({ pod }) => pod), ...cluster.workloads, ...cluster.customs];
    const kept = new Map<string, JsonObject>();
    for (const object of own) {
      const found = object && sent.get(object.meta.uid);
      if (object && !found) return undefined;
      if (found) kept.set(textAt(found, 'metadata', 'uid'), trimmed(found));
    }
    const again = judgeRecorded([...kept.values()], cluster.key, at);
    if (again === undefined || sayingOf(again.health) !== said) return undefined;
    const objects = [...kept.values()].map((object) => this.#indexOf(object));
    this.#states.set(id, { by, at, key: cluster.key, said, objects });
    return said;
  }

  /** Takes states of before with what is said of them today. @throws Error for one of which nothing is said any more */
  retell(recorded: RecordedJobs): void {
    for (const state of recorded.states) {
      const own = objectsOf(recorded, state).map(trimmed);
      const judged = judgeRecorded(own, state.key, state.at);
      if (judged === undefined) throw new Error(`${state.key} is no longer seen in what was told as: ${state.said}`);
      const retold = { ...state, said: sayingOf(judged.health), objects: own.map((object) => this.#indexOf(object)) };
      this.#states.set(`${this.#states.size}`, retold);
    }
  }

  #indexOf(object: JsonObject): number {
    const id = `${textAt(object, 'metadata', 'uid')} ${textAt(object, 'metadata', 'resourceVersion')}`;
    const known = this.#indices.get(id);
    if (known !== undefined) return known;
    this.#indices.set(id, this.#objects.length);
    return this.#objects.push(object) - 1;
  }
}

const kindOf = (resource: LiveObject | undefined): string =>
  resource?.kind === 'Custom' ? `${resource.group}/${resource.customKind}` : '';

/** Numbers, and what makes names of pods unique, differ from run to run. */
const skeletonOf = (said: string, name: string): string =>
  said
    .replaceAll(name, 'NAME')
    .replaceAll(/[0-9a-f]{8,}/g, 'ID')
    .replaceAll(/\d+/g, 'N');

/** Without what nobody reads and what only one machine has: who wrote which field, programs, tokens, tolerations, mounts, addresses, images. */
function trimmed(object: JsonObject): JsonObject {
  const { managedFields: _, ...metadata } = objectAt(object, 'metadata');
  const { 'kubectl.kubernetes.io/last-applied-configuration': __, ...annotations } = objectAt(metadata, 'annotations');
  const own = { ...object, metadata: { ...metadata, annotations } };
  return object['kind'] === 'Pod'
    ? { ...own, spec: podSpec(objectAt(object, 'spec')), status: podStatus(object) }
    : own;
}

function podSpec(spec: JsonObject): JsonObject {
  const containers = listAt(spec, 'containers').map((one) =>
    pick(objectOf(one), 'name', 'image', 'ports', 'lifecycle'),
  );
  return { ...pick(spec, 'nodeName', 'restartPolicy', 'terminationGracePeriodSeconds'), containers };
}

function podStatus(object: JsonObject): JsonObject {
  const { hostIP: _, hostIPs: __, podIPs: ___, ...status } = objectAt(object, 'status');
  const containerStatuses = listAt(status, 'containerStatuses').map((one) =>
    pick(objectOf(one), 'name', 'ready', 'restartCount', 'started', 'state', 'lastState'),
  );
  return { ...status, containerStatuses, ...(status['podIP'] === undefined ? {} : { podIP: '10.0.0.1' }) };
}

const pick = (object: JsonObject, ...keys: readonly string[]): JsonObject =>
  Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]])));
