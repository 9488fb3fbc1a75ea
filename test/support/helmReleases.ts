import { gunzipSync, gzipSync } from 'node:zlib';
import { type DecodedRelease, decodeRelease, type Inflate, type ReleaseContent } from '#core/live/helm/decode.ts';
import type { HelmRevision } from '#core/live/view.ts';

export const inflate: Inflate = (gzip, maxOutputLength) => gunzipSync(gzip, { maxOutputLength });

const base64 = (data: string | Uint8Array): string => Buffer.from(data).toString('base64');

/** As the API shows `data.release` of a Secret, and of a ConfigMap. */
export const encodeInSecret = (release: object): string => base64(encodeInConfigMap(release));
export const encodeInConfigMap = (release: object): string => base64(gzipSync(JSON.stringify(release)));

/** A release as Helm 3 stores it. */
export const makeRelease = (
  more: { info?: object; chart?: object; config?: object; manifest?: string } & Record<string, unknown> = {},
): object => ({
  name: 'orders',
  info: {
    first_deployed: '2026-08-20T09:30:00.123456789Z',
    last_deployed: '2026-08-24T14:00:00.5+02:00',
    deleted: '',
    description: 'Upgrade complete',
    status: 'deployed',
    notes: 'Bestellungen laufen – 注文 🚀',
    ...more.info,
  },
  chart: {
    metadata: { name: 'kafka', version: '32.4.3', appVersion: '4.0.0', apiVersion: 'v2', deprecated: true },
    lock: null,
    templates: [{ name: 'templates/statefulset.yaml', data: base64('kind: StatefulSet') }],
    values: { replicas: 1, auth: { enabled: true, password: '' }, resources: { limits: { memory: '1Gi' } } },
    schema: null,
    files: [],
    ...more.chart,
  },
  config: { replicas: 3, auth: { password: 'hunter2' }, resources: { limits: null } },
  manifest:
    '---\n# Source: kafka/templates/statefulset.yaml\napiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: orders\n',
  hooks: [
    {
      name: 'orders-test',
      kind: 'Pod',
      path: 'kafka/templates/tests/test.yaml',
      manifest: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: orders-test',
      events: ['test', 7],
      last_run: { started_at: '', completed_at: '', phase: '' },
    },
  ],
  version: 7,
  namespace: 'prod',
  ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'info' && key !== 'chart')),
});

/** A revision of the release `orders` as labels tell it. */
export const revisionOf = (revision: number, more: Partial<HelmRevision> = {}): HelmRevision => ({
  revision,
  status: 'deployed',
  modifiedAt: undefined,
  secret: `sh.helm.release.v1.orders.v${revision}`,
  uid: `uid-of-v${revision}`,
  resourceVersion: '1',
  ...more,
});

export function contentOf(decoded: DecodedRelease): ReleaseContent {
  if (decoded.kind === 'problem') throw new Error(decoded.problem);
  return decoded.release;
}

export const decodeMade = (release: object): ReleaseContent =>
  contentOf(decodeRelease(encodeInSecret(release), inflate));
