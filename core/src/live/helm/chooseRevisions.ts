import type { ReleaseTarget, RevisionTarget } from '#core/live/tree/row.ts';
import type { ContextView, HelmRelease, HelmRevision } from '#core/live/view.ts';

/** A release, and the revision of it that is meant. */
export interface ChosenRevision {
  readonly release: HelmRelease;
  readonly revision: HelmRevision;
  /** Those it can be compared with: the one before it first, then the others, newest first. */
  readonly others: readonly HelmRevision[];
}

/** What a row of a release or of a revision stands for now; of a release, its newest revision. Undefined when it is gone. */
export function chooseRevision(
  view: Pick<ContextView, 'releases'>,
  target: ReleaseTarget | RevisionTarget,
): ChosenRevision | undefined {
  const release = view.releases.find(({ namespace, name }) => namespace === target.namespace && name === target.name);
  const revision = release?.revisions.find(
    (one) => target.kind === 'release' || (one.revision === target.revision && one.secret === target.secret),
  );
  if (!release || !revision) return undefined;
  const rest = release.revisions.filter((one) => one !== revision);
  const before = rest.find((one) => one.revision < revision.revision);
  const others = before ? [before, ...rest.filter((one) => one !== before)] : rest;
  return { release, revision, others };
}
