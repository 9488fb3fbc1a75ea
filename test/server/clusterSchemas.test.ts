import { afterEach, describe, expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver';
import { CLUSTER_VERSION, clusterWith, definitionOf } from '#test/support/clusterDefinitions.ts';
import { renderObject } from '#core/live/edit/shownObject.ts';
import { LIVE_SCHEME, type SchemaSourceResult } from '#core/protocol.ts';
import { ServerHarness, type HarnessOptions } from '#test/support/serverHarness.ts';

let harness: ServerHarness | undefined;

afterEach(async () => {
  await harness?.stop();
  harness = undefined;
});

async function start(options: HarnessOptions = {}): Promise<ServerHarness> {
  harness = await ServerHarness.start({ initializationOptions: { wantsStatus: true }, ...options });
  return harness;
}

const gauge = `apiVersion: example.org/v1
kind: Gauge
metadata:
  name: a
spec:
  size: big
`;

async function sourceOf(server: ServerHarness, uri: string): Promise<SchemaSourceResult | null> {
  return server.client.sendRequest('dataClusters/schemaSource', {
    textDocument: { uri },
    position: { line: 0, character: 0 },
  });
}

describe('schemas of the chosen cluster', () => {
  test('are used for kinds that nothing in the workspace defines, and named', async () => {
    const server = await start();
    const uri = await server.open('a.yaml', gauge);
    expect(await server.diagnostics(uri)).toEqual([]);
    await server.client.sendNotification('dataClusters/clusterSchemas', { schemas: clusterWith('integer') });
    const [finding] = await server.diagnostics(uri, (diagnostics) => diagnostics.length > 0);
    expect(finding).toMatchObject({ range: { start: { line: 5 } } });
    expect(await sourceOf(server, uri)).toMatchObject({
      origin: 'cluster',
      sourceName: 'prod-eu',
      kubernetesVersion: CLUSTER_VERSION,
    });
    expect(server.statuses.at(-1)).toMatchObject({ cluster: 'prod-eu' });
  });

  test('are forgotten when no cluster is chosen any more', async () => {
    const server = await start();
    const uri = await server.open('a.yaml', gauge);
    await server.client.sendNotification('dataClusters/clusterSchemas', { schemas: clusterWith('integer') });
    await server.diagnostics(uri, (diagnostics) => diagnostics.length > 0);
    await server.client.sendNotification('dataClusters/clusterSchemas', { schemas: null });
    expect(await server.diagnostics(uri, (diagnostics) => diagnostics.length === 0)).toEqual([]);
    expect((await sourceOf(server, uri))?.origin).toBeUndefined();
    expect(server.statuses.at(-1)).not.toHaveProperty('cluster');
  });

  test('come after the definitions of the workspace', async () => {
    const server = await start({ files: { '/workspace/crd.yaml': JSON.stringify(definitionOf('string')) } });
    await server.client.sendNotification('dataClusters/clusterSchemas', { schemas: clusterWith('integer') });
    const uri = await server.open('a.yaml', gauge);
    await expect.poll(async () => (await sourceOf(server, uri))?.origin).toBe('workspace');
    expect(await server.diagnostics(uri)).toEqual([]);
  });

  test('win over the bundled store', async () => {
    const server = await start();
    const kafka = 'apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata:\n  name: a\nspec:\n  fresh: 1\n';
    const uri = await server.open('a.yaml', kafka);
    await server.diagnostics(uri, (diagnostics) => diagnostics.length > 0);
    const schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { fresh: { type: 'integer' } } } },
    };
    const spec = {
      group: 'kafka.strimzi.io',
      names: { kind: 'Kafka', plural: 'kafkas' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, schema: { openAPIV3Schema: schema } }],
    };
    const json = JSON.stringify({ kind: 'CustomResourceDefinition', spec });
    const schemas = { ...clusterWith('integer'), definitions: [{ name: 'kafkas.kafka.strimzi.io', json }] };
    await server.client.sendNotification('dataClusters/clusterSchemas', { schemas });
    const isAboutFresh = ({ message }: Pick<Diagnostic, 'message'>): boolean =>
      JSON.stringify(message).includes('fresh');
    const left = await server.diagnostics(uri, (diagnostics) => !diagnostics.some(isAboutFresh));
    expect(left.filter(isAboutFresh)).toEqual([]);
  });

  test('a version in the settings is the version that counts', async () => {
    const server = await start({ settings: { kubernetesVersion: '1.30' } });
    const uri = await server.open('a.yaml', gauge);
    await server.client.sendNotification('dataClusters/clusterSchemas', { schemas: clusterWith('integer') });
    await server.diagnostics(uri, (diagnostics) => diagnostics.length > 0);
    expect((await sourceOf(server, uri))?.kubernetesVersion).toBe('1.30');
  });

  test('a definition that cannot be read is a problem in the status, and the others count', async () => {
    const server = await start();
    const uri = await server.open('a.yaml', gauge);
    const schemas = clusterWith('integer');
    const broken = [
      { name: 'broken.example.org', json: '{"kind":"CustomResourceDefinition"}' },
      { name: 'x', json: '{' },
    ];
    const both = { ...schemas, definitions: [...broken, ...schemas.definitions] };
    await server.client.sendNotification('dataClusters/clusterSchemas', { schemas: both });
    await server.diagnostics(uri, (diagnostics) => diagnostics.length > 0);
    expect(server.statuses.at(-1)?.problems.join(' ')).toContain('broken.example.org of the cluster');
  });
});

describe('documents of live objects', () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: kafka\n  namespace: prod\nspec:\n  ports:\n  - port: 9092\n';

  test('are no part of the workspace: nothing is there twice, nothing is a definition of something', async () => {
    const server = await start();
    const file = await server.open('service.yaml', service);
    const before = await server.diagnostics(file);
    const live = await server.open(`${LIVE_SCHEME}:/prod-eu/prod/services.v1./kafka.yaml`, service);
    expect(await server.diagnostics(live)).toEqual(before);
    expect(await server.diagnostics(file)).toEqual(before);
  });

  test('of Secrets whose values are hidden have no findings', async () => {
    const server = await start();
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'b' }, data: { key: 'AAAA' } };
    const text = renderObject(object, { secrets: 'hidden' });
    expect(text).toContain('(hidden, 3 bytes)');
    const uri = await server.open(`${LIVE_SCHEME}:/prod-eu/b/Secret/secrets.v1./a.yaml`, text);
    expect(await server.diagnostics(uri)).toEqual([]);
  });

  test('are helped with like files', async () => {
    const server = await start();
    const uri = await server.open(
      `${LIVE_SCHEME}:/prod-eu/prod/services.v1./kafka.yaml`,
      service.replace('ports', 'prots'),
    );
    const [finding] = await server.diagnostics(uri, (diagnostics) => diagnostics.length > 0);
    expect(finding?.message).toContain('prots');
  });
});
