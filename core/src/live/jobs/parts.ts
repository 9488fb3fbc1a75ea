import { helmReleaseOf } from '#core/live/helm/ownership.ts';
import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LivePod, NamespaceObjects, ObjectMeta } from '#core/live/objects.ts';

type Labels = Readonly<Record<string, string>>;

/** The parts of a data cluster that follow from its pods. */
export type PodParts = Pick<DataCluster, 'services' | 'claims' | 'budgets' | 'configMaps' | 'secrets'>;

/** What the pods of some members use and what stands before them; `owners` are uids whose services belong to them as well. */
export function partsOf(
  members: readonly LiveMember[],
  objects: NamespaceObjects,
  owners: ReadonlySet<string>,
): PodParts {
  const pods = members.flatMap(({ pod }) => (pod === undefined ? [] : [pod]));
  const isSelected = (selector: Labels): boolean => pods.some(({ meta }) => selects(selector, meta.labels));
  const claims = new Set(namesOf(pods, 'claim'));
  return {
    services: objects.services.filter(
      ({ meta, selector }) => isSelected(selector) || meta.owners.some(({ uid }) => owners.has(uid)),
    ),
    claims: objects.claims.filter(({ meta }) => claims.has(meta.name)),
    budgets: objects.budgets.filter(({ selector }) => isSelected(selector)),
    configMaps: sortedSet([...namesOf(pods, 'configMap'), ...referencesOf(pods, 'ConfigMap')]),
    secrets: sortedSet([...namesOf(pods, 'secret'), ...referencesOf(pods, 'Secret')]),
  };
}

/** What made an object: its controller, else any owner, else a Helm release. */
export function ownerOf(meta: ObjectMeta): DataCluster['owner'] {
  const owner = meta.owners.find(({ isController }) => isController) ?? meta.owners[0];
  if (owner !== undefined) return owner;
  const helmRelease = helmReleaseOf(meta);
  return helmRelease === undefined ? undefined : { helmRelease };
}

/** Whether every label of a selector is there; an empty selector selects nothing. */
export function selects(selector: Labels, labels: Labels): boolean {
  const entries = Object.entries(selector);
  return entries.length > 0 && entries.every(([name, value]) => labels[name] === value);
}

/** A label or annotation that is a whole number from zero on. */
export function ordinalOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function namesOf(pods: readonly LivePod[], source: 'claim' | 'configMap' | 'secret'): readonly string[] {
  return pods.flatMap(({ volumes }) => volumes.flatMap((volume) => (volume.source === source ? [volume.target] : [])));
}

function referencesOf(pods: readonly LivePod[], kind: 'ConfigMap' | 'Secret'): readonly string[] {
  return pods.flatMap(({ references }) =>
    references.flatMap((reference) => (reference.kind === kind ? [reference.name] : [])),
  );
}

function sortedSet(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== '').toSorted();
}
