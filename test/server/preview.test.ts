import { afterEach, describe, expect, test } from 'vitest';
import { previewRequest, type PreviewResult } from '#core/protocol.ts';
import { application } from '#test/core/preview/told.ts';
import { ServerHarness } from '#test/support/serverHarness.ts';

const open: ServerHarness[] = [];

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.stop();
});

async function previewAt(text: string, line: number): Promise<PreviewResult | null> {
  const harness = await ServerHarness.start();
  open.push(harness);
  const uri = await harness.open('jobs.yaml', text);
  const params = { textDocument: { uri }, position: { line, character: 0 } };
  return harness.client.sendRequest<PreviewResult | null>(previewRequest.method, params);
}

const first = application('  driver: { memory: 2g }\n  executor: { instances: 2 }');
const second = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

describe('the preview of the document at the cursor', () => {
  test('tells what the operator will create', async () => {
    const told = await previewAt(`${first}---\n${second}`, 3);
    expect(told).toMatchObject({ version: 1, index: 0, count: 2 });
    const [document] = told?.documents ?? [];
    expect(document).toMatchObject({
      state: 'preview',
      preview: {
        kind: 'SparkApplication',
        name: 'etl',
        totals: { most: { pods: { text: '3' }, memory: { text: '5.1 GiB' } } },
      },
    });
  });

  test('says which kinds have none', async () => {
    expect(await previewAt(`${first}---\n${second}`, first.split('\n').length + 1)).toEqual({
      version: 1,
      index: 1,
      count: 2,
      documents: [{ state: 'other', what: 'v1 ConfigMap' }],
    });
  });

  test('says where the text is broken', async () => {
    const told = await previewAt(`${first}  arguments: [a\n`, 3);
    const [document] = told?.documents ?? [];
    expect(document).toMatchObject({ state: 'broken', line: 9 });
  });

  test('is null for a file that is not open', async () => {
    const harness = await ServerHarness.start();
    open.push(harness);
    const params = { textDocument: { uri: 'file:///nowhere.yaml' }, position: { line: 0, character: 0 } };
    expect(await harness.client.sendRequest(previewRequest.method, params)).toBeNull();
  });
});
