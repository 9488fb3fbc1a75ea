import { expect, test } from 'vitest';
import { fetchRelease } from '#core/live/helm/fetch.ts';
import type { ObjectAddress } from '#core/live/ports.ts';
import type { HelmRevision } from '#core/live/view.ts';
import { contentOf, encodeInConfigMap, encodeInSecret, inflate, makeRelease } from '#test/support/helmReleases.ts';

const NAME = 'sh.helm.release.v1.orders.v7';
const revision: HelmRevision = { revision: 7, status: 'deployed', modifiedAt: undefined, secret: NAME };

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
