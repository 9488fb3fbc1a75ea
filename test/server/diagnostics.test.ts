import { afterEach, describe, expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver';
import { richClient, ServerHarness, uriIn, type HarnessOptions } from '#test/support/serverHarness.ts';

let harness: ServerHarness | undefined;

afterEach(async () => {
  await harness?.stop();
  harness = undefined;
});

async function start(options?: HarnessOptions): Promise<ServerHarness> {
  harness = await ServerHarness.start(options);
  return harness;
}

const service = `apiVersion: v1
kind: Service
metadata:
  name: kafka
spec:
  clusterIP: None
  prots:
    - port: 9092
`;

const widgetCrd = (field: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.org
spec:
  group: example.org
  scope: Namespaced
  names: { kind: Widget, plural: widgets }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                ${field}: { type: integer }
`;

const widget = `apiVersion: example.org/v1
kind: Widget
metadata:
  name: kafka-widget
spec:
  size: 3
`;

const codes = (diagnostics: readonly Diagnostic[]): readonly unknown[] => diagnostics.map(({ code }) => code);
const isClean = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.length === 0;
const hasAny = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.length > 0;

describe('pushed diagnostics', () => {
  test('an unknown key is reported at the key, with code and source', async () => {
    const { open, diagnostics } = bind(await start());
    const [found, ...rest] = await diagnostics(await open('a.yaml', service));
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      code: 'DEC04',
      source: 'data-clusters',
      severity: 1,
      range: { start: { line: 6, character: 2 }, end: { line: 6, character: 7 } },
      data: { path: 'spec.prots' },
    });
  });

  test('an edit that mends the document takes the diagnostic away', async () => {
    const server = await start();
    const uri = await server.open('a.yaml', service);
    await server.diagnostics(uri, hasAny);
    await server.edit(uri, 'prots', 'ports');
    expect(await server.diagnostics(uri)).toEqual([]);
  });

  test('closing a document takes its diagnostics away', async () => {
    const server = await start();
    const uri = await server.open('a.yaml', service);
    await server.diagnostics(uri, hasAny);
    await server.close(uri);
    expect(await server.diagnostics(uri, isClean)).toEqual([]);
  });

  test('a file that is no Kubernetes manifest gets no diagnostics, even when it is broken', async () => {
    const server = await start();
    expect(await server.diagnostics(await server.open('ci.yaml', 'jobs:\n  build: [\n'))).toEqual([]);
  });

  test('a burst of edits ends with the diagnostics of the last one', async () => {
    const server = await start();
    const uri = await server.open('a.yaml', service);
    for (let i = 0; i < 50; i++)
      await server.edit(uri, i % 2 === 0 ? 'prots' : 'ports', i % 2 === 0 ? 'ports' : 'prots');
    await server.edit(uri, 'prots', 'ports');
    expect(await server.diagnostics(uri)).toEqual([]);
  });
});

describe('pulled diagnostics', () => {
  const pulling: HarnessOptions = {
    capabilities: { ...richClient, textDocument: { ...richClient.textDocument, diagnostic: {} } },
  };

  test('a client that can pull gets them by asking and is never pushed any', async () => {
    const server = await start(pulling);
    const uri = await server.open('a.yaml', service);
    const report = await server.client.sendRequest<{ kind: string; items: Diagnostic[]; resultId: string }>(
      'textDocument/diagnostic',
      { textDocument: { uri } },
    );
    expect(report.kind).toBe('full');
    expect(codes(report.items)).toEqual(['DEC04']);
    expect(server.lastPublished(uri)).toBeUndefined();
    const again = await server.client.sendRequest('textDocument/diagnostic', {
      textDocument: { uri },
      previousResultId: report.resultId,
    });
    expect(again).toMatchObject({ kind: 'unchanged' });
  });

  test('a change of a definition makes the client ask again', async () => {
    const server = await start({ ...pulling, files: { '/workspace/crd.yaml': widgetCrd('size') } });
    const uri = await server.open('w.yaml', widget);
    const ask = async (): Promise<Diagnostic[]> => {
      const report = await server.client.sendRequest<{ items?: Diagnostic[] }>('textDocument/diagnostic', {
        textDocument: { uri },
      });
      return report.items ?? [];
    };
    await expect.poll(() => server.refreshes).toBe(1);
    expect(await ask()).toEqual([]);
    await server.writeFile('crd.yaml', widgetCrd('height'));
    await expect.poll(() => server.refreshes).toBe(2);
    expect(codes(await ask())).toEqual(['DEC04']);
  });
});

describe('schemas of the workspace', () => {
  test('a CRD file in the workspace describes its kind', async () => {
    const server = await start({ files: { '/workspace/deep/crds/widget.yaml': widgetCrd('height') } });
    const uri = await server.open('w.yaml', widget);
    expect(codes(await server.diagnostics(uri, hasAny))).toEqual(['DEC04']);
  });

  test('an unsaved edit of a definition counts', async () => {
    const server = await start({ files: { '/workspace/crd.yaml': widgetCrd('size') } });
    const uri = await server.open('w.yaml', widget);
    const crd = await server.open('crd.yaml', widgetCrd('size'));
    await server.edit(crd, 'size:', 'height:');
    expect(codes(await server.diagnostics(uri, hasAny))).toEqual(['DEC04']);
  });

  test('a deleted definition is forgotten', async () => {
    const server = await start({ files: { '/workspace/crd.yaml': widgetCrd('height') } });
    const uri = await server.open('w.yaml', widget);
    await server.diagnostics(uri, hasAny);
    await server.writeFile('crd.yaml', undefined);
    expect(await server.diagnostics(uri, isClean)).toEqual([]);
  });

  test('dataClusters.schemas adds definitions from outside the workspace', async () => {
    const server = await start({
      files: { '/elsewhere/widget.yaml': widgetCrd('height') },
      settings: { schemas: ['/elsewhere'] },
    });
    expect(codes(await server.diagnostics(await server.open('w.yaml', widget), hasAny))).toEqual(['DEC04']);
  });

  test('the schema source of the object under the cursor is told', async () => {
    const server = await start({ files: { '/workspace/crd.yaml': widgetCrd('height') } });
    const uri = await server.open('w.yaml', `${service}---\n${widget}`);
    await server.diagnostics(uri, (found) => found.length === 2);
    const ask = (line: number): Promise<unknown> =>
      server.client.sendRequest('dataClusters/schemaSource', {
        textDocument: { uri },
        position: { line, character: 0 },
      });
    expect(await ask(1)).toMatchObject({ apiVersion: 'v1', kind: 'Service', origin: 'bundled' });
    expect(await ask(12)).toMatchObject({ kind: 'Widget', origin: 'workspace', sourceName: '/workspace/crd.yaml' });
  });
});

describe('settings', () => {
  test('a rule that is switched off in the settings is not reported, and comes back when it is switched on', async () => {
    const server = await start({ settings: { rules: { DEC04: 'off' } } });
    const uri = await server.open('a.yaml', service);
    expect(await server.diagnostics(uri)).toEqual([]);
    server.settings = {};
    await server.client.sendNotification('workspace/didChangeConfiguration', { settings: null });
    expect(codes(await server.diagnostics(uri, hasAny))).toEqual(['DEC04']);
  });

  test('a client without configuration requests gives its settings with initializationOptions', async () => {
    const server = await start({
      capabilities: {},
      initializationOptions: { settings: { dataClusters: { rules: { DEC04: 'warning' } } } },
    });
    const [found] = await server.diagnostics(await server.open('a.yaml', service), hasAny);
    expect(found).toMatchObject({ code: 'DEC04', severity: 2 });
    expect(server.registered).toEqual([]);
  });

  test('a setting that makes no sense is said once in the log and its default is used', async () => {
    const server = await start({ settings: { rules: { DEC04: 'loud' }, kubernetesVersion: 'new' } });
    const uri = await server.open('a.yaml', service);
    expect(codes(await server.diagnostics(uri, hasAny))).toEqual(['DEC04']);
    await expect.poll(() => server.logged.filter((line) => line.includes('dataClusters.')).length).toBe(2);
  });

  test('the nearest .data-clusters.yaml sets levels, and a change of it counts at once', async () => {
    const server = await start({
      files: {
        '/workspace/.data-clusters.yaml': 'rules: { DEC04: off }\n',
        '/workspace/dev/.data-clusters.yaml': 'rules:\n  DEC04: hint\n',
      },
    });
    const outer = await server.open('a.yaml', service);
    const inner = await server.open('dev/a.yaml', service);
    expect(await server.diagnostics(outer)).toEqual([]);
    expect(await server.diagnostics(inner, hasAny)).toMatchObject([{ code: 'DEC04', severity: 3 }]);
    await server.writeFile('.data-clusters.yaml', 'rules: { DEC04: warning }\n');
    expect(await server.diagnostics(outer, hasAny)).toMatchObject([{ severity: 2 }]);
  });

  test('ignored files are not checked', async () => {
    const server = await start({
      files: { '/workspace/.data-clusters.yaml': 'ignore: ["vendor/**"]\n' },
      settings: { ignore: ['*.gen.yaml'] },
    });
    expect(await server.diagnostics(await server.open('vendor/x/a.yaml', service))).toEqual([]);
    expect(await server.diagnostics(await server.open('x/a.gen.yaml', service))).toEqual([]);
    expect(codes(await server.diagnostics(await server.open('x/a.yaml', service)))).toEqual(['DEC04']);
  });

  test('mistakes in an open .data-clusters.yaml are shown where they are', async () => {
    const server = await start();
    const uri = await server.open('.data-clusters.yaml', 'rules:\n  DEC40: off\n  DEC05: loud\n');
    const found = await server.diagnostics(uri, hasAny);
    expect(found.map(({ range, message }) => [range.start.line, message])).toEqual([
      [1, 'There is no rule `DEC40`. Did you mean `DEC04`?'],
      [2, 'The level of DEC05 must be one of error, warning, hint, off.'],
    ]);
  });
});

describe('beside other validators', () => {
  const plain = service.replaceAll('kafka', 'shop');

  test('objects of other systems are left to the other extension by default', async () => {
    const server = await start({ initializationOptions: { otherValidators: true } });
    expect(await server.diagnostics(await server.open('shop.yaml', plain))).toEqual([]);
    expect(codes(await server.diagnostics(await server.open('kafka.yaml', service)))).toEqual(['DEC04']);
    await server.client.sendNotification('dataClusters/clientState', { otherValidators: false });
    expect(codes(await server.diagnostics(uriIn('shop.yaml'), hasAny))).toEqual(['DEC04']);
  });

  test('a setting decides against it', async () => {
    const server = await start({
      initializationOptions: { otherValidators: true },
      settings: { coexistence: 'full' },
    });
    expect(codes(await server.diagnostics(await server.open('shop.yaml', plain), hasAny))).toEqual(['DEC04']);
  });
});

function bind(server: ServerHarness): Pick<ServerHarness, 'open' | 'diagnostics'> {
  return { open: server.open.bind(server), diagnostics: server.diagnostics.bind(server) };
}
