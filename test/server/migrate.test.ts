import { readFileSync } from 'node:fs';
import type { CodeAction, CompletionItem, CompletionList, Hover } from 'vscode-languageserver/node';
import { afterEach, describe, expect, test } from 'vitest';
import type { MigrateResult } from '#core/protocol.ts';
import { ServerHarness } from '#test/support/serverHarness.ts';

const old = readFileSync('test/fixtures/migrate/vgkowski/input.yaml', 'utf8');
const modern = readFileSync('test/fixtures/migrate/vgkowski/expected.yaml', 'utf8');

const open: ServerHarness[] = [];

async function start(): Promise<ServerHarness> {
  const harness = await ServerHarness.start();
  open.push(harness);
  return harness;
}

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.stop();
});

describe('a manifest of an operator that has ended', () => {
  test('is migrated when the editor asks', async () => {
    const server = await start();
    const uri = await server.open('old.yaml', old);
    const told = await server.client.sendRequest<MigrateResult>('dataClusters/migrate', { textDocument: { uri } });
    expect(told).toEqual({ text: modern, version: 1, migrated: 1, refused: [] });
  });

  test('is said to be one, and the rewriting is offered but not preferred', async () => {
    const server = await start();
    const uri = await server.open('old.yaml', old);
    const diagnostics = (await server.diagnostics(uri)).filter(({ code }) => code === 'MIG02');
    expect(diagnostics).toHaveLength(1);
    const [diagnostic] = diagnostics;
    const actions = await server.client.sendRequest<readonly CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostic?.range,
      context: { diagnostics },
    });
    const rewriting = actions.find(({ title }) => title === 'Rewrite as CassandraDatacenter');
    expect(rewriting).toBeDefined();
    expect(rewriting?.isPreferred ?? false).toBe(false);
  });

  test('is completed and explained', async () => {
    const server = await start();
    const uri = await server.open('old.yaml', old);
    const position = { line: 6, character: 4 };
    const hover = await server.client.sendRequest<Hover>('textDocument/hover', { textDocument: { uri }, position });
    expect(JSON.stringify(hover.contents)).toContain('CPU of a node.');
    const bare = await server.open('bare.yaml', `${old.slice(0, old.indexOf('spec:'))}spec:\n  \n`);
    const list = await server.client.sendRequest<CompletionList | readonly CompletionItem[]>(
      'textDocument/completion',
      {
        textDocument: { uri: bare },
        position: { line: 5, character: 2 },
      },
    );
    const labels = ('items' in list ? list.items : list).map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['nbNodes', 'baseImage', 'data']));
  });
});
