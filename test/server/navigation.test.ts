import type { Location, Range, WorkspaceEdit } from 'vscode-languageserver/node';
import { afterEach, describe, expect, test } from 'vitest';
import { richClient, ServerHarness, uriIn, WORKSPACE, type HarnessOptions } from '#test/support/serverHarness.ts';

const open: ServerHarness[] = [];

async function start(options: HarnessOptions = {}): Promise<ServerHarness> {
  const harness = await ServerHarness.start({ initializationOptions: { wantsStatus: true }, ...options });
  open.push(harness);
  return harness;
}

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.stop();
});

const SETTINGS = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  level: info\n';
const POD = `apiVersion: v1
kind: Pod
metadata:
  name: api
spec:
  containers:
    - name: api
      image: example/api:1
      env:
        - name: LEVEL
          valueFrom:
            configMapKeyRef:
              name: settings
              key: level
`;
const onDisk = { [`${WORKSPACE}/settings.yaml`]: SETTINGS };

async function ask<Result>(harness: ServerHarness, method: string, uri: string, before: string, more: object = {}) {
  const document = harness.document(uri);
  const position = document.positionAt(document.getText().indexOf(before));
  return harness.client.sendRequest<Result>(method, { textDocument: { uri }, position, ...more });
}

async function openPod(options: HarnessOptions = {}, text = POD): Promise<{ harness: ServerHarness; uri: string }> {
  const harness = await start({ files: onDisk, ...options });
  const uri = await harness.open('pod.yaml', text);
  await harness.workspaceRead();
  return { harness, uri };
}

describe('navigation', () => {
  test('leads from a reference to a file that is not open, and back', async () => {
    const { harness, uri } = await openPod();
    const place = { start: { line: 3, character: 8 }, end: { line: 3, character: 16 } };
    const target = [{ uri: uriIn('settings.yaml'), range: place }];
    expect(await ask(harness, 'textDocument/definition', uri, 'settings')).toEqual(target);
    const settings = await harness.open('settings.yaml', SETTINGS);
    const uses = await ask<Location[]>(harness, 'textDocument/references', settings, 'settings', {
      context: { includeDeclaration: false },
    });
    expect(uses.map(({ uri: file }) => file)).toEqual([uri]);
    expect(await ask(harness, 'textDocument/documentHighlight', settings, 'settings')).toHaveLength(1);
  });

  test('renames in every file', async () => {
    const { harness, uri } = await openPod();
    const prepared = await ask<{ range: Range; placeholder: string }>(
      harness,
      'textDocument/prepareRename',
      uri,
      'settings',
    );
    expect(prepared.placeholder).toBe('settings');
    const edit = await ask<WorkspaceEdit>(harness, 'textDocument/rename', uri, 'settings', { newName: 'options' });
    expect(Object.keys(edit.changes ?? {}).toSorted()).toEqual([uri, uriIn('settings.yaml')].toSorted());
    await harness.open('settings.yaml', SETTINGS);
    await harness.applyEdit(edit);
    expect(harness.textOf(uri)).toBe(POD.replace('settings', 'options'));
    expect(harness.textOf(uriIn('settings.yaml'))).toBe(SETTINGS.replace('settings', 'options'));
  });

  test('says why a name cannot be changed', async () => {
    const { harness, uri } = await openPod();
    const asked = ask(harness, 'textDocument/rename', uri, 'api\n', { newName: 'other' });
    await expect(asked).rejects.toThrow('Renaming a Pod makes another one and leaves the old one behind');
    expect(await ask(harness, 'textDocument/prepareRename', uri, 'example')).toBeNull();
  });
});

describe('diagnostics that depend on another file', () => {
  const broken = POD.replace('key: level', 'key: levels');
  const codes = (list: readonly { readonly code?: unknown }[]): readonly unknown[] => list.map(({ code }) => code);

  test('come when the other file is read, and go when it is edited', async () => {
    const { harness, uri } = await openPod({}, broken);
    const found = await harness.diagnostics(uri, (list) => list.length === 1);
    expect(codes(found)).toEqual(['REF02']);
    expect(found[0]?.relatedInformation?.[0]?.location).toMatchObject({
      uri: uriIn('settings.yaml'),
      range: { start: { line: 3, character: 8 } },
    });
    const settings = await harness.open('settings.yaml', SETTINGS);
    await harness.edit(settings, 'level: info', 'levels: info');
    expect(await harness.diagnostics(uri, (list) => list.length === 0)).toEqual([]);
    await harness.close(settings);
    expect(codes(await harness.diagnostics(uri, (list) => list.length === 1))).toEqual(['REF02']);
  });

  test('are pulled anew only when they may have changed', async () => {
    const capabilities = { ...richClient, textDocument: { ...richClient.textDocument, diagnostic: {} } };
    const { harness, uri } = await openPod({ capabilities }, broken);
    const pull = (previousResultId?: string) =>
      harness.client.sendRequest<{ kind: string; resultId: string; items?: readonly { code?: unknown }[] }>(
        'textDocument/diagnostic',
        { textDocument: { uri }, ...(previousResultId === undefined ? {} : { previousResultId }) },
      );
    const first = await pull();
    expect(codes(first.items ?? [])).toEqual(['REF02']);
    const refreshes = harness.refreshes;
    const settings = await harness.open('settings.yaml', SETTINGS);
    await harness.edit(settings, 'level: info', 'level: debug');
    expect((await pull(first.resultId)).kind).toBe('unchanged');
    expect(harness.refreshes).toBe(refreshes);
    await harness.edit(settings, 'level: debug', 'levels: debug');
    await expect.poll(() => harness.refreshes).toBe(refreshes + 1);
    expect((await pull(first.resultId)).items).toEqual([]);
  });
});
