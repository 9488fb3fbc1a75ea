import { objectAt, objectOf, textAt, textMapOf, type JsonObject } from '#core/json.ts';
import { decodeBase64Text, encodeBase64Text } from '#core/live/edit/base64.ts';
import { ClusterProblem, type ObjectAddress } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import { PLAN_ANNOTATION, type JobPorts } from '#core/operations/jobs/jobNow.ts';
import { patched } from '#core/operations/jobs/mergePatch.ts';

/** The Secret that holds the manifest of a job between its deletion and its return: a manifest may have passwords in its variables. */
export function keptAddress({ target: { anchor, name, namespace } }: Pick<Plan, 'target'>): ObjectAddress {
  return {
    group: '',
    version: 'v1',
    plural: 'secrets',
    namespaced: true,
    namespace,
    // Objects of several kinds may have one name.
    name: `data-clusters-kept-${anchor.kind.toLowerCase()}-${name}`,
  };
}

const GENERATION_ANNOTATION = 'data-clusters.io/generation';

export interface Kept {
  readonly plan: string;
  readonly uid: string;
  /** Of the object it was taken from; empty when that has none. */
  readonly generation: string;
  /** Undefined when it cannot be read. */
  readonly manifest: JsonObject | undefined;
}

/** Undefined when there is no such Secret. @throws ClusterProblem */
export async function readKept({ plan, cluster }: Pick<JobPorts, 'plan' | 'cluster'>): Promise<Kept | undefined> {
  try {
    const secret = await cluster.get(keptAddress(plan));
    const text = decodeBase64Text(textAt(secret, 'data', 'manifest'));
    return {
      plan: textAt(secret, 'metadata', 'annotations', PLAN_ANNOTATION),
      uid: textAt(secret, 'metadata', 'uid'),
      generation: textAt(secret, 'metadata', 'annotations', GENERATION_ANNOTATION),
      manifest: readManifest(text),
    };
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
    throw error;
  }
}

function readManifest(text: string | undefined): JsonObject | undefined {
  try {
    const value = objectOf(JSON.parse(text ?? ''));
    return textAt(value, 'kind') === '' ? undefined : value;
  } catch {
    return undefined;
  }
}

export function keptSecret(plan: Plan, manifest: JsonObject, generation: number | undefined): JsonObject {
  const { name, namespace } = keptAddress(plan);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'data-clusters' },
      annotations: { [PLAN_ANNOTATION]: plan.id, [GENERATION_ANNOTATION]: String(generation ?? '') },
    },
    type: 'Opaque',
    data: { manifest: encodeBase64Text(JSON.stringify(manifest)) },
  };
}

/** What the server and controllers have written into the metadata of an object, and write anew. */
const given = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
  'finalizers',
]);

/** The manifest by which an object is made anew: as it is written, with the changes, without its state. */
export function anewOf(object: JsonObject, plan: Pick<Plan, 'id'>, changes: JsonObject): JsonObject {
  const { status: _, ...rest } = patched(object, changes);
  const metadata = objectAt(rest, 'metadata');
  return {
    ...rest,
    metadata: {
      ...Object.fromEntries(Object.entries(metadata).filter(([key]) => !given.has(key))),
      annotations: { ...textMapOf(metadata['annotations']), [PLAN_ANNOTATION]: plan.id },
    },
  };
}

/** Takes the Secret of the plan away; nothing happens when it is not there, or another plan's. @throws ClusterProblem */
export async function forget({ plan, cluster }: Pick<JobPorts, 'plan' | 'cluster'>): Promise<void> {
  const kept = await readKept({ plan, cluster });
  if (kept?.plan !== plan.id) return;
  try {
    await cluster.delete(keptAddress(plan), { uid: kept.uid });
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind !== 'absent') throw error;
  }
}
