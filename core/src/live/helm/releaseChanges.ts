import { textAt, type JsonObject } from '#core/json.ts';
import { driftOf } from '#core/live/drift.ts';
import { driftTexts, fieldChanges } from '#core/live/helm/fieldChanges.ts';
import { objectText, type RenderedObject } from '#core/live/helm/renderedObjects.ts';
import { patchedByHelm } from '#core/live/helm/threeWay.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';

/** What becomes of one object when a release goes from one manifest to another. */
export interface ObjectChange {
  readonly key: string;
  /** `StatefulSet shop/orders`. */
  readonly title: string;
  /**
   * `kept`: Helm leaves it although it is in the old manifest only, because it says `helm.sh/resource-policy: keep`. `unknown`: it may not be
   * read, or its kind is not served.
   */
  readonly how: 'created' | 'changed' | 'deleted' | 'kept' | 'same' | 'unknown';
  /** A text for each field that changes; of `unknown` the reason. */
  readonly fields: readonly string[];
  readonly old: RenderedObject | undefined;
  readonly target: RenderedObject | undefined;
  readonly live: JsonObject | undefined;
  /** As it is afterwards; undefined for what is deleted, kept or unknown. */
  readonly after: JsonObject | undefined;
}

const POLICY = 'helm.sh/resource-policy';

/** Every object of both manifests, those that are deleted last, as Helm does it. @throws ClusterProblem for what is no missing right */
export async function releaseChanges(
  old: readonly RenderedObject[],
  target: readonly RenderedObject[],
  cluster: Pick<Cluster, 'get'>,
): Promise<readonly ObjectChange[]> {
  const before = new Map(old.map((one) => [one.key, one]));
  const wanted = new Set(target.map(({ key }) => key));
  const changes: ObjectChange[] = [];
  for (const one of target) changes.push(await changeOf(before.get(one.key), one, cluster));
  for (const one of old) if (!wanted.has(one.key)) changes.push(await goneOf(one, cluster));
  return changes;
}

async function changeOf(
  old: RenderedObject | undefined,
  target: RenderedObject,
  cluster: Pick<Cluster, 'get'>,
): Promise<ObjectChange> {
  const parts = { key: target.key, title: objectText(target), old, target, live: undefined, after: undefined };
  const found = await liveOf(target, cluster);
  if (found.kind === 'unknown') return { ...parts, how: 'unknown', fields: [found.reason] };
  if (found.kind === 'absent') return { ...parts, how: 'created', fields: [], after: target.object };
  const { live } = found;
  const after = patchedByHelm(old?.object, target.object, live);
  const fields = fieldChanges(live, after);
  return { ...parts, live, after, how: fields.length === 0 ? 'same' : 'changed', fields };
}

async function goneOf(old: RenderedObject, cluster: Pick<Cluster, 'get'>): Promise<ObjectChange> {
  const parts = { key: old.key, title: objectText(old), old, target: undefined, live: undefined, after: undefined };
  const found = await liveOf(old, cluster);
  if (found.kind === 'unknown') return { ...parts, how: 'unknown', fields: [found.reason] };
  if (found.kind === 'absent') return { ...parts, how: 'same', fields: [] };
  const { live } = found;
  const isKept = textAt(live, 'metadata', 'annotations', POLICY) === 'keep';
  return { ...parts, live, how: isKept ? 'kept' : 'deleted', fields: [] };
}

type Found =
  | { readonly kind: 'live'; readonly live: JsonObject }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly reason: string };

async function liveOf({ address, apiVersion, kind }: RenderedObject, cluster: Pick<Cluster, 'get'>): Promise<Found> {
  if (!address) return { kind: 'unknown', reason: `${kind} of ${apiVersion} is not served by this cluster` };
  try {
    return { kind: 'live', live: await cluster.get(address) };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'absent') return { kind: 'absent' };
    if (error.kind === 'forbidden') return { kind: 'unknown', reason: `it may not be read: ${error.message}` };
    throw error;
  }
}

/** How one object of a release is in the cluster. */
export interface ObjectDrift {
  readonly title: string;
  readonly how: 'missing' | 'changed' | 'same' | 'unknown';
  /** A text for each field that the manifest sets and that is something else, the manifest first. */
  readonly fields: readonly string[];
}

/** What was changed outside Helm, in the fields that the manifest sets. @throws ClusterProblem for what is no missing right */
export async function releaseDrift(
  objects: readonly RenderedObject[],
  cluster: Pick<Cluster, 'get'>,
): Promise<readonly ObjectDrift[]> {
  const drifts: ObjectDrift[] = [];
  for (const one of objects) drifts.push(await driftOfObject(one, cluster));
  return drifts;
}

async function driftOfObject(one: RenderedObject, cluster: Pick<Cluster, 'get'>): Promise<ObjectDrift> {
  const title = objectText(one);
  const found = await liveOf(one, cluster);
  if (found.kind === 'absent') return { title, how: 'missing', fields: [] };
  if (found.kind === 'unknown') return { title, how: 'unknown', fields: [found.reason] };
  const fields = driftTexts(driftOf(one.object, found.live).fields, one.object);
  return { title, how: fields.length === 0 ? 'same' : 'changed', fields };
}
