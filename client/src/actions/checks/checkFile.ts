import { placedInFile } from '#client/actions/checks/placedInFile.ts';
import { formatApiVersion } from '#core/kubernetes/identity.ts';
import { readManifest, type ManifestObject } from '#core/live/manifestObjects.ts';
import { ClusterProblem, type ApiResource, type Cluster, type ObjectAddress } from '#core/live/ports.ts';
import { placeRefusals, rangeOfField, type Refusal } from '#core/live/refusals.ts';
import { findMissing, rightsFor, type MissingRight } from '#core/live/rights.ts';
import type { Cancellation } from '#core/ports.ts';

export interface FileCheck {
  /** Offsets of the file. */
  readonly refusals: readonly Refusal[];
  /** Objects the server was asked about. */
  readonly asked: number;
  /** What was not asked about, and why, as sentences. */
  readonly problems: readonly string[];
  /** Rights to ask about some of the objects, which were left out. */
  readonly missing: readonly MissingRight[];
}

/**
 * Lets a server try every object of a file, one after the other, and keeps nothing of it: schema, conditions, admission and policies of
 * this very cluster. Who owns which field is no matter here.
 *
 * @throws ClusterProblem when the server cannot be asked at all
 */
export async function checkFile(text: string, cluster: Cluster, cancellation: Cancellation): Promise<FileCheck> {
  const { objects, problems } = readManifest(text);
  const refusals: Refusal[] = [];
  if (objects.length === 0) return { refusals, asked: 0, problems, missing: [] };
  const { resources } = await cluster.resources();
  const missing: MissingRight[] = [];
  let asked = 0;
  for (const object of objects) {
    if (cancellation.isCancellationRequested) break;
    const address = addressIn(object, resources, cluster.context.namespace);
    const lacking = address ? await findMissing(cluster, rightsFor('check', address)) : [];
    missing.push(...lacking);
    if (lacking.length > 0) continue;
    const found = address ? await tryObject(object, address, cluster) : [unserved(object, cluster)];
    refusals.push(...placedInFile(found, object.offset));
    asked += 1;
  }
  return { refusals, asked, problems, missing };
}

function unserved(object: ManifestObject, { context }: Cluster): Refusal {
  const message = `The cluster of ${context.name} does not serve ${formatApiVersion(object)} ${object.kind}.`;
  return { range: rangeOfField(object.root, ['apiVersion']), message };
}

async function tryObject(
  object: ManifestObject,
  address: ObjectAddress,
  cluster: Cluster,
): Promise<readonly Refusal[]> {
  try {
    await cluster.apply(address, object.object, { dryRun: true, force: true });
    return [];
  } catch (error) {
    if (!(error instanceof ClusterProblem) || !SAID_OF_OBJECT.has(error.kind)) throw error;
    return placeRefusals(error, object.root);
  }
}

/** Answers that are about the object; all others mean that the server could not be asked. */
const SAID_OF_OBJECT: ReadonlySet<ClusterProblem['kind']> = new Set([
  'invalid',
  'forbidden',
  'absent',
  'conflict',
  'server',
]);

/** Where an object of a manifest would be; undefined when the server serves no such kind in that version. */
export function addressIn(
  { group, version, kind, namespace, name }: ManifestObject,
  resources: readonly ApiResource[],
  defaultNamespace: string,
): ObjectAddress | undefined {
  const served = resources.find(
    (resource) => resource.group === group && resource.kind === kind && resource.versions.includes(version),
  );
  if (!served) return undefined;
  const { plural, namespaced } = served;
  return { group, version, plural, namespaced, namespace: namespaced ? namespace || defaultNamespace : '', name };
}
