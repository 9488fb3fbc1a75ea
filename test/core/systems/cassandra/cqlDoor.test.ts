import { describe, expect, test } from 'vitest';
import type { CqlAccess, CqlConnection } from '#core/live/cql.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { cqlPortOf } from '#core/systems/cassandra/cqlPort.ts';
import { CqlDoor } from '#core/systems/cassandra/operations/cqlDoor.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { podOf, podsOf, setOf } from '#test/core/systems/cassandra/objects.ts';

const set = setOf('cassandra');
const containers = new Map(['cassandra-0', 'cassandra-1', 'cassandra-2'].map((name) => [name, 'cassandra']));
const [first = podOf(set, 0), ...others] = podsOf(set);

interface Setup {
  readonly door: CqlDoor;
  readonly asked: string[];
  readonly clock: FakeClock;
  open: ReadonlySet<string>;
  stopped: number;
}

/** `refusal`: what those are met with that are not open. */
function setup(open: readonly string[], refusal = new ClusterProblem('unreachable', 'Nothing listens there.')): Setup {
  const cluster = new FakeCluster();
  const clock = new FakeClock();
  const found: Setup = {
    door: new CqlDoor(cluster, clock, containers),
    asked: [],
    clock,
    open: new Set(open),
    stopped: 0,
  };
  cluster.onCql = ({ pod, port }: CqlAccess): CqlConnection => {
    found.asked.push(`${pod} ${port}`);
    if (!found.open.has(pod)) throw refusal;
    return {
      offers: { CQL_VERSION: ['3.4.7'] },
      isEncrypted: false,
      query: () => Promise.reject(new Error('Nothing is asked for.')),
      stop: () => void (found.stopped += 1),
    };
  };
  return found;
}

describe('the CQL port of a node, asked through a tunnel', () => {
  test('an answer to OPTIONS is all that is wanted, and nothing stays open', async () => {
    const found = setup(['cassandra-0']);
    expect(await found.door.ask(first, others)).toEqual({
      kind: 'open',
      evidence: 'port 9042 of cassandra-0 answered OPTIONS (CQL 3.4.7, plain text)',
    });
    expect([found.asked, found.stopped]).toEqual([['cassandra-0 9042'], 1]);
  });

  test('silence is a closed port where another port of the ring answers, which is asked only once', async () => {
    const found = setup(['cassandra-2']);
    expect(await found.door.ask(first, others)).toEqual({ kind: 'closed', why: 'Nothing listens there' });
    expect(found.asked).toEqual(['cassandra-0 9042', 'cassandra-1 9042', 'cassandra-2 9042']);
    expect((await found.door.ask(first, others)).kind).toBe('closed');
    expect(found.asked).toHaveLength(4);
  });

  test('where no port answers, nothing is known, for a minute; then it is tried again', async () => {
    const found = setup([]);
    expect(await found.door.ask(first, others)).toEqual({
      kind: 'unknown',
      why: 'no port of this ring answers through a tunnel: Nothing listens there',
    });
    found.open = new Set(['cassandra-0']);
    expect((await found.door.ask(first, others)).kind).toBe('unknown');
    expect(found.asked).toHaveLength(3);
    await found.clock.pass(60_000);
    expect((await found.door.ask(first, others)).kind).toBe('open');
  });

  test('others that are not ready tell nothing of the way', async () => {
    const found = setup([]);
    await found.door.ask(
      first,
      others.map((pod) => ({ ...pod, isReady: false })),
    );
    expect(found.asked).toEqual(['cassandra-0 9042']);
  });

  test.each(['forbidden', 'certificate', 'unauthenticated'] as const)(
    '%s is about the way, and no other is asked',
    async (kind) => {
      const found = setup([], new ClusterProblem(kind, 'You may not forward ports.'));
      expect(await found.door.ask(first, others)).toEqual({ kind: 'unknown', why: 'You may not forward ports' });
      expect(found.asked).toHaveLength(1);
    },
  );

  test('a wish to end it ends it', async () => {
    const found = setup([], new ClusterProblem('cancelled', 'The connection to the cluster was closed.'));
    await expect(found.door.ask(first, others)).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('the port at which a node serves clients', () => {
  const portOf = (...ports: readonly (readonly [name: string, port: number])[]): number => {
    const [container] = first.containers;
    const declared = ports.map(([name, port]) => ({ name, port }));
    return cqlPortOf(
      { containers: container ? [{ ...container, name: 'cassandra', ports: declared }] : [] },
      'cassandra',
    );
  };

  test.each([
    [9042, []],
    [
      9042,
      [
        ['intra', 7000],
        ['cql', 9042],
      ],
    ],
    [
      9042,
      [
        ['cql', 9142],
        ['native', 9042],
      ],
    ],
    [
      19_042,
      [
        ['jmx', 7199],
        ['cql', 19_042],
      ],
    ],
    [
      9142,
      [
        ['jmx', 7199],
        ['tls', 9142],
      ],
    ],
  ] as const)('%i', (port, ports) => {
    expect(portOf(...ports)).toBe(port);
  });
});
