import { describe, expect, it } from 'vitest';
import { driftOf } from '#core/live/drift.ts';
import { edited, kafka, secret } from '#test/core/live/edit/objects.ts';

const workload = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'a', labels: { app: 'a' } },
  spec: {
    replicas: 3,
    template: {
      spec: {
        containers: [
          {
            name: 'kafka',
            image: 'kafka:4',
            resources: { requests: { cpu: '1000m', memory: '1024Mi' } },
            ports: [{ containerPort: 9092 }],
          },
        ],
      },
    },
  },
};

/** The same as a server gives it back: with defaults, a sidecar that was injected, and amounts in its own spelling. */
const live = {
  ...workload,
  metadata: {
    ...workload.metadata,
    namespace: 'prod',
    uid: 'u',
    annotations: { 'deployment.kubernetes.io/revision': '1' },
    labels: { app: 'a', added: 'x' },
  },
  spec: {
    podManagementPolicy: 'OrderedReady',
    replicas: 3,
    template: {
      spec: {
        restartPolicy: 'Always',
        containers: [
          { name: 'sidecar', image: 'proxy' },
          {
            name: 'kafka',
            image: 'kafka:4',
            imagePullPolicy: 'IfNotPresent',
            resources: { requests: { cpu: '1', memory: '1Gi' } },
            ports: [{ containerPort: 9092, protocol: 'TCP' }],
          },
        ],
      },
    },
  },
  status: { replicas: 3 },
};

const paths = (manifest: typeof workload | typeof kafka, actual: typeof live | typeof kafka): readonly string[] =>
  driftOf(manifest, actual).fields.map(({ path }) => path);

describe('driftOf', () => {
  it('defaults, injected containers, added labels, status and spellings of amounts are no drift', () => {
    expect(paths(workload, live)).toEqual([]);
    const { wanted, actual } = driftOf(workload, live);
    expect(actual).toEqual(wanted);
  });

  it('a changed field is drift, with both values', () => {
    expect(driftOf(workload, edited(live, ['spec', 'replicas'], 5)).fields).toEqual([
      { path: 'spec.replicas', wanted: 3, actual: 5 },
    ]);
  });

  it('a container is found by its name, wherever it stands', () => {
    const changed = edited(live, ['spec', 'template', 'spec', 'containers', 1, 'image'], 'kafka:3');
    const { fields, actual } = driftOf(workload, changed);
    expect(fields.map(({ path }) => path)).toEqual(['spec.template.spec.containers[name=kafka].image']);
    expect(JSON.stringify(actual)).not.toContain('proxy');
  });

  it('a field that is gone is drift; one that the manifest leaves empty is not', () => {
    expect(paths(workload, edited(live, ['metadata', 'labels', 'app'], undefined))).toEqual(['metadata.labels.app']);
    const empty = { ...workload, metadata: { ...workload.metadata, annotations: {}, creationTimestamp: null } };
    expect(driftOf(empty, live).fields).toEqual([]);
  });

  it('a list without keys is one value: more in the cluster is drift as well', () => {
    const manifest = { ...workload, spec: { ...workload.spec, args: ['a'] } };
    expect(driftOf(manifest, { ...live, spec: { ...live.spec, args: ['a', 'b'] } }).fields).toEqual([
      { path: 'spec.args[1]', wanted: undefined, actual: 'b' },
    ]);
  });

  it('lists are matched as the server tells their items apart', () => {
    const swapped = edited(
      edited(kafka, ['spec', 'kafka', 'listeners', 0], undefined),
      ['spec', 'kafka', 'listeners', 1],
      { name: 'plain', port: 9092, tls: false },
    );
    expect(paths(kafka, swapped)).toEqual([]);
  });

  it('versions that look like numbers are texts', () => {
    const manifest = edited(kafka, ['spec', 'version'], '4.0');
    expect(driftOf(manifest, edited(kafka, ['spec', 'version'], '4')).fields.map(({ path }) => path)).toEqual([
      'spec.version',
    ]);
  });

  it('texts of a Secret are compared with what is kept, and no value is shown', () => {
    const { data: _data, ...rest } = secret;
    const manifest = { ...rest, stringData: { password: 'hunter2' } };
    expect(driftOf(manifest, secret).fields).toEqual([]);
    const drift = driftOf({ ...rest, stringData: { password: 'other' } }, secret);
    expect(drift.fields.map(({ path }) => path)).toEqual(['data.password']);
    expect(JSON.stringify([drift.wanted, drift.actual])).not.toMatch(/aHVudGVyMg|other|b3RoZXI/);
    expect(drift.actual['stringData']).toEqual({ password: '(hidden, changed, 7 bytes)' });
  });
});
