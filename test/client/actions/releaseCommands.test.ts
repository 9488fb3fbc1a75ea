import { beforeEach, expect, test, vi } from 'vitest';
import type { LiveAccess } from '#client/actions/deps.ts';
import { compareRevisionsCommand, showReleaseCommand } from '#client/actions/show/releaseCommands.ts';
import type { ReleaseTarget, RevisionTarget } from '#core/live/tree/row.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { encodeInSecret, makeRelease, revisionOf } from '#test/support/helmReleases.ts';
import { manifest } from '#test/support/liveManifests.ts';
import { healthOf, viewOf } from '#test/support/liveViews.ts';

/** What the user picks, by the labels; and what was offered and told. */
const editor = vi.hoisted(() => ({ picks: [] as string[], offered: [] as string[], told: [] as string[] }));

vi.mock('vscode', () => ({
  window: {
    showQuickPick: async (items: readonly { readonly label: string }[]) => {
      editor.offered = items.map(({ label }) => label);
      return items.find(({ label }) => editor.picks.includes(label));
    },
    showInformationMessage: async (text: string) => void editor.told.push(text),
    showWarningMessage: async (text: string) => void editor.told.push(text),
  },
}));

const cluster = new FakeCluster();
const texts = {
  show: vi.fn(async (_name: string, _text: string) => undefined),
  showDiff: vi.fn(async (_before: string, _after: string, _names: { title: string; file: string }) => undefined),
};
const revisions = [7, 6, 5].map((revision) => revisionOf(revision, { status: 'superseded' }));
const stored: Readonly<Record<number, object>> = {
  5: makeRelease({ version: 5, config: { replicas: 1, auth: { password: 'old-one' } } }),
  6: makeRelease({ version: 6, config: { replicas: 3, auth: { password: 'hunter2' } } }),
  7: makeRelease({ version: 7, config: { replicas: 3, auth: { password: 'hunter2' } } }),
};
const releases = [{ namespace: 'prod', name: 'orders', revisions, health: healthOf('healthy') }];
const access: LiveAccess = {
  clusterOf: async () => cluster,
  viewOf: (context) => (context === 'test' ? viewOf([], { releases }) : undefined),
  policyOf: () => ({ isProtected: false, isReadOnly: false }),
  contexts: async () => [],
  connectedContexts: () => ['test'],
  onDidChangeViews: () => ({ stop: () => undefined }),
};

beforeEach(() => {
  Object.assign(editor, { picks: [], offered: [], told: [] });
  vi.clearAllMocks();
  cluster.isForbidden = () => false;
  for (const { revision, secret } of revisions) {
    const data = { release: encodeInSecret(stored[revision] ?? {}) };
    cluster.put(manifest('v1', 'Secret', secret, { namespace: 'prod' }, { data }));
  }
});

const rowOf = (target: ReleaseTarget | RevisionTarget) => ({ id: '', row: {}, target });
const release = rowOf({ kind: 'release', context: 'test', namespace: 'prod', name: 'orders' });
const revisionRow = (revision: number) =>
  rowOf({ ...release.target, kind: 'revision', revision, secret: `sh.helm.release.v1.orders.v${revision}` });

test('a part of a release is shown with its secrets hidden', async () => {
  editor.picks = ['Values'];
  await showReleaseCommand(access, texts).run(release);
  expect(editor.offered).toEqual(['Values', 'Computed values', 'Manifest', 'Hooks', 'Notes']);
  const [name, text] = texts.show.mock.calls[0] ?? [];
  expect(name).toBe('orders revision 7 values.yaml');
  expect(text).toContain('replicas: 3');
  expect(text).not.toContain('hunter2');
});

test('two revisions are compared, the older one on the left', async () => {
  editor.picks = ['Revision 5', 'Values'];
  await compareRevisionsCommand(access, texts).run(revisionRow(6));
  expect(editor.offered).toEqual(['Values', 'Computed values']);
  const [before = '', after = '', names] = texts.showDiff.mock.calls[0] ?? [];
  expect([before, after].map((text) => text.split('\n')[0])).toEqual(['replicas: 1', 'replicas: 3']);
  expect(before + after).not.toMatch(/old-one|hunter2/);
  expect(names).toEqual({ title: 'values: revisions 5 and 6 of orders', file: 'values.yaml' });
});

test('revisions that are the same are said to be', async () => {
  editor.picks = ['Revision 6'];
  await compareRevisionsCommand(access, texts).run(release);
  expect(editor.told).toEqual(['There is no difference between revisions 6 and 7 of orders.']);
});

test('what may not be read is told, and a revision that is gone', async () => {
  cluster.isForbidden = ({ resource }) => resource === 'secrets';
  await showReleaseCommand(access, texts).run(release);
  expect(texts.show).not.toHaveBeenCalled();
  expect(editor.told).toEqual([expect.stringContaining('Needed: get secrets in the namespace prod')]);
  await expect(showReleaseCommand(access, texts).run(revisionRow(4))).rejects.toThrow('no longer there');
  await expect(showReleaseCommand(access, texts).run(undefined)).rejects.toThrow('a Helm release');
});
