import { decodeMeta } from '#core/live/decode/meta.ts';
import { viewReleases } from '#core/live/helm/releases.ts';
import type { HelmRelease } from '#core/live/view.ts';
import type { FakeCluster } from '#test/support/fakeCluster.ts';
import { encodeInSecret, makeRelease } from '#test/support/helmReleases.ts';
import { manifest } from '#test/support/liveManifests.ts';
import { NOW } from '#test/support/liveViews.ts';

export interface StoredRevision {
  readonly status: string;
  readonly description: string;
  /** Version of the chart. */
  readonly chart?: string;
}

export const secretOf = (revision: number): string => `sh.helm.release.v1.orders.v${revision}`;

/** Writes the Secret of a revision of `orders` in `prod`, as Helm does with each new status. */
export function storeRevision(cluster: FakeCluster, revision: number, stored: StoredRevision): void {
  const { status, description, chart = '32.4.3' } = stored;
  const metadata = { name: 'kafka', version: chart, appVersion: '4.0.0' };
  const content = makeRelease({ version: revision, info: { status, description }, chart: { metadata } });
  const labels = { owner: 'helm', name: 'orders', status, version: String(revision), createdAt: String(NOW / 1_000) };
  const data = { release: encodeInSecret(content) };
  cluster.put(manifest('v1', 'Secret', secretOf(revision), { namespace: 'prod', labels }, { data }));
}

/** The releases as a watch of the Secrets' metadata shows them. */
export function storedReleases(cluster: FakeCluster): readonly HelmRelease[] {
  const helmSecrets = cluster.objectsOf({ group: '', plural: 'secrets' }).flatMap((object) => {
    const meta = decodeMeta(object);
    return meta ? [{ kind: 'Metadata' as const, of: 'Secret' as const, meta }] : [];
  });
  return viewReleases({ namespace: 'prod', helmSecrets }, NOW);
}
