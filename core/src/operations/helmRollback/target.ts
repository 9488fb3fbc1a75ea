import { ClusterProblem } from '#core/live/ports.ts';
import type { StoredRevision } from '#core/operations/helmRollback/storedReleases.ts';

/**
 * The revision that is meant: the one that was asked for, else the newest before the current one that was ever deployed. Helm would take the
 * one before, whatever became of it.
 * @throws ClusterProblem when there is no release, when that revision is not kept, or when there is nothing to go back to
 */
export function chooseRevisions(
  revisions: readonly StoredRevision[],
  release: { readonly name: string; readonly to?: number | undefined },
): { readonly current: StoredRevision; readonly target: StoredRevision } {
  const [current, ...older] = revisions;
  if (!current) throw new ClusterProblem('absent', `There is no Helm release ${release.name} in this namespace.`);
  const { to } = release;
  if (to === undefined) {
    const target = older.find(({ status }) => status === 'deployed' || status === 'superseded');
    if (target) return { current, target };
    const problem = `No earlier revision of ${release.name} that was deployed is kept.`;
    throw new ClusterProblem(
      'absent',
      `${problem} Install or upgrade it with the chart and values that it shall have.`,
    );
  }
  const target = revisions.find(({ revision }) => revision === to);
  if (target) return { current, target };
  const kept = revisions.map(({ revision }) => revision).join(', ');
  throw new ClusterProblem(
    'absent',
    `Revision ${to} of ${release.name} is not kept: Helm keeps as many as --history-max says. There are ${kept}; choose one of them, or upgrade with the chart and values of then.`,
  );
}

/** After that, whoever began a revision that is still pending is gone. Without `--timeout` Helm waits five minutes. */
const PATIENCE_MS = 600_000;

export function isPending({ status }: StoredRevision): boolean {
  return status.startsWith('pending-') || status === 'uninstalling';
}

/** Pending for so long that nobody can be at it any more. */
export function isStuck({ modifiedAt }: StoredRevision, now: number): boolean {
  return modifiedAt !== undefined && now - modifiedAt >= PATIENCE_MS;
}
