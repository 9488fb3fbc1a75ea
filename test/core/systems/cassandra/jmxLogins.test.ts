import { describe, expect, test } from 'vitest';
import { ClusterProblem, type JsonObject } from '#core/live/ports.ts';
import { JMX_SECRET_ANNOTATION } from '#core/systems/cassandra/node/jmxLogins.ts';
import { NodeDoor } from '#core/systems/cassandra/node/nodeDoor.ts';
import { RingDoor } from '#core/systems/cassandra/operations/door.ts';
import {
  apiPod,
  byHealthy,
  jmxWith,
  modeOf,
  netstats,
  OTHER,
  owned,
  PASSWORD,
  podWith,
  problemOf,
  refused,
  secret,
  section,
  type World,
  worldOf,
} from '#test/core/systems/cassandra/nodeWorld.ts';
import { containerOf } from '#test/core/systems/cassandra/objects.ts';

describe('a login for JMX', () => {
  const pod = (more: JsonObject): JsonObject => ({ spec: { containers: [], ...more } });
  const reference = (name: string, key: string): JsonObject => ({ valueFrom: { secretKeyRef: { name, key } } });

  test.each<[string, World['objects']]>([
    [
      'the superuser of a cluster whose name Kubernetes would not take',
      {
        'statefulsets/shop-dc1-r1-sts': owned(),
        'cassandradatacenters/dc1': { spec: { clusterName: '1 My_Shop!' } },
        'secrets/my-shop-superuser': secret({ username: 'shop', password: PASSWORD }),
      },
    ],
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
      /JMX wants a login \(.*Secret shop-superuser cannot be read\).*kubectl -n data annotate statefulset\/shop-dc1-r1-sts data-clusters\.io\/jmx-secret=NAME/,
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
