import { isObject, listAt, numberAt, textAt, type JsonObject } from '#core/json.ts';
import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import type { DataCluster, Health, LiveSystem } from '#core/live/model.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import { makeNamespace } from './jobObjects.ts';

/** Objects of a real API server at one moment, and what the product said of the job that they make up. */
export interface RecordedState {
  /** Who wrote the status. */
  readonly by: string;
  /** Milliseconds since 1970, at which the sentence was said. */
  readonly at: number;
  /** Of the data cluster. */
  readonly key: string;
  /** `healthy: running: 2 of 2 executors`. */
  readonly said: string;
  /** Indices of `objects`. */
  readonly objects: readonly number[];
}

/** test/fixtures/recorded/jobs.json: an object that several states have in the same version stands there once. */
export interface RecordedJobs {
  readonly objects: readonly JsonObject[];
  readonly states: readonly RecordedState[];
}

/** @throws SyntaxError for what is no JSON */
export function readRecorded(text: string): RecordedJobs {
  const value: unknown = JSON.parse(text);
  const states = listAt(value, 'states').map((state) => ({
    by: textAt(state, 'by'),
    at: numberAt(state, 'at') ?? 0,
    key: textAt(state, 'key'),
    said: textAt(state, 'said'),
    objects: listAt(state, 'objects').filter((index) => typeof index === 'number'),
  }));
  return { objects: listAt(value, 'objects').filter(isObject), states };
}

/** Of a state. */
export const objectsOf = ({ objects }: RecordedJobs, state: RecordedState): readonly JsonObject[] =>
  state.objects.map((index) => objects[index]).filter((object) => object !== undefined);

/** The job of that key as the product puts it together from these objects alone, with its health. */
export function judgeRecorded(
  objects: readonly JsonObject[],
  key: string,
  now: number,
): { readonly cluster: DataCluster; readonly health: Health } | undefined {
  const ofKind = (kind: string): readonly JsonObject[] => objects.filter((object) => object['kind'] === kind);
  const namespace = makeNamespace({
    namespace: key.split('/')[1] ?? '',
    customs: objects.filter(isCustom).flatMap((object) => decodeCustom(kindOf(object))(object) ?? []),
    pods: ofKind('Pod').flatMap((object) => decodePod(object) ?? []),
    workloads: ofKind('StatefulSet').flatMap((object) => decodeStatefulSet(object) ?? []),
  });
  for (const system of [sparkLive, tfjobLive] satisfies readonly LiveSystem[]) {
    const cluster = system.gather(namespace).find((one) => one.key === key);
    if (cluster) return { cluster, health: system.health(cluster, undefined, now) };
  }
  return undefined;
}

/** `healthy: running: 2 of 2 executors`. */
export const sayingOf = ({ level, sentence }: Health): string => `${level}: ${sentence}`;

function isCustom(object: JsonObject): boolean {
  return isObject(object['spec']) && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\//.test(textAt(object, 'apiVersion'));
}

function kindOf(object: JsonObject): Parameters<typeof decodeCustom>[0] {
  const [group = '', version = ''] = textAt(object, 'apiVersion').split('/');
  const kind = textAt(object, 'kind');
  const plural = `${kind.toLowerCase()}s`;
  return { group, version, kind, plural, namespaced: true, verbs: [], versions: [version] };
}
