import { describe, expect, test } from 'vitest';
import { helmReleaseOf } from '#core/live/helm/ownership.ts';
import { viewReleases } from '#core/live/helm/releases.ts';
import type { LiveMetadata } from '#core/live/objects.ts';
import { makeMeta, makeSecretMetadata, NOW, secondsAgo } from '#test/support/jobObjects.ts';

const DAY = 86_400;

const revision = (name: string, version: number, status: string, seconds: number): LiveMetadata =>
  makeSecretMetadata(`sh.helm.release.v1.${name}.v${version}`, {
    labels: {
      owner: 'helm',
      name,
      status,
      version: `${version}`,
      modifiedAt: `${Math.floor(secondsAgo(seconds) / 1_000)}`,
    },
  });

type Sketch = readonly [version: number, status: string, seconds: number];

const view = (...revisions: readonly Sketch[]) =>
  viewReleases(
    {
      namespace: 'prod',
      helmSecrets: revisions.map(([version, status, seconds]) => revision('orders', version, status, seconds)),
    },
    NOW,
  );

describe('the releases of Helm', () => {
  test.each<readonly [string, readonly Sketch[], string]>([
    [
      'deployed',
      [
        [1, 'superseded', 9 * DAY],
        [2, 'deployed', 2 * DAY],
      ],
      'healthy: revision 2 deployed 2 days ago',
    ],
    [
      'failed over one that is deployed',
      [
        [6, 'deployed', 9 * DAY],
        [7, 'failed', 2 * DAY],
      ],
      'warning: revision 7 failed 2 days ago; revision 6 is deployed',
    ],
    ['failed at once', [[1, 'failed', 300]], 'unhealthy: revision 1 failed 5 min ago; no revision is deployed'],
    [
      'upgrading',
      [
        [6, 'deployed', 9 * DAY],
        [7, 'pending-upgrade', 90],
      ],
      'working: revision 7 is pending-upgrade for 90 s',
    ],
    [
      'stuck',
      [
        [6, 'deployed', 9 * DAY],
        [7, 'pending-upgrade', 3 * 3_600],
      ],
      'warning: revision 7 is pending-upgrade for 3 h: the upgrade was interrupted, or still waits, and Helm begins nothing else meanwhile; revision 6 is deployed',
    ],
    ['uninstalled', [[3, 'uninstalled', 2 * DAY]], 'done: uninstalled 2 days ago, its history is kept'],
    [
      'superseded only',
      [[3, 'superseded', DAY]],
      'warning: revision 3 is superseded although it is the newest; no revision is deployed',
    ],
    ['of tomorrow', [[3, 'teleported', DAY]], 'unknown: revision 3 is teleported'],
  ])('%s', (_, revisions, expected) => {
    const [release] = view(...revisions);
    expect(`${release?.health.level}: ${release?.health.sentence}`).toBe(expected);
  });

  test('revisions are counted as numbers, newest first', () => {
    const [release] = view([9, 'superseded', 90], [10, 'deployed', 30], [2, 'superseded', 900]);
    expect(release?.revisions.map(({ revision: number }) => number)).toEqual([10, 9, 2]);
    expect(release?.revisions[0]).toEqual({
      revision: 10,
      status: 'deployed',
      modifiedAt: secondsAgo(30),
      secret: 'sh.helm.release.v1.orders.v10',
      uid: 'uid-sh.helm.release.v1.orders.v10',
      resourceVersion: '1',
    });
  });

  test('only what Helm stores counts, and releases are sorted by name', () => {
    const helmSecrets = [
      revision('b', 1, 'deployed', 5),
      revision('a', 1, 'deployed', 5),
      makeSecretMetadata('sh.helm.release.v1.c.v1', { labels: { name: 'c', status: 'deployed', version: '1' } }),
      makeSecretMetadata('password', { labels: { owner: 'helm', name: 'd' } }),
    ];
    expect(viewReleases({ namespace: 'prod', helmSecrets }, NOW).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('without labels of time and number the Secret itself is asked', () => {
    const secret = makeSecretMetadata('sh.helm.release.v1.old.v3', { labels: { owner: 'helm', name: 'old' } });
    const stored: LiveMetadata = { ...secret, of: 'ConfigMap' };
    const [release] = viewReleases({ namespace: 'prod', helmSecrets: [stored] }, NOW);
    expect(release?.revisions).toEqual([
      {
        revision: 3,
        status: 'unknown',
        modifiedAt: secret.meta.createdAt,
        secret: 'sh.helm.release.v1.old.v3',
        uid: secret.meta.uid,
        resourceVersion: secret.meta.resourceVersion,
        isConfigMap: true,
      },
    ]);
  });
});

test('an object belongs to a release only with both marks of Helm', () => {
  const annotations = { 'meta.helm.sh/release-name': 'orders' };
  const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
  expect(helmReleaseOf(makeMeta('x', { annotations, labels }))).toBe('orders');
  expect(helmReleaseOf(makeMeta('x', { annotations }))).toBeUndefined();
  expect(helmReleaseOf(makeMeta('x', { labels }))).toBeUndefined();
});
