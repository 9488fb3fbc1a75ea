import { duration } from '#core/live/durations.ts';
import { nameText } from '#core/live/decode/meta.ts';
import type { Health, HealthLevel } from '#core/live/model.ts';
import type { LiveMetadata, NamespaceObjects } from '#core/live/objects.ts';
import type { HelmRelease, HelmRevision } from '#core/live/view.ts';

/** How Helm 3 and 4 name the Secret of a revision. */
const SECRET_NAME = /^sh\.helm\.release\.v1\..+\.v\d+$/;

/** Helm's own limit for an operation without `--timeout` is five minutes; twice that is no longer slow but stuck. */
const STUCK_MS = 10 * 60_000;

/** The Helm releases of a namespace by name, from the labels of their Secrets alone. */
export function viewReleases({ namespace, helmSecrets }: NamespaceObjects, now: number): readonly HelmRelease[] {
  const byName = new Map<string, HelmRevision[]>();
  for (const secret of helmSecrets) {
    const name = nameText(secret.meta.labels['name']);
    const revision = readRevision(secret);
    if (name !== '' && revision) byName.set(name, [...(byName.get(name) ?? []), revision]);
  }
  return [...byName.keys()].toSorted().map((name) => {
    const revisions = (byName.get(name) ?? []).toSorted((a, b) => b.revision - a.revision);
    return { namespace, name, revisions, health: judgeRelease(revisions, now) };
  });
}

function readRevision({ meta }: LiveMetadata): HelmRevision | undefined {
  const revision = Number(meta.labels['version']);
  if (!SECRET_NAME.test(meta.name) || !Number.isSafeInteger(revision)) return undefined;
  const seconds = Number(meta.labels['modifiedAt'] ?? meta.labels['createdAt'] ?? Number.NaN);
  return {
    revision,
    status: nameText(meta.labels['status']) || 'unknown',
    modifiedAt: Number.isFinite(seconds) ? seconds * 1000 : meta.createdAt,
    secret: meta.name,
  };
}

function judgeRelease(revisions: readonly HelmRevision[], now: number): Health {
  const [newest] = revisions;
  if (!newest) return verdict('unknown', 'no revision can be read');
  const { revision, status, modifiedAt } = newest;
  if (status === 'deployed') return verdict('healthy', `revision ${revision} deployed`);
  if (status === 'uninstalled') return verdict('done', `uninstalled, history of ${revisions.length} kept`);
  if (status === 'failed') return verdict('unhealthy', `revision ${revision} failed${stillDeployed(revisions)}`);
  if (status.startsWith('pending-') || status === 'uninstalling') {
    const age = modifiedAt === undefined ? 0 : now - modifiedAt;
    if (age < STUCK_MS) return verdict('working', `revision ${revision} ${status}`);
    const effect = status === 'uninstalling' ? '' : ', Helm refuses further upgrades meanwhile';
    return verdict('warning', `revision ${revision} ${status} for ${duration(age)}${effect}`);
  }
  return verdict('unknown', `revision ${revision} ${status}`);
}

function stillDeployed(revisions: readonly HelmRevision[]): string {
  const deployed = revisions.find(({ status }) => status === 'deployed');
  return deployed ? `, revision ${deployed.revision} is the last that was deployed` : '';
}

function verdict(level: HealthLevel, sentence: string): Health {
  return { level, sentence, evidence: [{ level, text: sentence, source: 'helm' }] };
}
