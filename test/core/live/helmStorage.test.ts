import { describe, expect, test } from 'vitest';
import { decodeStored } from '#core/live/helm/decode.ts';
import { encodeRelease, storedLabels, storedName } from '#core/live/helm/encode.ts';
import { readHelmVersion, rollbackArguments, whyNotUsable } from '#core/live/helm/program.ts';
import { helmWithoutProgram } from '#client/cluster/helm/helmPort.ts';
import { makeRelease } from '#test/support/helmReleases.ts';

const { deflate, inflate } = helmWithoutProgram('none');

describe('a release that is stored', () => {
  test.each(['secret', 'configmap'] as const)('is read back as it was, from a %s', (driver) => {
    const json = { ...makeRelease(), strange: { 'field 🚀': [null, 1.5, 'ü\u0000'] } };
    expect(decodeStored(encodeRelease(json, deflate, driver), inflate)).toEqual({ kind: 'stored', json });
  });

  test('is the same base64 as Node makes', () => {
    const text = encodeRelease({ a: 'é' }, (bytes) => bytes, 'configmap');
    expect(text).toBe(Buffer.from(JSON.stringify({ a: 'é' })).toString('base64'));
  });

  test('has the name and the labels of Helm, and keeps those of the user', () => {
    expect(storedName('orders', 3)).toBe('sh.helm.release.v1.orders.v3');
    const before = { owner: 'helm', name: 'orders', status: 'superseded', version: '1', modifiedAt: '5', team: 'data' };
    const labels = { release: 'orders', revision: 3, status: 'deployed', before, at: 1_700_000_000_999 } as const;
    const own = { team: 'data', owner: 'helm', name: 'orders', status: 'deployed', version: '3' };
    expect(storedLabels({ ...labels, how: 'createdAt' })).toEqual({ ...own, createdAt: '1700000000' });
    expect(storedLabels({ ...labels, how: 'modifiedAt' })).toEqual({ ...own, modifiedAt: '1700000000' });
  });
});

describe('the program helm', () => {
  test.each([
    ['v3.22.0', undefined],
    ['v4.0.1\n', undefined],
    ['v3.8.0-rc.1', undefined],
    ['v3.22', undefined],
    ['v3.22.0+g1234567', undefined],
    ['v2.17.0', 'The program helm is v2.17.0; versions 3 and 4 are known.'],
    ['usage: helm', 'The program helm does not tell its version.'],
    ['', 'The program helm does not tell its version.'],
  ])('of %j', (output, reason) => {
    expect(whyNotUsable(output)).toBe(reason);
  });

  test('is told what to do in words of their own', () => {
    const command = { release: 'orders', namespace: 'shop', to: 3, timeoutMs: 300_000 };
    const [three, four] = ['v3.22.0', 'v4.2.0'].map((text) => readHelmVersion(text));
    expect(three && rollbackArguments(three, command)).toEqual([
      'rollback',
      'orders',
      '3',
      '--namespace=shop',
      '--timeout=300s',
    ]);
    expect(four && rollbackArguments(four, command).at(-1)).toBe('--server-side=false');
  });
});
