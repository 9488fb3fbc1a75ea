import { expect, test } from 'vitest';
import type { CompletionList, Hover, Location } from 'vscode-languageserver';
import type { CheckedFinding } from '#core/protocol.ts';
import { ServerHarness, uriIn } from '#test/support/serverHarness.ts';

const files = {
  '/workspace/orders/Chart.yaml': 'apiVersion: v2\nname: orders\nversion: 1.0.0\n',
  '/workspace/orders/values.yaml': 'replicas: 3\nimage:\n  tag: "1.0"\n',
  '/workspace/orders/values.schema.json': '{"properties":{"replicas":{"type":"integer"}}}',
  '/workspace/orders/templates/_helpers.tpl': '',
};

async function withServer(run: (server: ServerHarness) => Promise<void>): Promise<void> {
  const server = await ServerHarness.start({ files });
  try {
    await run(server);
  } finally {
    await server.stop();
  }
}

test('values are checked against the schema of the chart, and again when the schema changes', () =>
  withServer(async (server) => {
    const uri = await server.open('orders/values-prod.yaml', 'replicas: many\n');
    const before = await server.diagnostics(uri);
    expect(before.map(({ code, message }) => [code, message])).toEqual([
      ['HLM08', 'The schema wants an integer here; this is the string "many". Helm refuses these values.'],
    ]);
    await server.writeFile('orders/values.schema.json', '{}');
    expect(await server.diagnostics(uri, (now) => now.length === 0)).toEqual([]);
  }));

test('a broken schema is told at the schema', () =>
  withServer(async (server) => {
    const uri = await server.open('orders/values.schema.json', '{"type": "objekt"}', 'json');
    expect((await server.diagnostics(uri)).map(({ code }) => code)).toEqual(['HLM07']);
  }));

test('notes and named templates are no manifests', () =>
  withServer(async (server) => {
    const text = 'apiVersion: v1\nkind: Nothing\n  broken: {{ .Values.replicas }}\n';
    for (const name of ['NOTES.txt', '_helpers.tpl']) {
      const uri = await server.open(`orders/templates/${name}`, text, 'helm');
      expect(await server.diagnostics(uri)).toEqual([]);
    }
  }));

test('paths of values are completed, explained and found in templates', () =>
  withServer(async (server) => {
    const uri = await server.open('orders/templates/a.yaml', 'tag: {{ .Values.image.tag }}\n', 'helm');
    const textDocument = { uri };
    const dot = {
      textDocument,
      position: { line: 0, character: 22 },
      context: { triggerKind: 2, triggerCharacter: '.' },
    };
    const list = await server.client.sendRequest<CompletionList>('textDocument/completion', dot);
    expect(list.items.map(({ label }) => label)).toEqual(['tag']);
    const at = { textDocument, position: { line: 0, character: 23 } };
    const hover = await server.client.sendRequest<Hover>('textDocument/hover', at);
    expect(JSON.stringify(hover.contents)).toContain('image.tag');
    const found = await server.client.sendRequest<Location[]>('textDocument/definition', at);
    expect(found).toEqual([
      { uri: uriIn('orders/values.yaml'), range: { start: { line: 2, character: 2 }, end: { line: 2, character: 5 } } },
    ]);
  }));

test('a dot outside of charts offers nothing', () =>
  withServer(async (server) => {
    const uri = await server.open('pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a.\n');
    const params = {
      textDocument: { uri },
      position: { line: 3, character: 10 },
      context: { triggerKind: 2, triggerCharacter: '.' },
    };
    expect(await server.client.sendRequest('textDocument/completion', params)).toBeNull();
  }));

test('a text that was rendered is checked without a file', () =>
  withServer(async (server) => {
    const text = '---\n# Source: orders/templates/a.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: A_B\n';
    const params = { uri: uriIn('orders/Chart.yaml'), text };
    const findings = await server.client.sendRequest<CheckedFinding[]>('dataClusters/checkText', params);
    expect(findings.some(({ range }) => range.start.line === 5)).toBe(true);
  }));
