import { describe, expect, it } from 'vitest';
import { commandIds } from '#client/contributions.ts';
import { describeStatus } from '#client/status/statusText.ts';
import type { SchemaSourceResult, ServerStatus } from '#core/protocol.ts';

const server = { kind: 'running' } as const;
const status: ServerStatus = { activity: 'idle', crdFiles: 0, problems: [] };
const kafka: SchemaSourceResult = {
  apiVersion: 'kafka.strimzi.io/v1',
  kind: 'Kafka',
  kubernetesVersion: '1.34',
  origin: 'bundled',
  sourceName: 'Strimzi 1.2.0',
};

describe('describeStatus', () => {
  it.each([
    ['bundled', 'Strimzi 1.2.0', 'Strimzi 1.2.0 (bundled)'],
    ['workspace', 'crds/kafka.yaml', 'workspace: crds/kafka.yaml'],
    ['cluster', 'staging', 'cluster: staging'],
  ] as const)('names a schema that is %s', (origin, sourceName, text) => {
    const source = { ...kafka, origin, sourceName };
    expect(describeStatus({ server, status, source })).toEqual({
      text,
      detail: 'kafka.strimzi.io/v1 Kafka, findings for Kubernetes 1.34',
      severity: 'information',
      busy: false,
      action: { title: 'Change', command: commandIds.showSchemaSource },
    });
  });

  it('warns when no schema is known', () => {
    const source = { apiVersion: 'example.org/v1', kind: 'Thing', kubernetesVersion: '1.34' };
    const text = describeStatus({ server, status, source });
    expect(text).toMatchObject({ text: 'No schema for Thing', severity: 'warning' });
    expect(text.detail).toContain('example.org/v1 Thing');
  });

  it('tells that a version is deprecated', () => {
    const source = { ...kafka, deprecation: 'v1 replaces it.' };
    expect(describeStatus({ server, status, source }).detail).toMatch(/1\.34\. v1 replaces it\.$/);
  });

  it('names the cluster that was chosen for checks, as text and nothing else', () => {
    const chosen = { ...status, cluster: 'prod](command:x)' };
    const { detail } = describeStatus({ server, status: chosen, source: kafka });
    expect(detail).toBe(
      'kafka.strimzi.io/v1 Kafka, findings for Kubernetes 1.34\nCluster chosen for checks: prod] (command:x)',
    );
  });

  it('is quiet between objects', () => {
    const text = describeStatus({ server, status, source: null });
    expect(text).toMatchObject({ text: 'Data Clusters', severity: 'information', busy: false });
  });

  it.each([
    ['the schema is not known yet', { server, status, source: undefined }],
    ['the workspace is read', { server, status: { ...status, activity: 'readingWorkspace' as const }, source: kafka }],
    ['the server starts', { server: { kind: 'starting' } as const, status, source: undefined }],
    [
      'a restart is waited for',
      {
        server: { kind: 'waiting', delayMs: 1, attempt: 1, reason: 'x' } as const,
        status,
        source: kafka,
      },
    ],
  ])('is busy while %s', (_, input) => {
    expect(describeStatus(input).busy).toBe(true);
  });

  it('shows problems with schemas and settings', () => {
    const problems = ['crds/broken.yaml cannot be read.'];
    const text = describeStatus({ server, status: { ...status, problems }, source: kafka });
    expect(text.text).toBe('Strimzi 1.2.0 (bundled)');
    expect(text.severity).toBe('warning');
    expect(text.detail).toContain(problems[0]);
  });

  it('offers a restart once the server is given up', () => {
    const failed = { kind: 'failed', ends: 5, reason: 'x' } as const;
    const text = describeStatus({ server: failed, status: undefined, source: undefined });
    expect(text).toMatchObject({
      severity: 'error',
      busy: false,
      action: { command: commandIds.restartServer },
    });
    expect(text.detail).toContain('5 times');
  });
});
