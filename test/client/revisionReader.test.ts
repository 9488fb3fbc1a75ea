import { expect, test } from 'vitest';
import { RevisionReader } from '#client/live/revisionReader.ts';
import { TreeModel } from '#core/live/tree/model.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import type { HelmRelease } from '#core/live/view.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { encodeInSecret, makeRelease } from '#test/support/helmReleases.ts';
import { manifest } from '#test/support/liveManifests.ts';
import { contextOf, healthOf, inputOf, NOW, viewOf } from '#test/support/liveViews.ts';

const secretOf = (revision: number): string => `sh.helm.release.v1.orders.v${revision}`;
const release: HelmRelease = {
  namespace: 'prod',
  name: 'orders',
  revisions: [
    { revision: 2, status: 'failed', modifiedAt: NOW - 3_600_000 * 5, secret: secretOf(2) },
    { revision: 1, status: 'deployed', modifiedAt: undefined, secret: secretOf(1) },
  ],
  health: healthOf('warning'),
};

function stage(): {
  readonly cluster: FakeCluster;
  readonly reader: RevisionReader;
  readonly rows: () => readonly string[];
} {
  const cluster = new FakeCluster();
  for (const [revision, description] of [
    [1, 'Install complete'],
    [2, 'Upgrade "orders" failed: timed out'],
  ] as const) {
    const data = { release: encodeInSecret(makeRelease({ version: revision, info: { description } })) };
    cluster.put(manifest('v1', 'Secret', secretOf(revision), { namespace: 'prod' }, { data }));
  }
  const reader = new RevisionReader(cluster, () => undefined);
  const rows = (): readonly string[] => {
    const view = viewOf([], { releases: [release] });
    const model = new TreeModel(() => inputOf([contextOf('shop', view, { revisions: reader.facts })]));
    const group = rowIds.group(rowIds.context('shop'), 'helmGroup');
    model.childrenOf(undefined);
    model.childrenOf(rowIds.context('shop'));
    model.childrenOf(group);
    return model.childrenOf(rowIds.release('shop', 'prod', 'orders')).map((row) => row.description);
  };
  return { cluster, reader, rows };
}

test('rows of revisions tell their labels, and once their release was opened what they hold', async () => {
  const { cluster, reader, rows } = stage();
  expect(rows()).toEqual(['failed · 5 h ago', 'deployed']);
  await reader.read(release);
  expect(rows()).toEqual([
    'failed · 5 h ago · kafka-32.4.3 · app 4.0.0 — Upgrade "orders" failed: timed out',
    'deployed · kafka-32.4.3 · app 4.0.0 — Install complete',
  ]);
  const { facts } = reader;
  cluster.isForbidden = () => true;
  await reader.read(release);
  expect(reader.facts).toBe(facts);
});

test('what may not be read is left out, and asked for again', async () => {
  const { cluster, reader, rows } = stage();
  cluster.isForbidden = ({ resource }) => resource === 'secrets';
  await reader.read(release);
  expect(rows()).toEqual(['failed · 5 h ago', 'deployed']);
  cluster.isForbidden = () => false;
  await reader.read(release);
  expect(rows()[1]).toContain('Install complete');
});
