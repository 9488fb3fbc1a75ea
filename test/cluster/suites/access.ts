import assert from 'node:assert/strict';
import type { Cluster, JsonObject, ObjectAddress, WatchEvent, WatchQuery } from '../../../core/src/live/ports.ts';
import { until } from '../bed/commands.ts';
import { asText, at, parseJson, type Json } from '../bed/json.ts';
import { asServiceAccount, withCluster } from '../support/directory.ts';
import { askApiVersions } from '../support/kafkaWire.ts';
import { control, read, readItems, type Suite, type TestCluster } from '../support/suite.ts';

const container = { namespace: 'kafka', pod: 'kafka-0', container: 'kafka' } as const;
const configMaps: WatchQuery = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  namespaced: true,
  namespace: 'default',
};
const namespaces: WatchQuery = { group: '', version: 'v1', plural: 'namespaces', namespaced: false };

/** What the extension and `status` do with a cluster, on a real one, by the file they load. */
export const access: Suite = {
  name: 'access',
  needs: ['kafka'],
  tests: [
    {
      title: 'the version, the identity and the kinds of the server are known',
      run: (cluster) => withCluster(cluster, (opened) => assertKnown(cluster, opened)),
    },
    {
      title: 'a list has the same objects as kubectl, in full or as metadata alone',
      run: (cluster) => withCluster(cluster, (opened) => assertLists(cluster, opened)),
    },
    {
      title: 'a watch tells of an object that is made, changed and deleted',
      run: (cluster) => withCluster(cluster, (opened) => watchObject(`watched-${Date.now()}`, opened)),
    },
    {
      title: 'a command has its input, both outputs and its exit code',
      run: (cluster) =>
        withCluster(cluster, async (opened) => {
          const run = { ...container, timeoutMs: 30_000 };
          const script = 'wc -c; echo err >&2; exit 7';
          const result = await opened.exec({ ...run, command: ['sh', '-c', script], stdin: 'x'.repeat(100_000) });
          assert.deepEqual(
            { ...result, stdout: result.stdout.trim() },
            { exitCode: 7, stdout: '100000', stderr: 'err\n', isCut: false },
          );
          const missing = opened.exec({ ...run, command: ['no-such-program'] });
          const answer = await missing.then(
            ({ exitCode }) => exitCode !== 0,
            (error: unknown) => kindOf(error) !== 'unreachable',
          );
          assert.equal(answer, true);
          await assertKind(opened.exec({ ...run, pod: 'no-such-pod', command: ['true'] }), 'absent');
        }),
    },
    {
      title: 'a shell has a terminal of the size that is asked for',
      run: (cluster) => withCluster(cluster, useShell),
    },
    {
      title: 'a log comes in lines and can be followed',
      run: (cluster) => withCluster(cluster, readLog),
    },
    {
      title: 'a forwarded port speaks the protocol of Kafka, for several connections at once',
      run: (cluster) =>
        withCluster(cluster, async (opened) => {
          const forward = await opened.forward({ ...container, port: 9092 });
          const answers = await Promise.all([1, 2, 3].map(() => askApiVersions(forward.localPort)));
          assert.deepEqual(answers, [42, 42, 42]);
          forward.stop();
        }),
    },
    {
      title: 'a field of somebody else is not taken over without force, and a dry run keeps nothing',
      run: (cluster) => withCluster(cluster, (opened) => assertConflict(cluster, opened)),
    },
    {
      title: 'an account without rights is told so',
      run: (cluster) =>
        asServiceAccount(cluster, `nobody-${Date.now()}`, async (opened) => {
          const question = { verb: 'list', group: '', resource: 'pods', namespace: 'kafka' };
          assert.equal((await opened.can(question)).isAllowed, false);
          const pods = { ...configMaps, plural: 'pods', namespace: 'kafka' };
          await assertKind(opened.list(pods), 'forbidden');
          const event = await firstEvent(opened, pods);
          assert.equal(event.type === 'ended' && event.problem.kind, 'forbidden');
          assert.equal(await opened.identity(), undefined);
          await assertKind(opened.exec({ ...container, command: ['true'], timeoutMs: 10_000 }), 'forbidden');
        }),
    },
  ],
};

async function assertKnown(cluster: TestCluster, opened: Cluster): Promise<void> {
  const { minor, gitVersion } = await opened.version();
  assert.ok(gitVersion.startsWith(`v${minor}.`), `${gitVersion} is no ${minor}`);
  assert.equal(await opened.identity(), at(await read(cluster, 'namespace', 'kube-system'), 'metadata', 'uid'));
  const { resources, failed } = await opened.resources();
  const sets = resources.find(({ group, plural }) => group === 'apps' && plural === 'statefulsets');
  assert.deepEqual([sets?.version, sets?.kind, sets?.namespaced], ['v1', 'StatefulSet', true]);
  cluster.note(`${gitVersion}, ${resources.length} kinds, failed: ${failed.join(', ') || 'none'}`);
}

async function assertLists(cluster: TestCluster, opened: Cluster): Promise<void> {
  const names = (items: readonly unknown[]): string[] => items.map(nameOf).toSorted();
  const expected = names(await readItems(cluster, 'namespaces'));
  const full = await opened.list(namespaces);
  assert.deepEqual(names(full), expected);
  assert.ok(full.every((one) => one['kind'] === 'Namespace' && one['apiVersion'] === 'v1'));
  const bare = await opened.list({ ...namespaces, metadataOnly: true });
  assert.deepEqual(names(bare), expected);
  assert.ok(bare.every((one) => !('spec' in one)));
}

async function watchObject(name: string, opened: Cluster): Promise<void> {
  const told: string[] = [];
  const address: ObjectAddress = { ...configMaps, namespace: 'default', name };
  const watch = opened.watch({ ...configMaps, fieldSelector: `metadata.name=${name}` }, (event) =>
    told.push(wordOf(event)),
  );
  try {
    await until('the watch to be in sync', 20, () => Promise.resolve(told.includes('synced')));
    const made = await opened.create(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default' },
      data: { step: '1' },
    });
    await opened.mergePatch(address, { data: { step: '2' } });
    await assertKind(opened.delete(address, { uid: 'ffffffff-0000-0000-0000-000000000000' }), 'conflict');
    await opened.delete(address, { uid: asText(at(asJson(made), 'metadata', 'uid')) });
    await until('the watch to have told all', 20, () => Promise.resolve(told.includes('remove 2')));
    assert.deepEqual(told, ['reset', 'synced', 'put 1', 'put 2', 'remove 2']);
  } finally {
    watch.stop();
  }
}

async function useShell(opened: Cluster): Promise<void> {
  let output = '';
  let end: number | undefined;
  const shell = await opened.shell(container, ['sh'], {
    output: (data) => (output += data),
    ended: (exitCode) => (end = exitCode ?? -1),
  });
  try {
    shell.resize(97, 31);
    // The size and the words travel apart: the shell may read the words first.
    shell.write('for i in 1 2 3 4 5 6 7 8 9 10; do stty size; sleep 0.3; done; exit 3\r');
    await until('the shell to end', 20, () => Promise.resolve(end !== undefined));
    assert.match(output, /31 97/);
    assert.equal(end, 3);
  } finally {
    shell.stop();
  }
}

async function readLog(opened: Cluster): Promise<void> {
  const read = (follow: boolean): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const found: string[] = [];
      const log = opened.logs(
        { ...container, follow, tailLines: 5 },
        {
          lines(lines) {
            found.push(...lines);
            if (!follow || found.length < 5) return;
            log.stop();
            resolve(found);
          },
          ended: (problem) => (problem === undefined ? resolve(found) : reject(problem)),
        },
      );
    });
  assert.equal((await read(false)).length, 5);
  assert.ok((await read(true)).every((line) => !line.includes('\n')));
}

async function assertConflict(cluster: TestCluster, opened: Cluster): Promise<void> {
  const name = `owned-${Date.now()}`;
  const address: ObjectAddress = { ...configMaps, namespace: 'default', name };
  const object = (step: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data: { step },
  });
  await control(
    cluster,
    '-n',
    'default',
    'create',
    'configmap',
    name,
    '--from-literal=step=1',
    '--field-manager=somebody',
  );
  try {
    await assertKind(opened.apply(address, object('2'), { dryRun: true }), 'conflict');
    const forced = await opened.apply(address, object('2'), { dryRun: true, force: true });
    assert.equal(at(asJson(forced), 'data', 'step'), '2');
    assert.equal(at(asJson(await opened.get(address)), 'data', 'step'), '1');
  } finally {
    await control(cluster, '-n', 'default', 'delete', 'configmap', name);
  }
}

const firstEvent = (opened: Cluster, query: WatchQuery): Promise<WatchEvent> =>
  new Promise((resolve) => {
    const watch = opened.watch(query, (event) => {
      resolve(event);
      queueMicrotask(() => watch.stop());
    });
  });

const wordOf = (event: WatchEvent): string =>
  event.type === 'put' || event.type === 'remove'
    ? `${event.type} ${asText(at(asJson(event.object), 'data', 'step'))}`
    : event.type;

const kindOf = (error: unknown): unknown => (error instanceof Error && 'kind' in error ? error.kind : undefined);

async function assertKind(work: Promise<unknown>, kind: string): Promise<void> {
  const found = await work.then(() => 'no problem', kindOf);
  assert.equal(found, kind);
}

const nameOf = (item: unknown): string => asText(at(asJson(item), 'metadata', 'name'));

/** What a server sent, to be followed by paths. */
const asJson = (value: unknown): Json => parseJson(JSON.stringify(value));
