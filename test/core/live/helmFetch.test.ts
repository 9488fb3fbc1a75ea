import { expect, test } from 'vitest';
import { chooseRevision } from '#core/live/helm/chooseRevisions.ts';
import { fetchRelease } from '#core/live/helm/fetch.ts';
import type { ObjectAddress } from '#core/live/ports.ts';
import {
  contentOf,
  encodeInConfigMap,
  encodeInSecret,
  inflate,
  makeRelease,
  revisionOf,
} from '#test/support/helmReleases.ts';

const NAME = 'sh.helm.release.v1.orders.v7';
const revision = revisionOf(7);

/** One stored object, and what was asked for. */
function storeOf(data: object | undefined) {
  const asked: ObjectAddress[] = [];
  const get = (address: ObjectAddress) => {
    asked.push(address);
    return Promise.resolve({ kind: 'Any', data });
  };
  return { asked, get };
}

test('the content of a revision is read from its Secret or ConfigMap', async () => {
  const secret = storeOf({ release: encodeInSecret(makeRelease()) });
  const configMap = storeOf({ release: encodeInConfigMap(makeRelease()) });
  const first = contentOf(await fetchRelease(secret, 'prod', revision, inflate));
  const second = contentOf(await fetchRelease(configMap, 'prod', { ...revision, isConfigMap: true }, inflate));
  expect([first.revision, second.revision]).toEqual([7, 7]);
  const address = { group: '', version: 'v1', namespaced: true, namespace: 'prod', name: NAME };
  expect(secret.asked).toEqual([{ ...address, plural: 'secrets' }]);
  expect(configMap.asked).toEqual([{ ...address, plural: 'configmaps' }]);
});

test('a Secret without content is a problem, not an error', async () => {
  const decoded = await fetchRelease(storeOf(undefined), 'prod', revision, inflate);
  expect(decoded).toEqual({ kind: 'problem', problem: 'The stored release is empty.' });
});

test('a row of a release is its newest revision, and is compared with the one before', () => {
  const revisions = [9, 8, 7, 5].map((number) => ({ ...revision, revision: number, secret: `v${number}` }));
  const health = { level: 'healthy', sentence: '', evidence: [] } as const;
  const releases = [
    { namespace: 'test', name: 'orders', revisions: [revision], health },
    { namespace: 'prod', name: 'orders', revisions, health },
  ];
  const row = { context: 'c', namespace: 'prod', name: 'orders' };
  const numbers = (target: Parameters<typeof chooseRevision>[1]) => {
    const chosen = chooseRevision({ releases }, target);
    return chosen && [chosen.revision, ...chosen.others].map((one) => one.revision);
  };
  expect(numbers({ kind: 'release', ...row })).toEqual([9, 8, 7, 5]);
  expect(numbers({ kind: 'revision', ...row, revision: 7, secret: 'v7' })).toEqual([7, 5, 9, 8]);
  expect(numbers({ kind: 'revision', ...row, revision: 5, secret: 'v5' })).toEqual([5, 9, 8, 7]);
  expect(numbers({ kind: 'revision', ...row, revision: 4, secret: 'v4' })).toBeUndefined();
  expect(numbers({ kind: 'revision', ...row, revision: 7, secret: 'another' })).toBeUndefined();
  expect(numbers({ kind: 'release', ...row, name: 'gone' })).toBeUndefined();
});
