import type { FieldChange } from '#core/live/edit/writePlan.ts';
import { formatFieldPath, readFieldPath } from '#core/live/fieldPath.ts';
import { plainText } from '#core/live/plainText.ts';
import type { ClusterProblem } from '#core/live/ports.ts';
import { describeObject, type ObjectTarget } from '#core/live/target.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

export interface FieldConflict {
  readonly path: string;
  readonly owner: string;
}

/** The fields a server-side apply may not take, with their owners; empty for a conflict of another kind. */
export function readConflicts({ kind, causes }: ClusterProblem): readonly FieldConflict[] {
  if (kind !== 'conflict') return [];
  return causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field, message }) => ({
      path: formatFieldPath(readFieldPath(plainText(field))),
      // conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas
      owner: plainText(/"((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? 'another manager'),
    }));
}

/** Who owns what, one line an owner: `kubectl-client-side-apply owns spec.replicas`. */
export function describeConflicts(conflicts: readonly FieldConflict[]): readonly string[] {
  const byOwner = new Map<string, string[]>();
  for (const { owner, path } of conflicts) byOwner.set(owner, [...(byOwner.get(owner) ?? []), path]);
  return [...byOwner].map(([owner, paths]) => `${nameOwner(owner)} owns ${joinSome(paths)}`);
}

/** Owners of fields that a replacement takes without asking the server. */
export function conflictsOf(changes: readonly FieldChange[]): readonly FieldConflict[] {
  return changes.flatMap(({ path, owners }) => owners.map((owner) => ({ path, owner: plainText(owner) })));
}

/** What is known of managers by their names; their programs put the fields back when they are taken over. */
const knownManagers: readonly (readonly [RegExp, string])[] = [
  [
    /^kubectl-(?:edit|client-side-apply|patch|scale|rollout|label|annotate|create|replace)|^kubectl$/,
    'somebody with kubectl',
  ],
  [/^helm$/i, 'Helm'],
  [/argocd/i, 'Argo CD'],
  [/kustomize-controller|helm-controller|^gotk/, 'Flux'],
  [/^kube-controller-manager$/, 'a controller of Kubernetes'],
  [/strimzi/i, operatorNames.strimzi],
  [/k8ssandra|cass-operator/i, 'the operator of Cassandra'],
  [/spark-operator/i, `the ${operatorNames['kubeflow-spark-operator']}`],
];

function nameOwner(owner: string): string {
  const known = knownManagers.find(([pattern]) => pattern.test(owner))?.[1];
  return known === undefined ? owner : `${owner} (${known})`;
}

/** `spec.a, spec.b and 3 more`. */
export function joinSome(texts: readonly string[], most = 4): string {
  const shown = texts.slice(0, most);
  const more = texts.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last ?? ''}`;
}

/** The question before a write: what, and where. */
export function writeQuestion(target: ObjectTarget): string {
  return `Write ${plainText(describeObject(target))} in ${plainText(target.context)}?`;
}

/** How much changes: `2 fields change: spec.a and spec.b (removed)`. */
export function describeChanges(changes: readonly FieldChange[]): string {
  const count = changes.length === 1 ? '1 field changes' : `${changes.length} fields change`;
  return `${count}: ${joinSome(changes.map(describeChange))}`;
}

function describeChange({ path, change }: FieldChange): string {
  return plainText(change === 'removed' ? `${path} (removed)` : path);
}
