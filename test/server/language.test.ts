import type {
  CodeLens,
  CompletionItem,
  CompletionList,
  DocumentSymbol,
  FoldingRange,
  Hover,
  SelectionRange,
} from 'vscode-languageserver/node';
import { afterEach, describe, expect, test } from 'vitest';
import { richClient, ServerHarness, WORKSPACE, type HarnessOptions } from '#test/support/serverHarness.ts';

const open: ServerHarness[] = [];

async function start(options: HarnessOptions = {}): Promise<ServerHarness> {
  const harness = await ServerHarness.start(options);
  open.push(harness);
  return harness;
}

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.stop();
});

/** Opens a text with a mark and asks for something at the mark. */
async function ask<Result>(harness: ServerHarness, method: string, marked: string, name = 'a.yaml'): Promise<Result> {
  const offset = marked.indexOf('^');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const uri = await harness.open(name, text);
  const position = harness.document(uri).positionAt(offset);
  const params = { textDocument: { uri }, position, positions: [position] };
  return harness.client.sendRequest<Result>(method, params);
}

async function complete(harness: ServerHarness, marked: string, name?: string): Promise<readonly CompletionItem[]> {
  const list = await ask<CompletionList | null>(harness, 'textDocument/completion', marked, name);
  return list?.items ?? [];
}

const labels = (items: readonly CompletionItem[]): readonly string[] => items.map(({ label }) => label);

const pod = (line: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: b\n${line}`;

describe('completion', () => {
  test('offers what may stand there, required first, with its description', async () => {
    const items = await complete(await start(), pod('    ^\n'));
    expect(labels(items)).toContain('livenessProbe');
    expect(labels(items)).not.toContain('image');
    expect(items.find(({ label }) => label === 'ports')?.documentation).toMatch(/\w/);
  });

  test('offers names that exist elsewhere in the workspace, in files that are open or not', async () => {
    const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: a, size: b}\n';
    const harness = await start({
      files: { [`${WORKSPACE}/config.yaml`]: config },
      initializationOptions: { wantsStatus: true },
    });
    await harness.open('other.yaml', config.replace('settings', 'other'));
    await harness.workspaceRead();
    const names = await complete(harness, pod('    envFrom:\n    - configMapRef:\n        name: ^\n'), 'pod.yaml');
    expect(labels(names)).toEqual(expect.arrayContaining(['settings', 'other']));
    const reference =
      '    env:\n    - name: L\n      valueFrom:\n        configMapKeyRef:\n          name: settings\n          key: ^\n';
    expect(labels(await complete(harness, pod(reference), 'key.yaml'))).toEqual(['level', 'size']);
  });

  test('knows the kinds that definitions in the workspace declare', async () => {
    const harness = await start({
      files: { [`${WORKSPACE}/crd.yaml`]: definition },
      initializationOptions: { wantsStatus: true },
    });
    const text = 'apiVersion: example.org/v1\nkind: Ring\nmetadata: {name: a}\nspec:\n  ^\n';
    await harness.open('first.yaml', text.replace('^', ''));
    await harness.workspaceRead();
    const items = await complete(harness, text, 'ring.yaml');
    expect(items.find(({ label }) => label === 'size')?.documentation).toBe('From its own definition.');
  });

  test('writes plain text for a client without snippets', async () => {
    const capabilities = { ...richClient, textDocument: { ...richClient.textDocument, completion: {} } };
    const items = await complete(await start({ capabilities }), '^');
    const text = items.find(({ label }) => label === 'TFJob')?.textEdit?.newText ?? '';
    expect(text).toContain('tfReplicaSpecs:');
    expect(text).not.toContain('$');
  });

  test('leaves the skeleton out when the user does not want it', async () => {
    const text = 'apiVersion: apps/v1\nkind: StatefulSet\nspec:\n  ^\n';
    const template = async (settings: unknown): Promise<string> => {
      const items = await complete(await start({ settings }), text);
      return items.find(({ label }) => label === 'template')?.textEdit?.newText ?? '';
    };
    expect(await template({})).toContain('containers');
    expect(await template({ completion: { insertRequired: false } })).not.toContain('containers');
  });

  test('has nothing to say in comments and in text that is no Kubernetes', async () => {
    expect(await complete(await start(), pod('    # ^\n'))).toEqual([]);
  });
});

describe('hover', () => {
  test('explains a field in Markdown, or without for a client that shows none', async () => {
    const rich = await ask<Hover | null>(await start(), 'textDocument/hover', pod('    im^agePullPolicy: Always\n'));
    expect(rich?.contents).toMatchObject({ kind: 'markdown' });
    expect(JSON.stringify(rich?.contents)).toContain('**imagePullPolicy**');
    expect(rich?.range).toEqual({ start: { line: 7, character: 4 }, end: { line: 7, character: 19 } });
    const capabilities = { ...richClient, textDocument: { ...richClient.textDocument, hover: {} } };
    const plain = await ask<Hover | null>(
      await start({ capabilities }),
      'textDocument/hover',
      pod('    im^agePullPolicy: Always\n'),
    );
    expect(plain?.contents).toMatchObject({ kind: 'plaintext' });
    expect(JSON.stringify(plain?.contents)).not.toContain('**');
  });
});

describe('outline, folding, selection', () => {
  test('are answered for an open document', async () => {
    const harness = await start();
    const symbols = await ask<readonly DocumentSymbol[]>(harness, 'textDocument/documentSymbol', `${pod('')}^`);
    expect(symbols[0]?.name).toBe('Pod/a');
    expect(symbols[0]?.children?.[0]).toMatchObject({ name: 'a', detail: 'container b' });
    const folds = await ask<readonly FoldingRange[]>(harness, 'textDocument/foldingRange', `${pod('')}^`, 'b.yaml');
    expect(folds.map(({ startLine, endLine }) => [startLine, endLine])).toContainEqual([4, 6]);
    const [selection] = await ask<readonly SelectionRange[]>(
      harness,
      'textDocument/selectionRange',
      pod('^'),
      'c.yaml',
    );
    expect(selection?.range).toBeDefined();
  });
});

describe('code lenses', () => {
  const wrong = pod('    imge: c\n    comand: [a]\n^');

  test('offer fix-all to the client that has the command, and to no other', async () => {
    const own = await start({ initializationOptions: { fixAllCommand: true } });
    const lenses = await ask<readonly CodeLens[]>(own, 'textDocument/codeLens', wrong);
    expect(lenses.map(({ command }) => command?.command)).toEqual(['dataClusters.fixAll']);
    expect((await start()).initializeResult?.capabilities.codeLensProvider).toBeUndefined();
  });

  test('can be turned off', async () => {
    const harness = await start({
      initializationOptions: { fixAllCommand: true },
      settings: { codeLens: { enabled: false } },
    });
    expect(await ask<readonly CodeLens[]>(harness, 'textDocument/codeLens', wrong)).toEqual([]);
  });
});

describe('a kustomize patch', () => {
  test('stops being asked for required fields when a kustomization names it', async () => {
    const harness = await start();
    const uri = await harness.open(
      'size.yaml',
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {replicas: 5}\n',
    );
    await harness.diagnostics(uri, (found) => found.length > 0);
    await harness.writeFile('kustomization.yaml', 'patches:\n- path: size.yaml\n');
    await harness.diagnostics(uri, (found) => found.length === 0);
  });
});

describe('a kustomize patch that a kustomization of another folder names', () => {
  test('is known once the workspace has been read', async () => {
    const harness = await start({
      files: { [`${WORKSPACE}/overlays/prod/kustomization.yaml`]: 'patches:\n- path: ../../common/size.yaml\n' },
      initializationOptions: { wantsStatus: true },
    });
    const text = 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {replicas: 5}\n';
    const uri = await harness.open('common/size.yaml', text);
    await harness.diagnostics(uri, (found) => found.length === 0);
  });
});

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: rings.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Ring, plural: rings, singular: ring, listKind: RingList}
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
              size: {type: integer, description: From its own definition.}
`;
