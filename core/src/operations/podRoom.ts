import { objectAt, objectsOf, scalarText, textAt, textMapOf, textsAt, valueAt, type JsonObject } from '#core/json.ts';
import { parseQuantity } from '#core/kubernetes/quantity.ts';
import { ClusterProblem, type Cluster, type WatchQuery } from '#core/live/ports.ts';

/** What Kubernetes has for new pods of a StatefulSet; undefined where it may not be read. */
export interface Room {
  /** HorizontalPodAutoscalers that set the size of the StatefulSet. */
  readonly autoscalers: readonly string[] | undefined;
  /** Quotas that would not let the pods be made, a sentence each. */
  readonly quotas: readonly string[] | undefined;
  /** Kubernetes nodes that could take a pod, by their names; whether they have the room is not told. */
  readonly nodes: readonly string[] | undefined;
  /** How many of its pods may be in the cluster at most, because two of them may not be together; undefined without such a rule. */
  readonly most: { readonly pods: number; readonly because: string } | undefined;
  /** Storage classes that the claims name and nobody made, or the lack of a default one; a sentence each. */
  readonly storage: readonly string[] | undefined;
  /** Claims of the new pods that are there already. */
  readonly claims: readonly string[];
}

const kind = (group: string, version: string, plural: string, namespaced: boolean): WatchQuery => ({
  group,
  version,
  plural,
  namespaced,
});

/** `added` are the claims that new pods would have. @throws ClusterProblem when the server does not answer */
export async function readRoom(
  cluster: Cluster,
  set: JsonObject,
  added: number,
  claims: readonly string[],
): Promise<Room> {
  const namespace = textAt(set, 'metadata', 'namespace');
  const [autoscalers, quotas, nodes, classes] = await Promise.all([
    readList(cluster, { ...kind('autoscaling', 'v2', 'horizontalpodautoscalers', true), namespace }),
    readList(cluster, { ...kind('', 'v1', 'resourcequotas', true), namespace }),
    readList(cluster, kind('', 'v1', 'nodes', false)),
    readList(cluster, kind('storage.k8s.io', 'v1', 'storageclasses', false)),
  ]);
  const fitting = nodes?.filter((node) => takes(node, set));
  return {
    autoscalers: autoscalers && autoscalersOf(autoscalers, set),
    quotas: quotas && exceededQuotas(quotas, set, added),
    nodes: fitting?.map((node) => textAt(node, 'metadata', 'name')),
    most: fitting && mostPods(fitting, set),
    storage: classes && missingClasses(classes, set),
    claims: await existing(cluster, namespace, claims),
  };
}

async function readList(cluster: Cluster, query: WatchQuery): Promise<readonly JsonObject[] | undefined> {
  try {
    return await cluster.list(query);
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'forbidden' || error.kind === 'absent')) return undefined;
    throw error;
  }
}

async function existing(cluster: Cluster, namespace: string, names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) {
    try {
      await cluster.get({ ...kind('', 'v1', 'persistentvolumeclaims', true), namespace, name });
      found.push(name);
    } catch (error) {
      if (!(error instanceof ClusterProblem) || (error.kind !== 'absent' && error.kind !== 'forbidden')) throw error;
    }
  }
  return found;
}

function autoscalersOf(autoscalers: readonly JsonObject[], set: JsonObject): readonly string[] {
  return autoscalers
    .filter((one) => {
      const target = objectAt(one, 'spec', 'scaleTargetRef');
      return textAt(target, 'kind') === 'StatefulSet' && textAt(target, 'name') === textAt(set, 'metadata', 'name');
    })
    .map((one) => textAt(one, 'metadata', 'name'));
}

/** Quotas for some pods only are left to the server. */
function exceededQuotas(quotas: readonly JsonObject[], set: JsonObject, added: number): readonly string[] {
  const needs = needsOf(set);
  return quotas.flatMap((quota) => {
    if (valueAt(quota, 'spec', 'scopes') !== undefined || valueAt(quota, 'spec', 'scopeSelector') !== undefined)
      return [];
    const hard = objectAt(quota, 'status', 'hard');
    const used = objectAt(quota, 'status', 'used');
    return Object.keys(hard).flatMap((key) => {
      const need = (needs.get(key) ?? 0) * added;
      const left = amountOf(hard[key]) - amountOf(used[key]);
      if (need === 0 || need <= left) return [];
      return [
        `${textAt(quota, 'metadata', 'name')} has ${scalarText(used[key]) || '0'} of ${scalarText(hard[key])} ${key} used, which leaves no room for ${added} more`,
      ];
    });
  });
}

/** Of one pod, by the names that quotas have for it. */
function needsOf(set: JsonObject): ReadonlyMap<string, number> {
  const containers = objectsOf(valueAt(set, 'spec', 'template', 'spec', 'containers'));
  const claims = objectsOf(valueAt(set, 'spec', 'volumeClaimTemplates'));
  const sum = (of: readonly JsonObject[], ...path: readonly string[]): number =>
    of.reduce((total, one) => total + amountOf(valueAt(one, ...path)), 0);
  const requests = (name: string): number =>
    containers.reduce(
      (total, one) =>
        total +
        (amountOf(valueAt(one, 'resources', 'requests', name)) || amountOf(valueAt(one, 'resources', 'limits', name))),
      0,
    );
  return new Map([
    ['pods', 1],
    ['count/pods', 1],
    ['persistentvolumeclaims', claims.length],
    ['count/persistentvolumeclaims', claims.length],
    ['requests.storage', sum(claims, 'spec', 'resources', 'requests', 'storage')],
    ['cpu', requests('cpu')],
    ['requests.cpu', requests('cpu')],
    ['memory', requests('memory')],
    ['requests.memory', requests('memory')],
    ['limits.cpu', sum(containers, 'resources', 'limits', 'cpu')],
    ['limits.memory', sum(containers, 'resources', 'limits', 'memory')],
  ]);
}

function amountOf(value: unknown): number {
  return parseQuantity(scalarText(value))?.value ?? 0;
}

/** By what is told of it in one place: readiness, labels and taints. */
function takes(node: JsonObject, set: JsonObject): boolean {
  const pod = objectAt(set, 'spec', 'template', 'spec');
  const conditions = objectsOf(valueAt(node, 'status', 'conditions'));
  const isReady = conditions.some((one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True');
  if (!isReady || valueAt(node, 'spec', 'unschedulable') === true) return false;
  const labels = textMapOf(valueAt(node, 'metadata', 'labels'));
  const wanted = Object.entries(textMapOf(valueAt(pod, 'nodeSelector')));
  if (wanted.some(([name, value]) => labels[name] !== value)) return false;
  const tolerations = objectsOf(valueAt(pod, 'tolerations'));
  const taints = objectsOf(valueAt(node, 'spec', 'taints')).filter(
    (one) => textAt(one, 'effect') !== 'PreferNoSchedule',
  );
  return taints.every((taint) => tolerations.some((one) => tolerates(one, taint)));
}

function tolerates(toleration: JsonObject, taint: JsonObject): boolean {
  const key = textAt(toleration, 'key');
  const effect = textAt(toleration, 'effect');
  if (effect !== '' && effect !== textAt(taint, 'effect')) return false;
  if (textAt(toleration, 'operator') === 'Exists') return key === '' || key === textAt(taint, 'key');
  return key === textAt(taint, 'key') && textAt(toleration, 'value') === textAt(taint, 'value');
}

/** Required anti-affinity of the pods to each other: as many as there are places of the kind it names. */
function mostPods(nodes: readonly JsonObject[], set: JsonObject): Room['most'] {
  const template = objectAt(set, 'spec', 'template');
  const labels = textMapOf(valueAt(template, 'metadata', 'labels'));
  const rules = objectsOf(
    valueAt(template, 'spec', 'affinity', 'podAntiAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'),
  );
  const own = rules.filter((rule) => isAbout(rule, labels)).map((rule) => textAt(rule, 'topologyKey'));
  const counts = own.map((key) => ({
    pods: new Set(
      nodes.map((node) => textMapOf(valueAt(node, 'metadata', 'labels'))[key] ?? textAt(node, 'metadata', 'name')),
    ).size,
    because: `two of its pods may not be on one ${key === HOSTNAME ? 'Kubernetes node' : key}`,
  }));
  return counts.toSorted((a, b) => a.pods - b.pods)[0];
}

const HOSTNAME = 'kubernetes.io/hostname';

function isAbout(rule: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(textMapOf(valueAt(rule, 'labelSelector', 'matchLabels')));
  const expressions = objectsOf(valueAt(rule, 'labelSelector', 'matchExpressions'));
  const fits = expressions.every((one) => {
    const value = labels[textAt(one, 'key')];
    const values = textsAt(one, 'values');
    if (textAt(one, 'operator') === 'In') return value !== undefined && values.includes(value);
    return textAt(one, 'operator') === 'Exists' && value !== undefined;
  });
  return wanted.length + expressions.length > 0 && fits && wanted.every(([name, value]) => labels[name] === value);
}

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

function missingClasses(classes: readonly JsonObject[], set: JsonObject): readonly string[] {
  const names = new Set(classes.map((one) => textAt(one, 'metadata', 'name')));
  const hasDefault = classes.some(
    (one) => textMapOf(valueAt(one, 'metadata', 'annotations'))[DEFAULT_CLASS] === 'true',
  );
  const problems = objectsOf(valueAt(set, 'spec', 'volumeClaimTemplates')).flatMap((claim) => {
    const wanted = valueAt(claim, 'spec', 'storageClassName');
    if (typeof wanted === 'string')
      return wanted === '' || names.has(wanted) ? [] : [`There is no StorageClass ${wanted}`];
    return hasDefault ? [] : ['No StorageClass is the default one, and the claims name none'];
  });
  return [...new Set(problems)];
}

/** Whether claims are deleted with their pods when the StatefulSet gets smaller. */
export function losesClaims(set: JsonObject): boolean {
  return textAt(set, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenScaled') === 'Delete';
}
