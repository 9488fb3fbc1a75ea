import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { DiagnosticSeverity, type CodeAction, type Diagnostic } from 'vscode-languageserver';
import { ServerHarness, uriIn, type HarnessOptions } from '#test/support/serverHarness.ts';

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

const hasAny = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.length > 0;

async function actionsAt(
  server: ServerHarness,
  uri: string,
  diagnostic: Diagnostic,
  only?: string[],
): Promise<CodeAction[]> {
  return server.client.sendRequest('textDocument/codeAction', {
    textDocument: { uri },
    range: diagnostic.range,
    context: { diagnostics: [diagnostic], ...(only ? { only } : {}) },
  });
}

async function fixAllAction(server: ServerHarness, uri: string): Promise<CodeAction | undefined> {
  const [action] = await server.client.sendRequest<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    context: { diagnostics: [], only: ['source.fixAll'] },
  });
  return action;
}

describe('quick fixes', () => {
  test('the preferred fix of a finding cures it and carries its diagnostic', async () => {
    const server = await start();
    const uri = await server.open('a.yaml', service);
    const [diagnostic] = await server.diagnostics(uri, hasAny);
    if (!diagnostic) throw new Error('nothing was found');
    const [first] = await actionsAt(server, uri, diagnostic);
    expect(first).toMatchObject({ kind: 'quickfix', isPreferred: true, diagnostics: [{ code: 'DEC04' }] });
    await server.applyEdit(first?.edit ?? {});
    expect(server.textOf(uri)).toBe(service.replace('prots', 'ports'));
    expect(await server.diagnostics(uri)).toEqual([]);
  });

  test('nothing is offered where nothing is wrong', async () => {
    const server = await start();
    const uri = await server.open('a.yaml', service);
    await server.diagnostics(uri, hasAny);
    const actions = await server.client.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } },
      context: { diagnostics: [] },
    });
    expect(actions).toEqual([]);
  });
});

describe('fix all', () => {
  for (const name of ['cassandra-slide.yaml', 'cassandra-slide-nested.yaml']) {
    test(`${name} has only warnings left after one fix-all, which have no fix`, async () => {
      const server = await start();
      const text = readFileSync(new URL(`../../samples/${name}`, import.meta.url), 'utf8');
      const uri = await server.open(name, text);
      await server.diagnostics(uri, hasAny);
      const action = await fixAllAction(server, uri);
      expect(action?.kind).toBe('source.fixAll.dataClusters');
      const told = await server.client.sendRequest<{ text: string }>('dataClusters/fixAll', { textDocument: { uri } });
      await server.applyEdit(action?.edit ?? {});
      expect(server.textOf(uri)).toBe(told.text);
      const left = await server.diagnostics(uri);
      expect(left.map(({ code, severity }) => [code, severity])).toEqual([
        ['CAS01', DiagnosticSeverity.Warning],
        ['CAS13', DiagnosticSeverity.Warning],
      ]);
      expect(await fixAllAction(server, uri)).toBeUndefined();
    });
  }

  test('suppressed findings are left alone', async () => {
    const server = await start();
    const text = service.replace('  prots', '  # data-clusters-disable-next-line DEC04 on purpose\n  prots');
    const uri = await server.open('a.yaml', text);
    expect(await server.diagnostics(uri)).toEqual([]);
    expect(await fixAllAction(server, uri)).toBeUndefined();
  });
});

describe('silencing a rule', () => {
  async function silence(
    title: string,
    options: HarnessOptions = {},
  ): Promise<{ server: ServerHarness; uri: string; action: CodeAction }> {
    const server = await start(options);
    const uri = await server.open('a.yaml', service);
    const [diagnostic] = await server.diagnostics(uri, hasAny);
    if (!diagnostic) throw new Error('nothing was found');
    const action = (await actionsAt(server, uri, diagnostic)).find((each) => each.title === title);
    if (!action) throw new Error(`"${title}" is not offered`);
    return { server, uri, action };
  }

  test('on its line, by a comment in the column of the key', async () => {
    const { server, uri, action } = await silence('Disable DEC04 on this line');
    await server.applyEdit(action.edit ?? {});
    expect(server.textOf(uri)).toBe(service.replace('  prots', '  # data-clusters-disable-next-line DEC04\n  prots'));
    expect(await server.diagnostics(uri)).toEqual([]);
  });

  test('for the object, by its annotation', async () => {
    const { server, uri, action } = await silence('Disable DEC04 for this object');
    await server.applyEdit(action.edit ?? {});
    const annotated = service.replace(
      'name: kafka\n',
      'name: kafka\n  annotations:\n    data-clusters/ignore: DEC04\n',
    );
    expect(server.textOf(uri)).toBe(annotated);
    expect(await server.diagnostics(uri)).toEqual([]);
  });

  test('in a configuration file that is made for it', async () => {
    const { action } = await silence('Disable DEC04 in .data-clusters.yaml');
    expect(action.edit?.documentChanges).toMatchObject([
      { kind: 'create', uri: uriIn('.data-clusters.yaml') },
      { textDocument: { uri: uriIn('.data-clusters.yaml') }, edits: [{ newText: 'rules:\n  DEC04: off\n' }] },
    ]);
  });

  test('in the configuration file that is there', async () => {
    const files = { '/workspace/.data-clusters.yaml': 'kubernetesVersion: "1.33"\nrules:\n  DEC05: warning' };
    const { action } = await silence('Disable DEC04 in .data-clusters.yaml', { files });
    expect(action.edit?.documentChanges).toMatchObject([
      { edits: [{ newText: '\n  DEC04: off\n', range: { start: { line: 2, character: 16 } } }] },
    ]);
  });
});
