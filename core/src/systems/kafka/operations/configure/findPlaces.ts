import { objectAt, textMapOf, valueAt, type JsonObject } from '#core/json.ts';
import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { readObjects } from '#core/systems/kafka/live/reader.ts';
import { configMapAddress, FILE, KEYS, patchOf } from '#core/systems/kafka/operations/configure/writeSettings.ts';
import { BEFORE, WANTED } from '#core/systems/kafka/operations/configure/setSettings.ts';
import { writeValues } from '#core/systems/kafka/operations/configure/changeLists.ts';
import type { SettingWish } from '#core/systems/kafka/operations/configure/effects.ts';
import { findWrittenPlace, type WrittenPlace } from '#core/systems/kafka/operations/configure/writtenPlaces.ts';
import { findTemplates, type TemplateChange } from '#core/systems/kafka/operations/configure/findTemplates.ts';
import { keepersOf, type Keeper } from '#core/operations/keepers.ts';

/** A setting that is written somewhere, and by whom. */
export interface PlacedWish {
  readonly wish: SettingWish;
  readonly workload: string;
  readonly place: WrittenPlace;
}

/** A setting where it is written: the key or variable, and the value of before. */
export interface WrittenWish {
  readonly name: string;
  readonly value: string | null;
  readonly before: string | null;
  readonly key: string;
}

/** One ConfigMap that is changed: a file in it, or keys that become variables. */
export interface MapChange {
  readonly configMap: string;
  /** Empty for variables. */
  readonly file: string;
  readonly wishes: readonly WrittenWish[];
  readonly keepers: readonly Keeper[];
  /** Why the server would not take it; undefined when it would. */
  readonly refusal: string | undefined;
}

export interface FoundPlaces {
  readonly placed: readonly PlacedWish[];
  readonly changes: readonly MapChange[];
  readonly templates: readonly TemplateChange[];
  /** Pods that read what is changed, in the order of the cluster. */
  readonly pods: readonly string[];
  /** Workloads of controllers only, which have settings of their own. */
  readonly controllers: readonly string[];
  /** Annotations of the templates that carry a sum over the settings: `checksum/configuration`. */
  readonly checksums: readonly string[];
  /** Workloads whose pods somebody restarts as soon as a ConfigMap changes. */
  readonly reloaded: readonly string[];
}

/** Looks in every StatefulSet with brokers, and has the server check the changes without making them. @throws ClusterProblem */
export async function findPlaces(
  data: DataCluster,
  cluster: Cluster,
  wishes: readonly SettingWish[],
): Promise<FoundPlaces> {
  const reader = readObjects(cluster, data.namespace);
  const placed: PlacedWish[] = [];
  const reading: LiveMember[] = [];
  const controllers: string[] = [];
  const annotations: (readonly [string, string])[] = [];
  for (const workload of data.workloads) {
    const members = membersOf(workload, data);
    const [broker] = members.filter(({ role }) => role !== 'controller');
    if (!broker) {
      if (members.length > 0) controllers.push(workload.meta.name);
      continue;
    }
    const object = await readWorkload(cluster, workload);
    const template = objectAt(object, 'spec', 'template');
    annotations.push(...annotationsOf(object, workload.meta.name), ...annotationsOf(template, workload.meta.name));
    reading.push(...members);
    for (const wish of wishes) {
      const place = await findWrittenPlace(wish.name, { template, container: broker.container }, reader);
      placed.push({ wish, workload: workload.meta.name, place });
    }
  }
  return {
    placed,
    changes: await checkChanges(changesOf(placed), data.namespace, cluster),
    templates: await findTemplates(placed, data.namespace, cluster),
    pods: reading.map(({ name }) => name),
    controllers,
    checksums: unique(
      annotations.filter(([key]) => key.startsWith('checksum/')).map(([key, name]) => `${key} of ${name}`),
    ),
    reloaded: unique(annotations.filter(([key]) => RELOADER.test(key)).map(([, name]) => name)),
  };
}

/** Reloader of Stakater: it changes the template as soon as a ConfigMap of the pods changes. */
const RELOADER = /^(?:configmap\.)?reloader\.stakater\.com\/(?:auto|reload|search)$/;

function annotationsOf(object: JsonObject, workload: string): readonly (readonly [string, string])[] {
  return Object.keys(textMapOf(valueAt(object, 'metadata', 'annotations'))).map((key) => [key, workload]);
}

function membersOf({ meta }: LiveWorkload, { members }: DataCluster): readonly LiveMember[] {
  const pattern = /^(.*)-\d+$/;
  return members.filter(({ name }) => pattern.exec(name)?.[1] === meta.name);
}

function readWorkload(cluster: Cluster, { kind, meta }: LiveWorkload): Promise<JsonObject> {
  if (kind !== 'StatefulSet')
    throw new ClusterProblem('invalid', `${kind} ${meta.name} gives its brokers no lasting names.`);
  const { namespace, name } = meta;
  return cluster.get({ group: 'apps', version: 'v1', plural: 'statefulsets', namespaced: true, namespace, name });
}

type BareChange = Omit<MapChange, 'keepers' | 'refusal'>;

/** Several workloads may read one ConfigMap; it is changed once. */
function changesOf(placed: readonly PlacedWish[]): readonly BareChange[] {
  const found = new Map<string, BareChange>();
  for (const { wish, place } of placed) {
    if (place.kind !== 'file' && place.kind !== 'variable') continue;
    const file = place.kind === 'file' ? place.key : '';
    const id = `${place.configMap}/${file}`;
    const before = found.get(id) ?? { configMap: place.configMap, file, wishes: [] };
    if (before.wishes.some(({ name }) => name === wish.name)) continue;
    const one = { name: wish.name, value: wish.value, before: place.value ?? null, key: place.key };
    found.set(id, { ...before, wishes: [...before.wishes, one] });
  }
  return [...found.values()];
}

function checkChanges(
  changes: readonly BareChange[],
  namespace: string,
  cluster: Cluster,
): Promise<readonly MapChange[]> {
  return Promise.all(
    changes.map(async (change) => {
      const address = configMapAddress(namespace, change.configMap);
      const object = await cluster.get(address);
      const keepers = keepersOf(object, 'data');
      try {
        await cluster.mergePatch(address, patchOf(object, parametersOf(change)), { dryRun: true });
        return { ...change, keepers, refusal: undefined };
      } catch (error) {
        if (!(error instanceof ClusterProblem) || error.kind === 'unreachable') throw error;
        return { ...change, keepers, refusal: error.message };
      }
    }),
  );
}

/** What a step has to know of a change, as its parameters. */
export function parametersOf({
  file,
  wishes,
}: Pick<BareChange, 'file' | 'wishes'>): Readonly<Record<string, string | readonly string[]>> {
  const before = wishes.map(({ name, before: value }) => ({ name, value }));
  return {
    [FILE]: file,
    [KEYS]: wishes.map(({ key }) => key),
    ...writeTexts(WANTED, wishes),
    ...writeTexts(BEFORE, before),
  };
}

function writeTexts(
  prefix: string,
  values: readonly { readonly name: string; readonly value: string | null }[],
): Readonly<Record<string, readonly string[]>> {
  const written = writeValues(prefix, values);
  return Object.fromEntries(
    Object.entries(written).map(([key, list]) => [key, Array.isArray(list) ? list.map(String) : []]),
  );
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
