import type { JsonObject } from '#core/live/ports.ts';
import { isUntrustedObject } from '#core/live/reading.ts';

/** A Kafka cluster that kubectl applied, that its operator reports on, and of which we own one field. */
export const kafka: JsonObject = {
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'Kafka',
  metadata: {
    name: 'orders',
    namespace: 'prod',
    uid: 'u-1',
    resourceVersion: '100',
    generation: 3,
    creationTimestamp: '2026-01-01T00:00:00Z',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"secret":"word"}', team: 'orders' },
    managedFields: [
      {
        manager: 'kubectl-client-side-apply',
        operation: 'Update',
        time: '2026-01-01T00:00:00Z',
        fieldsV1: {
          'f:metadata': { 'f:annotations': { 'f:team': {} } },
          'f:spec': {
            'f:kafka': {
              'f:config': { '.': {}, 'f:min.insync.replicas': {} },
              'f:listeners': {
                '.': {},
                'k:{"name":"plain"}': { '.': {}, 'f:name': {}, 'f:port': {}, 'f:tls': {} },
                'k:{"name":"tls"}': { '.': {}, 'f:name': {}, 'f:port': {}, 'f:tls': {} },
              },
            },
          },
        },
      },
      {
        manager: 'data-clusters',
        operation: 'Apply',
        fieldsV1: { 'f:spec': { 'f:kafka': { 'f:config': { 'f:num.partitions': {} } } } },
      },
      {
        manager: 'strimzi',
        operation: 'Update',
        subresource: 'status',
        fieldsV1: { 'f:status': { 'f:clusterId': {} } },
      },
    ],
  },
  spec: {
    kafka: {
      config: { 'min.insync.replicas': 2, 'num.partitions': 3 },
      listeners: [
        { name: 'plain', port: 9092, tls: false },
        { name: 'tls', port: 9093, tls: true },
      ],
    },
  },
  status: { clusterId: 'abc', observedGeneration: 3 },
};

export const secret: JsonObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login', namespace: 'prod', uid: 'u-2', resourceVersion: '5' },
  data: { password: 'aHVudGVyMg==', keystore: '/u3+7Q==' },
  type: 'Opaque',
};

/** A copy with another value at a path; undefined takes the key or the item away. */
export function edited(object: JsonObject, path: readonly (string | number)[], value: unknown): JsonObject {
  const changed = changeAt(object, path, value);
  if (!isUntrustedObject(changed)) throw new Error('An object is expected.');
  return changed;
}

function changeAt(current: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const items: readonly unknown[] = Array.isArray(current) ? current : [];
    const item = changeAt(items[step], rest, value);
    return [...items.slice(0, step), ...(item === undefined ? [] : [item]), ...items.slice(step + 1)];
  }
  const { [step]: before, ...others } = isUntrustedObject(current) ? current : {};
  const after = changeAt(before, rest, value);
  return after === undefined ? others : { ...others, [step]: after };
}
