import { afterEach, describe, expect, test } from 'vitest';
import { definitionOfRequest, objectAtRequest, type ObjectIdentity, type ObjectPlace } from '#core/protocol.ts';
import { ServerHarness, uriIn, WORKSPACE } from '#test/support/serverHarness.ts';

const open: ServerHarness[] = [];

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.stop();
});

async function start(files: Readonly<Record<string, string>>): Promise<ServerHarness> {
  const paths = Object.entries(files).map(([path, text]) => [`${WORKSPACE}/${path}`, text] as const);
  const harness = await ServerHarness.start({ files: Object.fromEntries(paths) });
  open.push(harness);
  return harness;
}

const topic = (name: string, namespace?: string): string =>
  `apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata:\n  name: ${name}\n${
    namespace === undefined ? '' : `  namespace: ${namespace}\n`
  }`;

async function objectAt(harness: ServerHarness, uri: string, line: number): Promise<ObjectIdentity | null> {
  const params = { textDocument: { uri }, position: { line, character: 0 } };
  return harness.client.sendRequest<ObjectIdentity | null>(objectAtRequest.method, params);
}

async function definitionsOf(harness: ServerHarness, wanted: ObjectIdentity): Promise<readonly ObjectPlace[]> {
  return harness.client.sendRequest<readonly ObjectPlace[]>(definitionOfRequest.method, wanted);
}

describe('the object at the cursor', () => {
  test('is that of its document', async () => {
    const harness = await start({});
    const uri = await harness.open('topics.yaml', `${topic('a', 'prod')}---\n${topic('b')}`);
    const kind = { apiVersion: 'kafka.strimzi.io/v1', kind: 'KafkaTopic' };
    expect(await objectAt(harness, uri, 1)).toEqual({ ...kind, name: 'a', namespace: 'prod' });
    expect(await objectAt(harness, uri, 8)).toEqual({ ...kind, name: 'b' });
  });

  test('of a List is the one that stands there', async () => {
    const harness = await start({});
    const item = (name: string): string => `- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: ${name}\n`;
    const uri = await harness.open('list.yaml', `apiVersion: v1\nkind: List\nitems:\n${item('a')}${item('b')}`);
    expect(await objectAt(harness, uri, 7)).toMatchObject({ name: 'a' });
    expect(await objectAt(harness, uri, 10)).toMatchObject({ name: 'b' });
  });

  test('is nothing where no object has a name', async () => {
    const harness = await start({});
    const uri = await harness.open('notes.yaml', 'a: b\n');
    expect(await objectAt(harness, uri, 0)).toBeNull();
  });
});

describe('the file that defines an object', () => {
  const wanted = { apiVersion: 'kafka.strimzi.io/v1beta2', kind: 'KafkaTopic', namespace: 'prod', name: 'a' };
  const files = {
    'any.yaml': `${topic('other')}---\n${topic('a')}`,
    'prod.yaml': topic('a', 'prod'),
    'test.yaml': topic('a', 'test'),
  };

  test('is found without an open document, whatever the version, the right namespace first', async () => {
    const harness = await start(files);
    const places = await definitionsOf(harness, wanted);
    expect(places).toEqual([
      {
        uri: uriIn('prod.yaml'),
        range: { start: { line: 3, character: 8 }, end: { line: 3, character: 9 } },
      },
      { uri: uriIn('any.yaml'), range: { start: { line: 8, character: 8 }, end: { line: 8, character: 9 } } },
    ]);
  });

  test('is none for another group or name', async () => {
    const harness = await start(files);
    expect(await definitionsOf(harness, { ...wanted, apiVersion: 'platform.confluent.io/v1beta1' })).toEqual([]);
    expect(await definitionsOf(harness, { ...wanted, name: 'b' })).toEqual([]);
  });
});
