import { describe, expect, test } from 'vitest';
import type { LiveContainer, LivePod } from '#core/live/objects.ts';
import type { PodHttpAccess, PodHttpAnswer } from '#core/live/podHttp.ts';
import { ClusterProblem, type Cluster, type ExecRequest, type JsonObject } from '#core/live/ports.ts';
import { RingDoor } from '#core/systems/cassandra/operations/door.ts';
import { JMX_SECRET_ANNOTATION } from '#core/systems/cassandra/node/jmxLogins.ts';
import { NodeDoor, type ToldNode } from '#core/systems/cassandra/node/nodeDoor.ts';
import { execCluster } from '#test/core/systems/cassandra/execCluster.ts';
import { endpoint, entity, healthy } from '#test/core/systems/cassandra/managementTexts.ts';
import { containerOf, metaOf, ownedBy, podOf, setOf, stateOf } from '#test/core/systems/cassandra/objects.ts';

const PASSWORD = 's3cret-of-jmx';
const OTHER = 'an0ther-password';
const netstats = { name: 'netstats', args: ['netstats'] };
const status = { name: 'status', args: ['status'] };

const section = (name: string, out: string, code = 0, error = ''): string =>
  `\n@@begin ${name}@@\n${out}\n@@error ${name}@@\n${error}\n@@end ${name} ${code}@@\n`;
const normal = section('netstats', 'Mode: NORMAL\nNot sending any streams.');
const refused = section(
  'netstats',
  '',
  1,
  "nodetool: Failed to connect to '127.0.0.1:7199' - SecurityException: 'Authentication failed! Credentials required'.",
);
const closed = section(
  'netstats',
  '',
  1,
  "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException: 'Connection refused'.",
);
const forbidden = new ClusterProblem('forbidden', 'pods "x" is forbidden: no exec.');

const api: Partial<LiveContainer> = {
  ports: [{ name: 'mgmt-api-http', port: 8080 }],
};
const labels = { 'cassandra.datastax.com/cluster': 'Shop', 'cassandra.datastax.com/datacenter': 'dc1' };
const set = setOf('shop-dc1-r1-sts', { replicas: 3 });

function podWith(container: Partial<LiveContainer>, more: Partial<LivePod> = {}): LivePod {
  const owners = [ownedBy('StatefulSet', set.meta.name)];
  const meta = metaOf('shop-dc1-r1-sts-0', { labels, owners });
  return podOf(set, 0, { meta, containers: [containerOf('k8ssandra/cass-management-api:4.1.5', container)], ...more });
}

const plainPod = podOf(set, 0, { containers: [containerOf('cassandra:5.0.5')] });
const apiPod = podWith(api);

const secret = (texts: Readonly<Record<string, string>>): JsonObject => ({
  data: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
});
const owned = (more: JsonObject = {}): JsonObject => ({
  metadata: {
    name: 'shop-dc1-r1-sts',
    ownerReferences: [{ apiVersion: 'cassandra.datastax.com/v1beta1', kind: 'CassandraDatacenter', name: 'dc1' }],
    ...more,
  },
});

interface World {
  readonly exec: (request: ExecRequest) => string | ClusterProblem;
  readonly http?: (path: string) => string | PodHttpAnswer | ClusterProblem;
  readonly connect?: ClusterProblem;
  /** By `plural/name`. */
  readonly objects?: Readonly<Record<string, JsonObject | ClusterProblem>>;
}

interface Asked {
  readonly cluster: Cluster;
  readonly execs: ExecRequest[];
  readonly accesses: PodHttpAccess[];
  readonly paths: string[];
  readonly open: () => number;
}

/** A cluster in which one node is. */
function worldOf({ exec, http, connect, objects = {} }: World): Asked {
  const execs: ExecRequest[] = [];
  const accesses: PodHttpAccess[] = [];
  const paths: string[] = [];
  let open = 0;
  const cluster: Cluster = {
    ...execCluster(async (request) => {
      execs.push(request);
      const said = exec(request);
      if (said instanceof ClusterProblem) throw said;
      return { exitCode: 0, stdout: said, stderr: '', isCut: false };
    }),
    async get({ plural, name }) {
      const found = objects[`${plural}/${name}`] ?? new ClusterProblem('absent', 'not found');
      if (found instanceof ClusterProblem) throw found;
      return found;
    },
    async http(access) {
      accesses.push(access);
      if (connect) throw connect;
      open += 1;
      return {
        async request({ path }) {
          paths.push(path);
          const said = http?.(path) ?? { status: 404, text: '' };
          if (said instanceof ClusterProblem) throw said;
          return typeof said === 'string' ? { status: 200, text: said } : said;
        },
        stop: () => (open -= 1),
      };
    },
  };
  return { cluster, execs, accesses, paths, open: () => open };
}

const byHealthy = (path: string): string | PodHttpAnswer => healthy[path] ?? { status: 404, text: '' };
const nothing = (): string => '';

async function modeOf(door: NodeDoor, pod: LivePod): Promise<string> {
  const told = await door.ask({ pod, container: 'cassandra' }, [netstats]);
  return told.kind === 'told' ? (told.answer.answer.netstats?.mode ?? 'no mode') : told.why.message;
}

const problemOf = (work: Promise<unknown>): Promise<ClusterProblem | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof ClusterProblem ? error : undefined),
  );

/** JMX that takes this password and no other, whatever the way it came. */
const jmxWith =
  (password: string) =>
  ({ stdin = '' }: ExecRequest): string =>
    stdin.split('\n')[1] === password ? normal : refused;

describe('the way into a node', () => {
  test('is nodetool, also where there is a management API', async () => {
    const { cluster, accesses } = worldOf({ exec: () => normal, http: byHealthy });
    expect(await modeOf(new NodeDoor(cluster), apiPod)).toBe('NORMAL');
    expect(accesses).toEqual([]);
  });

  test('is the management API where nobody may exec, and that is asked once', async () => {
    const { cluster, execs, accesses, open } = worldOf({ exec: () => forbidden, http: byHealthy });
    const door = new NodeDoor(cluster);
    expect([await modeOf(door, apiPod), await modeOf(door, apiPod)]).toEqual(['NORMAL', 'NORMAL']);
    expect(execs).toHaveLength(1);
    expect(accesses[0]).toEqual({ namespace: 'data', pod: 'shop-dc1-r1-sts-0', port: 8080 });
    expect(open()).toBe(0);
  });

  test.each([
    ['no nodetool', '@@absent@@\n'],
    ['a closed JMX port', closed],
    ['no output at all', ''],
  ])('is the management API for this question where there is %s', async (_, printed) => {
    const { cluster, execs } = worldOf({ exec: () => printed, http: byHealthy });
    const door = new NodeDoor(cluster);
    expect([await modeOf(door, apiPod), await modeOf(door, apiPod)]).toEqual(['NORMAL', 'NORMAL']);
    expect(execs).toHaveLength(2);
  });

  test('ends where there is no other', async () => {
    const door = new NodeDoor(worldOf({ exec: () => forbidden }).cluster);
    expect(await problemOf(door.ask({ pod: plainPod, container: 'cassandra' }, [netstats]))).toBe(forbidden);
  });

  test('a node that answers by neither is silent, and the others can still be asked', async () => {
    const starting = new ClusterProblem('unreachable', 'shop:8080 closed the connection.');
    const both = new NodeDoor(worldOf({ exec: () => forbidden, http: () => starting }).cluster);
    expect(await modeOf(both, apiPod)).toContain('closed the connection');
    const one = new NodeDoor(worldOf({ exec: () => closed, http: () => starting }).cluster);
    expect(await modeOf(one, apiPod)).toBe('no mode');
  });

  test('when neither is allowed, both are named', async () => {
    const connect = new ClusterProblem('forbidden', 'no portforward.');
    const door = new NodeDoor(worldOf({ exec: () => forbidden, connect }).cluster);
    const problem = await problemOf(door.ask({ pod: apiPod, container: 'cassandra' }, [netstats]));
    expect(problem).toMatchObject({ kind: 'forbidden' });
    expect(problem?.message).toMatch(/no exec.*no portforward/);
  });
});

describe('a login for JMX', () => {
  const pod = (more: JsonObject): JsonObject => ({ spec: { containers: [], ...more } });
  const reference = (name: string, key: string): JsonObject => ({ valueFrom: { secretKeyRef: { name, key } } });

  test.each<[string, World['objects']]>([
    ['the superuser of cass-operator', { 'secrets/shop-superuser': secret({ username: 'shop', password: PASSWORD }) }],
    [
      'the superuser that the datacenter names',
      {
        'statefulsets/shop-dc1-r1-sts': owned(),
        'cassandradatacenters/dc1': { spec: { superuserSecretName: 'boss', clusterName: 'Shop' } },
        'secrets/boss': secret({ username: 'shop', password: PASSWORD }),
      },
    ],
    [
      'an init container that writes the password file',
      {
        'pods/shop-dc1-r1-sts-0': pod({
          initContainers: [
            {
              env: [
                { name: 'SUPERUSER_JMX_USERNAME', ...reference('own', 'username') },
                { name: 'SUPERUSER_JMX_PASSWORD', ...reference('own', 'password') },
              ],
            },
          ],
        }),
        'secrets/own': secret({ username: 'shop', password: `${PASSWORD}\n` }),
      },
    ],
    [
      'a variable in clear',
      {
        'pods/shop-dc1-r1-sts-0': pod({
          containers: [
            {
              env: [
                { name: 'JMX_USER', value: 'shop' },
                { name: 'JMX_PASSWORD', value: PASSWORD },
              ],
            },
          ],
        }),
      },
    ],
    [
      'the Secret that somebody named on the StatefulSet',
      {
        'statefulsets/shop-dc1-r1-sts': owned({ annotations: { [JMX_SECRET_ANNOTATION]: 'named' } }),
        'secrets/named': secret({ username: 'shop', password: PASSWORD }),
        'secrets/shop-superuser': secret({ username: 'shop', password: OTHER }),
      },
    ],
    [
      'the Secret that somebody named on the datacenter',
      {
        'statefulsets/shop-dc1-r1-sts': owned(),
        'cassandradatacenters/dc1': { metadata: { annotations: { [JMX_SECRET_ANNOTATION]: 'named' } } },
        'secrets/named': secret({ user: 'shop', password: PASSWORD }),
      },
    ],
  ])('is that of %s; it goes by the input, and from then on at once', async (_, objects = {}) => {
    const { cluster, execs } = worldOf({ exec: jmxWith(PASSWORD), objects });
    const door = new NodeDoor(cluster);
    expect([await modeOf(door, podWith({})), await modeOf(door, podWith({}))]).toEqual(['NORMAL', 'NORMAL']);
    expect(execs.map(({ stdin }) => stdin)).toEqual([undefined, `shop\n${PASSWORD}\n`, `shop\n${PASSWORD}\n`]);
    expect(
      execs.every(({ isStdinOpenEnded, stdin }) => (stdin === undefined) === (isStdinOpenEnded === undefined)),
    ).toBe(true);
    expect(JSON.stringify(execs.map(({ command }) => command))).not.toContain(PASSWORD);
  });

  test('a job that takes long has it too', async () => {
    const objects = { 'secrets/shop-superuser': secret({ username: 'shop', password: PASSWORD }) };
    const began = `${section('mode', 'Mode: NORMAL')}\n@@job running@@\n\n@@over@@\n`;
    const { cluster, execs } = worldOf({
      exec: ({ stdin }) => (stdin === undefined ? refused.replaceAll('netstats', 'mode') : began),
      objects,
    });
    const door = new RingDoor(cluster, new Map([['shop-dc1-r1-sts-0', 'cassandra']]));
    expect(await door.begin(podWith({}), 'run-1', ['cleanup'])).toEqual({ kind: 'running', said: '' });
    expect(execs.map(({ stdin }) => stdin)).toEqual([undefined, `shop\n${PASSWORD}\n`]);
    expect(JSON.stringify(execs.map(({ command }) => command))).not.toContain(PASSWORD);
  });

  test.each<[string, World['objects'], RegExp]>([
    [
      'none is found',
      {},
      /JMX wants a login \(.*Secret shop-superuser cannot be read\).*kubectl annotate statefulset\/shop-dc1-r1-sts data-clusters\.io\/jmx-secret=NAME/,
    ],
    [
      'it is refused',
      { 'secrets/shop-superuser': secret({ username: 'shop', password: OTHER }) },
      /login of the Secret shop-superuser is not accepted/,
    ],
    [
      'it cannot be handed over',
      { 'secrets/shop-superuser': secret({ username: 'shop', password: `${OTHER} x` }) },
      /cannot read from a file/,
    ],
    ['it is half', { 'secrets/shop-superuser': secret({ password: OTHER }) }, /has not both username and password/],
    [
      'it may not be read',
      { 'secrets/shop-superuser': new ClusterProblem('forbidden', 'no') },
      /shop-superuser cannot be read/,
    ],
  ])('when %s, that is said, without anything secret', async (_, objects, expected) => {
    const { cluster, execs } = worldOf({ exec: jmxWith(PASSWORD), objects: objects ?? {} });
    const problem = await problemOf(
      new NodeDoor(cluster).ask(
        {
          pod: podWith({ ports: [], variables: {} }, { containers: [containerOf('cassandra:4.1')] }),
          container: 'cassandra',
        },
        [netstats],
      ),
    );
    expect(problem).toMatchObject({ kind: 'configuration' });
    expect(problem?.message).toMatch(expected);
    const told = JSON.stringify([
      problem?.message,
      String(problem),
      problem?.stack,
      problem?.cause,
      execs.map(({ command }) => command),
    ]);
    for (const one of [PASSWORD, OTHER]) expect(told).not.toContain(one);
  });

  test('a password that was changed is read again', async () => {
    let password = OTHER;
    const objects = {
      get 'secrets/shop-superuser'() {
        return secret({ username: 'shop', password });
      },
    };
    const door = new NodeDoor(worldOf({ exec: jmxWith(PASSWORD), objects }).cluster);
    const pod = podWith({}, { containers: [containerOf('cassandra:4.1')] });
    expect(await problemOf(modeOf(door, pod))).toMatchObject({ kind: 'configuration' });
    password = PASSWORD;
    expect(await modeOf(door, pod)).toBe('NORMAL');
  });

  test('where there is none, the management API is asked instead, from then on at once', async () => {
    const { cluster, execs } = worldOf({ exec: () => refused, http: byHealthy });
    const door = new NodeDoor(cluster);
    expect([await modeOf(door, apiPod), await modeOf(door, apiPod)]).toEqual(['NORMAL', 'NORMAL']);
    expect(execs).toHaveLength(1);
  });
});

describe('certificates of the management API', () => {
  const tls = podWith(
    {
      ...api,
      variables: { MGMT_API_TLS_CERT_FILE: '/management-api-certs/tls.crt' },
      mounts: [{ volume: 'certs', path: '/management-api-certs' }],
    },
    { volumes: [{ name: 'certs', source: 'secret', target: 'server-certs' }] },
  );
  const pem = (name: string): JsonObject =>
    secret({ 'ca.crt': `ca of ${name}`, 'tls.crt': `cert of ${name}`, 'tls.key': PASSWORD });
  const datacenter = {
    spec: { managementApiAuth: { manual: { clientSecretName: 'client-certs', serverSecretName: 'server-certs' } } },
  };

  test.each<[string, World['objects'], string]>([
    [
      'of the Secret that the datacenter names for clients',
      {
        'statefulsets/shop-dc1-r1-sts': owned(),
        'cassandradatacenters/dc1': datacenter,
        'secrets/client-certs': pem('client'),
      },
      'client',
    ],
    ['of the server where the datacenter may not be read', { 'secrets/server-certs': pem('server') }, 'server'],
  ])('are those %s', async (_, objects, name) => {
    const { cluster, accesses } = worldOf({ exec: () => forbidden, http: byHealthy, objects: objects ?? {} });
    expect(await modeOf(new NodeDoor(cluster), tls)).toBe('NORMAL');
    expect(accesses[0]?.tls).toEqual({ ca: `ca of ${name}`, cert: `cert of ${name}`, key: PASSWORD });
  });

  test.each<[string, World['objects'], RegExp]>([
    ['is missing', {}, /wants a certificate, and the Secret server-certs cannot be read: there is none/],
    [
      'lacks a key',
      { 'secrets/server-certs': secret({ 'tls.key': PASSWORD }) },
      /has not all of ca.crt, tls.crt and tls.key/,
    ],
  ])('a Secret that %s is named, without what is in it', async (_, objects, expected) => {
    const { cluster } = worldOf({ exec: () => forbidden, objects: objects ?? {} });
    const problem = await problemOf(new NodeDoor(cluster).ask({ pod: tls, container: 'cassandra' }, [netstats]));
    expect(problem?.message).toMatch(expected);
    expect(JSON.stringify([problem?.message, problem?.stack])).not.toContain(PASSWORD);
  });
});

describe('a drain by the management API', () => {
  const drain = [
    { name: 'binary', args: ['disablebinary'] },
    { name: 'drain', args: ['drain'] },
  ];
  const isOver = { status: 500, text: 'Internal connection to Cassandra closed' };

  test('counts as long as its process runs, although the API closes itself with it', async () => {
    let isDrained = false;
    const { cluster, paths } = worldOf({
      exec: () => forbidden,
      http: (path) => {
        if (path === '/api/v0/ops/node/drain') isDrained = true;
        return path.includes('drain') ? 'OK' : isDrained ? isOver : byHealthy(path);
      },
    });
    const door = new NodeDoor(cluster);
    const ran = await door.run({ pod: apiPod, container: 'cassandra' }, drain);
    expect(ran.kind === 'told' && [...ran.answer.results]).toEqual([
      ['drain', { exitCode: 0, stdout: '', stderr: '' }],
    ]);
    expect(paths).toEqual(['/api/v0/ops/node/drain']);
    expect(await modeOf(door, apiPod)).toBe('DRAINED');
    const restarted = { ...apiPod, states: [stateOf({ runningSince: 1 })] };
    expect(await modeOf(door, restarted)).toBe('no mode');
  });

  test('that failed counts for nothing', async () => {
    const { cluster } = worldOf({
      exec: () => forbidden,
      http: (path) => (path.includes('drain') ? { status: 500, text: 'no' } : byHealthy(path)),
    });
    const door = new NodeDoor(cluster);
    await door.run({ pod: apiPod, container: 'cassandra' }, drain);
    expect(await modeOf(door, apiPod)).toBe('NORMAL');
  });
});

describe('what gates are told', () => {
  const doorTo = (cluster: Cluster): RingDoor => new RingDoor(cluster, new Map([[apiPod.meta.name, 'cassandra']]));
  const told = async (http: World['http']): Promise<ToldNode['answer'] | undefined> =>
    doorTo(worldOf({ exec: () => forbidden, ...(http ? { http } : {}) }).cluster).ask(apiPod, [status, netstats]);

  test('a node that cannot tell all it was asked has no view of the ring', async () => {
    expect((await told(byHealthy))?.status?.rows).toHaveLength(3);
    const half = await told((path) => (path.includes('streaminfo') ? { status: 500, text: 'no' } : byHealthy(path)));
    expect([half?.status, half?.netstats]).toEqual([undefined, undefined]);
    const lost = await told((path) => (path.includes('endpoints') ? entity([endpoint(1)]) : byHealthy(path)));
    expect(lost?.status).toBeUndefined();
  });

  test('ranges come by either way, and disks by none but the container', async () => {
    const { cluster } = worldOf({ exec: () => forbidden, http: byHealthy });
    const ranges = await doorTo(cluster).ranges(apiPod, ['shop', 'other']);
    expect([...ranges].map(([keyspace, list]) => [keyspace, list.length])).toEqual([['shop', 2]]);
    expect(await problemOf(doorTo(cluster).disk(apiPod, '/var/lib/cassandra'))).toBe(forbidden);
    expect(await doorTo(worldOf({ exec: nothing }).cluster).disk(apiPod, '/x')).toBeUndefined();
  });
});
