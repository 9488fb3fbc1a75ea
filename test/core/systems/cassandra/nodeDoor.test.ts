import { describe, expect, test } from 'vitest';
import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import { NodeDoor, type ToldNode } from '#core/systems/cassandra/node/nodeDoor.ts';
import { RingDoor } from '#core/systems/cassandra/operations/door.ts';
import { endpoint, entity } from '#test/core/systems/cassandra/managementTexts.ts';
import {
  api,
  apiPod,
  byHealthy,
  closed,
  forbidden,
  modeOf,
  netstats,
  normal,
  owned,
  PASSWORD,
  plainPod,
  podWith,
  problemOf,
  secret,
  type World,
  worldOf,
} from '#test/core/systems/cassandra/nodeWorld.ts';
import { stateOf } from '#test/core/systems/cassandra/objects.ts';

const status = { name: 'status', args: ['status'] };
const nothing = (): string => '';

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

  test('a cluster that cannot be reached is no node that is silent', async () => {
    const gone = new ClusterProblem('unreachable', 'The API server does not answer.');
    const door = new NodeDoor(worldOf({ exec: () => gone, connect: gone }).cluster);
    expect(await problemOf(modeOf(door, apiPod))).toMatchObject({ kind: 'unreachable' });
  });

  test('when neither is allowed, both are named', async () => {
    const connect = new ClusterProblem('forbidden', 'no portforward.');
    const door = new NodeDoor(worldOf({ exec: () => forbidden, connect }).cluster);
    const problem = await problemOf(door.ask({ pod: apiPod, container: 'cassandra' }, [netstats]));
    expect(problem).toMatchObject({ kind: 'forbidden' });
    expect(problem?.message).toMatch(/no exec.*no portforward/);
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
