import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readKubeconfig } from '#client/cluster/kubeconfig/readKubeconfig.ts';
import { lookEveryMs } from '#client/cluster/kubeconfig/watchFiles.ts';
import { json } from '../../support/fakeApiServer/answers.ts';
import {
  containing,
  kubeconfigFor,
  makeDirectory,
  openTest,
  startServer,
  temporaryFolder,
  until,
} from '../../support/fakeApiServer/setup.ts';
import { ManualClock } from '../../support/manualClock.ts';

interface Entries {
  readonly contexts?: Readonly<Record<string, object>>;
  readonly clusters?: Readonly<Record<string, object>>;
  readonly users?: Readonly<Record<string, object>>;
  readonly current?: string;
}

const named = (entries: Readonly<Record<string, object>> = {}, inner: string): object[] =>
  Object.entries(entries).map(([name, entry]) => ({ name, [inner]: entry }));

const configText = ({ contexts, clusters, users, current }: Entries): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    ...(current === undefined ? {} : { 'current-context': current }),
    contexts: named(contexts, 'context'),
    clusters: named(clusters, 'cluster'),
    users: named(users, 'user'),
  });

const one: Entries = {
  current: 'dev',
  contexts: { dev: { cluster: 'c1', user: 'u1', namespace: 'shop' }, bare: { cluster: 'c1' } },
  clusters: { c1: { server: 'https://one.test:6443/' } },
  users: { u1: { token: 't' } },
};

describe('contexts', () => {
  test('are those of all files: of equal names the first counts, and missing files do not matter', async () => {
    const folder = temporaryFolder();
    const files = ['a', 'missing', 'b'].map((name) => path.join(folder, name));
    writeFileSync(files[0] ?? '', configText({ ...one, current: '' }));
    writeFileSync(
      files[2] ?? '',
      configText({
        current: 'prod',
        contexts: { dev: { cluster: 'c2' }, prod: { cluster: 'c2', user: 'u1' } },
        clusters: { c2: { server: 'https://two.test' } },
      }),
    );
    const directory = makeDirectory({ environment: { KUBECONFIG: files.join(path.delimiter) } });
    expect(await directory.contexts()).toEqual([
      {
        name: 'bare',
        cluster: 'c1',
        user: '',
        namespace: 'default',
        server: 'https://one.test:6443',
        isCurrent: false,
        isDemo: false,
      },
      {
        name: 'dev',
        cluster: 'c1',
        user: 'u1',
        namespace: 'shop',
        server: 'https://one.test:6443',
        isCurrent: false,
        isDemo: false,
      },
      {
        name: 'prod',
        cluster: 'c2',
        user: 'u1',
        namespace: 'default',
        server: 'https://two.test',
        isCurrent: true,
        isDemo: false,
      },
    ]);
  });

  test('come from ~/.kube/config without a choice, and from the chosen files with one', async () => {
    const home = temporaryFolder();
    mkdirSync(path.join(home, '.kube'));
    writeFileSync(path.join(home, '.kube', 'config'), configText(one));
    writeFileSync(
      path.join(home, 'other'),
      configText({ ...one, contexts: { chosen: { cluster: 'c1', user: 'u1' } } }),
    );
    const names = async (chosen: readonly string[]): Promise<string[]> =>
      (await makeDirectory({ environment: { HOME: home }, kubeconfigPaths: () => chosen }).contexts()).map(
        ({ name }) => name,
      );
    expect(await names([])).toEqual(['bare', 'dev']);
    expect(await names(['~/other'])).toEqual(['chosen']);
  });

  test('of good files are there beside files that cannot be used, which say why and show no secret', async () => {
    const folder = temporaryFolder();
    const good = path.join(folder, 'good');
    const broken = path.join(folder, 'broken');
    writeFileSync(good, configText(one));
    writeFileSync(broken, 'users: [{name: a, user: {token: secret-token}\nx: *nowhere\n');
    const contexts = await makeDirectory({ kubeconfigPaths: () => [broken, folder, good] }).contexts();
    expect(contexts.map(({ name }) => name)).toEqual([broken, folder, 'bare', 'dev']);
    expect(contexts[0]?.problem).toContain('It is no YAML');
    expect(contexts[0]?.problem).not.toContain('secret-token');
    expect(contexts[1]?.problem).toContain('It is a folder');
  });

  test.each([
    [{ contexts: { x: {} } }, 'names no cluster'],
    [{ contexts: { x: { cluster: 'gone' } } }, 'the cluster gone, which no kubeconfig file has'],
    [{ contexts: { x: { cluster: 'c' } }, clusters: { c: {} } }, 'has no server address'],
    [{ contexts: { x: { cluster: 'c' } }, clusters: { c: { server: 'ftp://x' } } }, 'no http or https address'],
    [
      { contexts: { x: { cluster: 'c', user: 'gone' } }, clusters: { c: { server: 'https://x' } } },
      'the user gone, which',
    ],
  ])('that cannot be used say why, and are not opened: %j', async (entries, text) => {
    const file = path.join(temporaryFolder(), 'config');
    writeFileSync(file, configText(entries));
    const directory = makeDirectory({ kubeconfigPaths: () => [file] });
    expect((await directory.contexts())[0]?.problem).toContain(text);
    await expect(directory.open('x')).rejects.toMatchObject({
      kind: 'configuration',
      message: containing(text),
    });
    await expect(directory.open('y')).rejects.toMatchObject({ kind: 'configuration' });
  });

  test('no file at all means no contexts', async () => {
    expect(await makeDirectory({ environment: { HOME: temporaryFolder() } }).contexts()).toEqual([]);
  });
});

describe('entries', () => {
  test('are read as the library of the Kubernetes project reads them', () => {
    const text = configText({
      ...one,
      clusters: {
        c1: {
          server: 'https://x/',
          'certificate-authority': 'ca.crt',
          'tls-server-name': 'y',
          'proxy-url': 'http://p',
        },
        c2: { server: 'https://z', 'insecure-skip-tls-verify': true, 'certificate-authority-data': 'Y2E=' },
      },
      users: {
        u1: { 'client-certificate': 'sub/c.crt', 'client-key': '/abs/c.key' },
        u2: { token: 't', username: 'n', password: 'p' },
      },
    });
    const theirs = new KubeConfig();
    theirs.loadFromString(text);
    theirs.makePathsAbsolute('/etc/kube');
    const ours = readKubeconfig(text, '/etc/kube/config');
    expect(ours.current).toBe(theirs.getCurrentContext());
    for (const cluster of theirs.getClusters()) {
      const { server, caFile, caData, serverName, proxyUrl, isInsecure } = ours.clusters.get(cluster.name) ?? {};
      expect({ server, caFile, caData, serverName, proxyUrl, isInsecure }).toEqual({
        server: cluster.server,
        caFile: cluster.caFile,
        caData: cluster.caData,
        serverName: cluster.tlsServerName,
        proxyUrl: cluster.proxyUrl,
        isInsecure: cluster.skipTLSVerify,
      });
    }
    for (const user of theirs.getUsers()) {
      const { certFile, keyFile, token, username, password } = ours.users.get(user.name) ?? {};
      const { certFile: cert, keyFile: key, token: bearer, username: name, password: word } = user;
      expect({ certFile, keyFile, token, username, password }).toEqual({
        certFile: cert,
        keyFile: key,
        token: bearer,
        username: name,
        password: word,
      });
    }
  });

  test('have a plugin beside the file when its command has a path', () => {
    const exec = (command: string): object => ({
      exec: { apiVersion: 'v1', command, args: ['a', 1], env: [{ name: 'A', value: 'b' }] },
    });
    const { users } = readKubeconfig(
      configText({ users: { near: exec('./bin/login'), far: exec('login') } }),
      '/etc/kube/config',
    );
    expect(users.get('near')?.exec).toMatchObject({ command: '/etc/kube/bin/login', args: ['a'], env: { A: 'b' } });
    expect(users.get('far')?.exec).toMatchObject({ command: 'login', wantsClusterInfo: false });
  });
});

describe('a change of the files', () => {
  const started = async (user: object = { token: 'first' }) => {
    const server = await startServer({ tokens: ['first', 'second'] });
    server.rule('/version', json({ major: '1', minor: '34' }));
    const clock = new ManualClock();
    const opened = await openTest(server, user, { watchFiles: true, clock });
    let changes = 0;
    opened.directory.onDidChange(() => (changes += 1));
    /** Lets the files be looked at until they have changed so often. */
    const changed = (times: number): Promise<void> =>
      until(
        () => changes === times,
        () => clock.advance(lookEveryMs),
      );
    return { server, ...opened, changed };
  };

  test('is noticed also when a file is replaced, vanishes and comes back', async () => {
    const { server, directory, file, changed } = await started();
    writeFileSync(`${file}.new`, kubeconfigFor(server, {}, { server: 'https://elsewhere.test' }));
    renameSync(`${file}.new`, file);
    await changed(1);
    expect((await directory.contexts())[0]?.server).toBe('https://elsewhere.test');
    rmSync(file);
    await changed(2);
    expect(await directory.contexts()).toEqual([]);
    writeFileSync(file, kubeconfigFor(server));
    await changed(3);
    expect((await directory.contexts()).length).toBe(1);
  });

  test('that gives the user another token is used at once by what is open', async () => {
    const { server, cluster, directory, file } = await started();
    await cluster.version();
    writeFileSync(file, kubeconfigFor(server, { token: 'second' }));
    expect(await directory.open('test')).toBe(cluster);
    await cluster.version();
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer first', 'Bearer second']);
  });

  test('of the namespace alone leaves open what is open', async () => {
    const { server, cluster, directory, file } = await started();
    await cluster.version();
    writeFileSync(file, kubeconfigFor(server, { token: 'first' }).replace('namespace: data', 'namespace: other'));
    expect(await directory.open('test')).toBe(cluster);
    expect(cluster.context.namespace).toBe('other');
    await cluster.version();
    expect(server.connections).toBe(1);
  });

  test.each<[string, (url: string) => string]>([
    ['takes the context away', () => '{}'],
    ['lets the context point elsewhere', () => kubeconfigFor({ url: 'https://elsewhere.test' })],
    ['gives the context another user', (url) => kubeconfigFor({ url }).replaceAll('tester', 'somebody')],
  ])('that %s ends what is open, with a sentence', async (_what, text) => {
    const { server, cluster, directory, file } = await started();
    const maps = server.collection('/api/v1/configmaps', 'v1', 'ConfigMap');
    const ended = new Promise((resolve) => {
      cluster.watch({ group: '', version: 'v1', plural: 'configmaps', namespaced: true }, (event) => {
        if (event.type === 'ended') resolve(event.problem);
      });
    });
    await until(() => maps.watchers === 1);
    writeFileSync(file, text(server.url));
    await directory.contexts();
    expect(await ended).toMatchObject({ kind: 'configuration' });
    await expect(cluster.version()).rejects.toMatchObject({ kind: 'configuration' });
  });
});

test('nothing is contacted and nothing runs until a cluster is asked', async () => {
  const server = await startServer();
  const { directory } = await openTest(server, {
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/nowhere/plugin' },
  });
  await directory.contexts();
  await directory.open('test');
  expect(server.connections).toBe(0);
});
