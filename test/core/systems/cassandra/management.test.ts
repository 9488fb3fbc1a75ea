import { describe, expect, test } from 'vitest';
import type { PodHttp, PodHttpAnswer } from '#core/live/podHttp.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import {
  readCompactions,
  readKeyspaces,
  readRanges,
  readReplication,
  readSchemas,
  readStreams,
} from '#core/systems/cassandra/management/answers.ts';
import { askByManagement, drainByManagement } from '#core/systems/cassandra/management/askNode.ts';
import { modeFrom, ownEndpoint, readEndpoints, statusFrom } from '#core/systems/cassandra/management/endpoints.ts';
import { commandsFor, type NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import {
  compacting,
  endpoint,
  entity,
  healthy,
  HOSTS,
  streaming,
  threeUp,
} from '#test/core/systems/cassandra/managementTexts.ts';
import { makeRandom } from '#test/support/random.ts';

const node = { member: 'shop-0', podUid: 'u0', podIp: '10.1.0.10' };

/** Answers by path; what is not there is not found. */
function apiOf(texts: Readonly<Record<string, string | PodHttpAnswer>>): { http: PodHttp; asked: string[] } {
  const asked: string[] = [];
  const http: PodHttp = {
    request({ method, path }) {
      asked.push(`${method} ${path}`);
      const text = texts[path] ?? { status: 404, text: 'not found' };
      return Promise.resolve(typeof text === 'string' ? { status: 200, text } : text);
    },
    stop: () => undefined,
  };
  return { http, asked };
}

const ask = (texts: Readonly<Record<string, string | PodHttpAnswer>>): Promise<NodeAnswer> =>
  askByManagement(apiOf(texts).http, node, commandsFor('4.1.5'));

describe('a node asked by its management API', () => {
  test('answers like one that is asked by nodetool, and leaves open what it is not told', async () => {
    const answer = await ask(healthy);
    expect(answer.failures).toEqual([]);
    expect(answer.info).toMatchObject({ hostId: HOSTS[0], isServingClients: true, rack: 'r1', isJoined: true });
    expect(
      answer.status?.rows.map(({ liveness, state, address, hostId, loadBytes, tokens, owns }) => [
        liveness,
        state,
        address,
        hostId,
        loadBytes,
        tokens,
        owns,
      ]),
    ).toEqual(
      HOSTS.map((host, index) => ['up', 'normal', `10.1.0.${10 + index}`, host, 123_456_780, undefined, undefined]),
    );
    expect(answer.netstats).toEqual({ mode: 'NORMAL', streams: [] });
    expect(answer.cluster).toMatchObject({
      schemas: [
        { version: '2207c2a9-f598-3971-986b-2926e09e239d', addresses: ['10.1.0.10', '10.1.0.11', '10.1.0.12'] },
      ],
      unreachable: [],
      releases: [{ version: '4.1.5', addresses: ['10.1.0.10', '10.1.0.11', '10.1.0.12'] }],
      keyspaces: [
        { keyspace: 'system', strategy: 'LocalStrategy', factors: {} },
        { keyspace: 'system_auth', strategy: 'NetworkTopologyStrategy', factors: { dc1: 3 } },
        { keyspace: 'shop', strategy: 'NetworkTopologyStrategy', factors: { dc1: 3 } },
      ],
    });
    expect(answer.compactions).toEqual({ pending: undefined, running: [] });
    expect(answer.hints).toBeUndefined();
  });

  test('is asked for nothing but what is wanted', async () => {
    const { http, asked } = apiOf(healthy);
    await askByManagement(http, node, [{ name: 'status', args: ['status'] }]);
    expect(asked).toEqual(['GET /api/v0/metadata/endpoints']);
  });

  test('a process that is not there yet, or no more, is a node that does not answer', async () => {
    const closed = { status: 500, text: 'Internal connection to Cassandra closed' };
    const { http, asked } = apiOf({ ...healthy, '/api/v0/metadata/endpoints': closed });
    const answer = await askByManagement(http, node, commandsFor(''));
    expect(asked.filter((path) => !path.includes('compactions'))).toEqual(['GET /api/v0/metadata/endpoints']);
    expect([answer.info, answer.status, answer.netstats, answer.cluster]).toEqual(Array(4).fill(undefined));
    expect(answer.failures[0]).toEqual({ command: 'status', failure: { kind: 'unreachable', text: closed.text } });
  });

  test('what it cannot tell is a failure and never nothing: streams, replication, itself', async () => {
    const broken = await ask({ ...healthy, '/api/v0/ops/node/streaminfo': entity('none') });
    expect(broken.netstats).toBeUndefined();
    expect(broken.failures.map(({ command }) => command)).toEqual(['netstats']);
    const { [`/api/v0/ops/keyspace/replication?keyspaceName=shop`]: _, ...without } = healthy;
    const partly = await ask(without);
    expect([partly.cluster?.keyspaces, partly.failures.map(({ failure }) => failure.kind)]).toEqual([
      undefined,
      ['refused'],
    ]);
    const names = JSON.stringify(Array.from({ length: 301 }, (_one, index) => `k${index}`));
    const many = await ask({ ...healthy, '/api/v0/ops/keyspace': names });
    expect([many.cluster?.keyspaces, many.failures[0]?.failure.text]).toEqual([
      undefined,
      'it has more than 300 keyspaces',
    ]);
    const stranger = await ask({ ...healthy, '/api/v0/metadata/endpoints': entity([endpoint(1), endpoint(2)]) });
    expect([stranger.info, stranger.netstats]).toEqual([undefined, undefined]);
    expect(stranger.failures[0]?.failure.text).toContain('shop-0');
  });

  test.each<[PodHttpAnswer | ClusterProblem, string | undefined]>([
    [{ status: 200, text: 'OK' }, undefined],
    [{ status: 500, text: 'Query timed out after PT30S' }, 'timeout'],
    [new ClusterProblem('unreachable', 'shop-0:8080 did not answer in time.'), 'timeout'],
    [{ status: 500, text: 'Cannot drain' }, 'server'],
  ])('a drain that is answered by %j', async (said, kind) => {
    const { http, asked } = apiOf({ '/api/v0/ops/node/drain': said instanceof ClusterProblem ? '' : said });
    const failing: PodHttp = { ...http, request: () => Promise.reject(said) };
    const result = await drainByManagement(said instanceof ClusterProblem ? failing : http);
    expect(failureOf(result)?.kind).toBe(kind);
    if (!(said instanceof ClusterProblem)) expect(asked).toEqual(['POST /api/v0/ops/node/drain']);
  });
});

describe('what gossip tells of a ring', () => {
  const rows = (...states: readonly object[]): readonly string[] =>
    statusFrom(readEndpoints(entity(states)) ?? []).rows.map(
      ({ liveness, state, address }) => `${liveness} ${state} ${address}`,
    );

  test.each([
    ['NORMAL,1', 'true', 'up normal'],
    ['shutdown,true', 'false', 'down normal'],
    ['BOOT,1', 'true', 'up joining'],
    ['BOOT_REPLACE,10.1.0.9:7000', 'true', 'up joining'],
    ['LEAVING,1', 'true', 'up leaving'],
    ['MOVING,1', 'true', 'up moving'],
    ['NORMAL,1', '', 'unknown normal'],
  ])('%s, alive %s, is %s', (status, alive, expected) => {
    const states = endpoint(1, { STATUS: status, STATUS_WITH_PORT: status, IS_ALIVE: alive });
    expect(rows(states)).toEqual([`${expected} 10.1.0.11`]);
  });

  test.each(['LEFT,1,2', 'removed,x', ''])('who is %j is no member', (status) => {
    expect(rows(endpoint(0), endpoint(1, { STATUS: status, STATUS_WITH_PORT: status }))).toEqual([
      'up normal 10.1.0.10',
    ]);
  });

  test('an address that was left behind is not a second node, in whatever order it comes', () => {
    const old = endpoint(1, { ENDPOINT_IP: '10.1.0.99', IS_ALIVE: 'false' });
    expect(rows(old, endpoint(1))).toEqual(['up normal 10.1.0.11']);
    expect(rows(endpoint(1), old)).toEqual(['up normal 10.1.0.11']);
  });

  test('a node that announced its shutdown and still answers is draining, whatever it calls itself', () => {
    const own = ownEndpoint(
      readEndpoints(entity([endpoint(0, { STATUS_WITH_PORT: 'shutdown,true' })])) ?? [],
      '10.1.0.10',
    );
    expect(modeFrom(own)).toBe('DRAINING');
    expect(modeFrom(undefined)).toBe('');
  });

  test('a node that broadcasts another address is found by that of its pod', () => {
    const elsewhere = endpoint(1, { ENDPOINT_IP: '192.0.2.1' });
    expect(ownEndpoint(readEndpoints(entity([endpoint(0), elsewhere])) ?? [], '10.1.0.11')?.hostId).toBe(HOSTS[1]);
  });
});

describe('other answers', () => {
  test('streams, with how far they are', () => {
    expect(readStreams(streaming)).toEqual([
      {
        operation: 'Bootstrap',
        planId: 'b6aa21f0-2f2e-11ee-8a3b-0242ac120003',
        sessions: [
          {
            peer: '10.1.0.12',
            receiving: { files: 12, bytes: 1_048_576, doneFiles: 3, doneBytes: 262_144 },
            sending: undefined,
          },
        ],
      },
    ]);
    expect(readStreams(entity([{ x: [] }]))?.[0]?.sessions).toEqual([]);
  });

  test('compactions, among them those of repairs', () => {
    expect(readCompactions(compacting)?.running).toEqual([
      {
        id: '75e1f2a0-2f2e-11ee-8a3b-0242ac120003',
        type: 'Validation',
        keyspace: 'shop',
        table: 'orders',
        completed: 250,
        total: 1000,
        unit: 'bytes',
        percent: 25,
      },
    ]);
  });

  test('schemas, without those that could not be learnt', () => {
    expect(readSchemas('{"a-1":["10.1.0.10"],"UNREACHABLE":["10.1.0.11"]}')).toEqual({
      schemas: [{ version: 'a-1', addresses: ['10.1.0.10'] }],
      unreachable: ['10.1.0.11'],
    });
  });

  test('ranges keep every digit of their tokens', () => {
    expect(readRanges(healthy['/api/v2/tokens/rangetoendpoint?keyspaceName=shop'] ?? '')).toEqual([
      { start: '-9223372036854775807', end: '-12', addresses: ['10.1.0.10', '10.1.0.11'] },
      { start: '-12', end: '9223372036854775801', addresses: ['10.1.0.12'] },
    ]);
  });

  test('a keyspace that is no name makes the whole list unknown', () => {
    expect(readKeyspaces('["shop"," x"]')).toBeUndefined();
    expect(readReplication('shop', '{"class":"x","__proto__":"3"}')?.factors).toEqual({});
  });
});

describe('garbage', () => {
  const readers = [
    readEndpoints,
    readStreams,
    readSchemas,
    readCompactions,
    readKeyspaces,
    readRanges,
    (text: string) => readReplication('x', text),
  ];

  test.each([
    '',
    'null',
    '[]',
    '{}',
    '"x"',
    '<html>',
    '{"entity":null}',
    '{"entity":{}}',
    '[[]]',
    '{"entity":[1,null,[]]}',
  ])('%j is no answer of a ring', (text) => {
    expect(readEndpoints(text)).toBeUndefined();
    for (const read of readers) expect(() => read(text)).not.toThrow();
  });

  test('whatever is changed in an answer, nothing throws, and nothing unprintable comes through', () => {
    const random = makeRandom(7);
    const texts = [threeUp, streaming, compacting, ...Object.values(healthy)];
    const strange = [
      '\u001b[2J',
      String.raw`\u001b[2J`,
      String.raw`\u202e`,
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      'null',
      '1e999',
      '-',
      '\u202e',
      '{"a":',
      '9'.repeat(40),
    ];
    for (let times = 0; times < 3000; times += 1) {
      const text = texts[random.below(texts.length)] ?? '';
      const at = random.below(text.length);
      const cut = random.below(12);
      const inserted = strange[random.below(strange.length)] ?? '';
      const changed = text.slice(0, at) + inserted + text.slice(at + cut);
      for (const read of readers) expect(JSON.stringify(read(changed)) ?? '').not.toMatch(/\\u001b|\u202e/);
    }
  });
});
