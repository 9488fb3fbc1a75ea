import { beforeEach, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { compareReleaseCommand, showHistoryCommand } from '#client/actions/show/releaseReports.ts';
import { rollbackCommand } from '#client/operations/rollbackCommand.ts';
import type { ReleaseTarget } from '#core/live/tree/row.ts';
import type { HelmRelease } from '#core/live/view.ts';
import type { RollbackWish } from '#core/operations/wishes.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { encodeInSecret, makeRelease, revisionOf } from '#test/support/helmReleases.ts';
import { manifest } from '#test/support/liveManifests.ts';
import { healthOf, viewOf } from '#test/support/liveViews.ts';

vi.mock('vscode', () => ({ window: { showWarningMessage: async () => undefined } }));

const cluster = new FakeCluster();
const clock = new FakeClock();
const shown: string[] = [];
const texts = { show: async (name: string, text: string) => void shown.push(name, text) };
const wanted = stringify({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 3, password: 'hunter2' },
});
const gone = stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } });

const secretOf = (revision: number): string => `sh.helm.release.v1.orders.v${revision}`;
const release = (status = 'deployed'): HelmRelease => ({
  namespace: 'prod',
  name: 'orders',
  revisions: [revisionOf(2, { status, modifiedAt: clock.now() - 3_600_000 }), revisionOf(1, { status: 'superseded' })],
  health: healthOf(status === 'deployed' ? 'healthy' : 'warning'),
});
let releases: readonly HelmRelease[] = [];
const access = {
  clock,
  clusterOf: async () => cluster,
  viewOf: () => viewOf([], { releases }),
  policyOf: () => ({ isProtected: false, isReadOnly: false }),
  contexts: async () => [],
  connectedContexts: () => ['test'],
  onDidChangeViews: () => ({ stop: () => undefined }),
};
const target: ReleaseTarget = { kind: 'release', context: 'test', namespace: 'prod', name: 'orders' };
const row = { id: '', row: {}, target };

beforeEach(() => {
  shown.length = 0;
  releases = [release()];
  for (const revision of [1, 2]) {
    const data = {
      release: encodeInSecret(
        makeRelease({
          version: revision,
          info: { description: `Rollback to ${revision}`, last_deployed: '' },
          manifest: `---\n${wanted}---\n${gone}`,
        }),
      ),
    };
    cluster.put(manifest('v1', 'Secret', secretOf(revision), { namespace: 'prod' }, { data }));
  }
  cluster.put(
    manifest(
      'apps/v1',
      'Deployment',
      'web',
      { namespace: 'prod' },
      { spec: { replicas: 4, password: 'changed-one', paused: true } },
    ),
  );
});

test('the history is a table, newest first', async () => {
  await showHistoryCommand(access, texts).run(row);
  const [name, text = ''] = shown;
  expect(name).toBe('orders history.txt');
  const lines = text.split('\n');
  expect(lines[3]).toMatch(/^REVISION +UPDATED +STATUS +CHART +APP VERSION +DESCRIPTION$/);
  expect(lines[4]).toMatch(/^2 +60 min ago +deployed +kafka-32\.4\.3 \(deprecated\) +4\.0\.0 +Rollback to 2$/);
  expect(lines[5]).toMatch(/^1 +superseded /);
});

test('a revision that is stuck is explained, with what gets out of it', async () => {
  releases = [release('pending-upgrade')];
  await showHistoryCommand(access, texts).run(row);
  expect(shown[1]).toContain('Helm refuses an upgrade meanwhile. Roll back to revision 1');
});

test('a release is compared with the cluster in the fields that it sets', async () => {
  await compareReleaseCommand(access, texts).run(row);
  const text = shown[1] ?? '';
  expect(text).toContain('Missing in the cluster:\n  ConfigMap prod/settings\n');
  expect(text).toContain('  Deployment prod/web\n    spec.replicas: 3 -> 4\n');
  expect(text).not.toMatch(/paused|hunter2|changed-one/);
});

test('a rollback is planned to the revision that is chosen, or that was pointed at', async () => {
  const wishes: RollbackWish[] = [];
  const offered: string[] = [];
  const command = rollbackCommand({
    access,
    asker: {
      pick: async (_title, choices) => {
        offered.push(...choices.map(({ label }) => label));
        return choices[0]?.value;
      },
      pickMany: async () => undefined,
      input: async () => undefined,
    },
    planner: { planRollback: async (_context, wish) => void wishes.push(wish) },
    showPlan: () => undefined,
  });
  await command.run(row);
  expect(offered).toEqual(['Revision 1']);
  await command.run({ ...row, target: { ...target, kind: 'revision', revision: 2, secret: secretOf(2) } });
  await command.run(undefined);
  expect(wishes.map(({ to }) => to)).toEqual([1, 2, 1]);
  releases = [];
  await expect(command.run(row)).rejects.toThrow('no longer there');
  await expect(command.run(undefined)).rejects.toThrow('No Helm release is watched');
});
