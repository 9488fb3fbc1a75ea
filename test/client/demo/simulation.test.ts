import { beforeAll, describe, expect, test } from 'vitest';
import { nodetool } from '#client/cluster/demo/simulation/cassandra/nodetool.ts';
import type { RingSimulation } from '#client/cluster/demo/simulation/cassandra/ring.ts';
import type { KafkaSimulation } from '#client/cluster/demo/simulation/kafka/simulation.ts';
import { kinds } from '#client/cluster/demo/simulation/kinds.ts';
import { isPodReady, recordOf, type Pod } from '#client/cluster/demo/simulation/objects.ts';
import type { Simulation } from '#client/cluster/demo/simulation/simulation.ts';
import { addCassandraRings } from '#client/cluster/demo/simulation/scenario/cassandraRings.ts';
import { addKafkaClusters } from '#client/cluster/demo/simulation/scenario/kafkaClusters.ts';
import { merge, partOf, playedSimulation, type SteppedSimulation } from './steppedTime.ts';

function podOf({ world }: Simulation, namespace: string, name: string): Pod {
  const pod = world.pod(namespace, name);
  if (pod === undefined) throw new Error(`There is no pod ${name}`);
  return pod;
}

function kafkaOf({ members }: Simulation, key: string): KafkaSimulation {
  const kafka = members.kafka.get(key);
  if (kafka === undefined) throw new Error(`There is no Kafka cluster ${key}`);
  return kafka;
}

function ringOf({ members }: Simulation, key: string): RingSimulation {
  const ring = members.rings.get(key);
  if (ring === undefined) throw new Error(`There is no ring ${key}`);
  return ring;
}

const outOfSync = (kafka: KafkaSimulation): number =>
  kafka.partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length;

/** How one node of a ring sees the others, by their letters. */
function statusSeen(simulation: Simulation, key: string, observer: number): string[] {
  const ring = ringOf(simulation, key);
  const now = simulation.world.now();
  const node = ring.nodes[observer];
  if (node === undefined) throw new Error('There is no such node');
  const { stdout } = nodetool(ring, node, ['status'], now).finish(now);
  return [...stdout.matchAll(/^([UD][NJ]) /gm)].map(([, state = '']) => state);
}

/** The whole state as text. */
const everything = ({ world }: Simulation): string => JSON.stringify(kinds.map((kind) => world.store.list(kind)));

describe('a simulation', () => {
  test('is the same for the same seed, and another for another', () => {
    const [first, second, other] = [playedSimulation(3), playedSimulation(3), playedSimulation(4)];
    for (const { simulation, advance } of [first, second, other]) {
      simulation.world.deletePod(podOf(simulation, 'payments', 'ledger-brokers-1'));
      advance(60_000);
    }
    expect(everything(first.simulation)).toBe(everything(second.simulation));
    expect(everything(first.simulation)).not.toBe(everything(other.simulation));
  });
});

describe('the troubles of the scenario', () => {
  let stepped: SteppedSimulation;
  beforeAll(() => {
    stepped = playedSimulation();
  });

  test('a broker is killed for its memory, over and over, and partitions are under min ISR', () => {
    const { simulation } = stepped;
    const [status] = podOf(simulation, 'shop', 'orders-1').status.containerStatuses;
    expect(status?.restartCount).toBeGreaterThan(3);
    expect(status?.lastState.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    const audit = kafkaOf(simulation, 'shop/orders').topics.get('audit');
    expect(audit?.partitions.filter(({ isr }) => isr.length < 2).length).toBe(3);
  });

  test('a drained node is Ready, calls itself UN, and is DN for the others, which keep hints for it', () => {
    const { simulation } = stepped;
    expect(isPodReady(podOf(simulation, 'shop', 'catalog-1'))).toBe(true);
    expect(statusSeen(simulation, 'shop/catalog', 1)[1]).toBe('UN');
    expect(statusSeen(simulation, 'shop/catalog', 0)).toEqual(['UN', 'DN', 'UN']);
    const ring = ringOf(simulation, 'shop/catalog');
    const drained = ring.nodes[1]?.hostId ?? '';
    expect(ring.nodes[0]?.hints.get(drained)?.files).toBeGreaterThan(10);
  });

  test('a Spark driver has failed twice and waits for its next attempt', () => {
    const status = recordOf(stepped.simulation.world.get('SparkApplication', 'analytics', 'fraud-scores')?.['status']);
    expect(status).toMatchObject({ executionAttempts: 2, applicationState: { state: 'FAILING' } });
  });

  test('a worker of a TFJob is restarted with exit code 137', () => {
    const [status] = podOf(stepped.simulation, 'analytics', 'mnist-worker-1').status.containerStatuses;
    expect(status?.lastState.terminated?.exitCode).toBe(137);
    expect(status?.restartCount).toBeGreaterThan(2);
  });

  test('everything else is well', () => {
    const { simulation } = stepped;
    const troubled = /^(?:orders-1|fraud-scores-driver|mnist-worker-1)$/;
    const unready = simulation.world.pods().filter((pod) => !isPodReady(pod) && !troubled.test(pod.metadata.name));
    expect(unready.map(({ metadata }) => metadata.name)).toEqual([]);
    expect(outOfSync(kafkaOf(simulation, 'payments/ledger'))).toBe(0);
    expect(statusSeen(simulation, 'profiles/profiles', 0)).toEqual(Array.from({ length: 6 }, () => 'UN'));
  });
});

describe('repairs', () => {
  test('with memory enough the broker stays and all partitions are in sync again', () => {
    const { simulation, until, advance } = partOf(addKafkaClusters);
    advance(180_000);
    const kafka = kafkaOf(simulation, 'shop/orders');
    const container = { name: 'kafka', image: 'apache/kafka:4.1.0', resources: { limits: { memory: '4Gi' } } };
    merge(simulation, 'StatefulSet', 'shop', 'orders', { spec: { template: { spec: { containers: [container] } } } });
    until(() => outOfSync(kafka) === 0 && kafka.aliveBrokers.length === 3, 1_800_000);
    advance(120_000);
    expect(outOfSync(kafka)).toBe(0);
    expect(podOf(simulation, 'shop', 'orders-1').status.containerStatuses[0]?.restartCount).toBe(0);
  });

  test('a new pod in the place of a drained node is UN for all, then gets its hints, and keeps its host id', () => {
    const { simulation, until, advance } = partOf(addCassandraRings);
    const ring = ringOf(simulation, 'shop/catalog');
    until(() => ring.nodes.every((node) => ring.isCqlOpen(node, simulation.world.now())));
    if (ring.nodes[1] !== undefined) ring.drain(ring.nodes[1], simulation.world.now());
    advance(30_000);
    const { hostId, address } = { ...ring.nodes[1] };
    simulation.world.deletePod(podOf(simulation, 'shop', 'catalog-1'));
    until(() => [0, 2].every((observer) => statusSeen(simulation, 'shop/catalog', observer)[1] === 'UN'));
    const node = ring.nodes[1];
    expect(node?.hostId).toBe(hostId);
    expect(node?.address).not.toBe(address);
    expect(node && ring.isCqlOpen(node, simulation.world.now())).toBe(false);
    until(() => node !== undefined && ring.isCqlOpen(node, simulation.world.now()));
    until(() => [...ring.nodes].every(({ hints }) => hints.size === 0));
  });
});

describe('Kafka', () => {
  test('a broker is Ready long before it is in sync', () => {
    const { simulation, until } = partOf(addKafkaClusters);
    const kafka = kafkaOf(simulation, 'payments/ledger');
    until(() => kafka.aliveBrokers.length === 3 && kafka.partitions.every(({ leader }) => leader !== -1));
    kafka.resetMeasures();
    const { uid } = podOf(simulation, 'payments', 'ledger-brokers-0').metadata;
    simulation.world.deletePod(podOf(simulation, 'payments', 'ledger-brokers-0'));
    until(() => {
      const pod = simulation.world.pod('payments', 'ledger-brokers-0');
      return pod !== undefined && pod.metadata.uid !== uid && isPodReady(pod);
    });
    expect(outOfSync(kafka)).toBeGreaterThan(0);
    expect(until(() => outOfSync(kafka) === 0)).toBeGreaterThan(2000);
    expect(kafka.measures).toMatchObject({
      underMinIsrMs: 0,
      offlineMs: 0,
      mostBrokersOutOfSync: 1,
      uncleanShutdowns: 0,
    });
  });

  test('leaders do not come back by themselves, and do when asked for', async () => {
    const { electPreferred } = await import('#client/cluster/demo/simulation/kafka/replication.ts');
    const { simulation, until } = partOf(addKafkaClusters);
    const kafka = kafkaOf(simulation, 'payments/ledger');
    until(() => kafka.aliveBrokers.length === 3 && kafka.partitions.every(({ leader }) => leader !== -1));
    until(() => kafka.partitions.every(({ leader, replicas }) => leader === replicas[0]));
    simulation.world.deletePod(podOf(simulation, 'payments', 'ledger-brokers-2'));
    until(() => outOfSync(kafka) > 0);
    until(() => outOfSync(kafka) === 0);
    expect(kafka.partitions.some(({ leader }) => leader === 2)).toBe(false);
    const results = kafka.partitions.map((partition) => electPreferred(partition, kafka.state()));
    expect(new Set(results)).toEqual(new Set(['elected', 'notNeeded']));
    expect(kafka.partitions.every(({ leader, replicas }) => leader === replicas[0])).toBe(true);
  });

  test('a restart that goes by Ready alone takes two brokers out of sync at once', () => {
    const { simulation, until, advance } = partOf(addKafkaClusters);
    const kafka = kafkaOf(simulation, 'shop/orders');
    simulation.members.memoryNeeds.clear();
    until(() => outOfSync(kafka) === 0 && kafka.aliveBrokers.length === 3, 1_800_000);
    kafka.resetMeasures();
    merge(simulation, 'StatefulSet', 'shop', 'orders', {
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } },
    });
    until(() => outOfSync(kafka) > 0);
    until(() => outOfSync(kafka) === 0, 1_200_000);
    advance(1000);
    expect(kafka.measures.mostBrokersOutOfSync).toBeGreaterThan(1);
    expect(kafka.measures.underMinIsrMs).toBeGreaterThan(0);
  });

  test('a grace period that is too short ends a broker uncleanly, and its leaders are missed until it is fenced', () => {
    const { simulation, until } = partOf(addKafkaClusters);
    const kafka = kafkaOf(simulation, 'payments/ledger');
    until(() => kafka.aliveBrokers.length === 3 && kafka.partitions.every(({ leader }) => leader !== -1));
    kafka.resetMeasures();
    simulation.world.deletePod(podOf(simulation, 'payments', 'ledger-brokers-0'), 1);
    until(() => kafka.measures.uncleanShutdowns === 1);
    expect(until(() => kafka.nodes.get(0)?.state === 'running')).toBeGreaterThan(kafka.pace.registeredMs);
  });

  test('without a majority of the controllers nothing is elected', () => {
    const { simulation, until, advance } = partOf(addKafkaClusters);
    const kafka = kafkaOf(simulation, 'payments/ledger');
    until(() => kafka.aliveBrokers.length === 3 && kafka.partitions.every(({ leader }) => leader !== -1));
    simulation.world.deletePod(podOf(simulation, 'payments', 'ledger-controllers-3'));
    simulation.world.deletePod(podOf(simulation, 'payments', 'ledger-controllers-4'));
    until(() => kafka.quorumLeader === -1);
    const leaders = kafka.partitions.map(({ leader }) => leader);
    simulation.world.deletePod(podOf(simulation, 'payments', 'ledger-brokers-0'), 0);
    advance(1500);
    expect(kafka.partitions.map(({ leader }) => leader)).toEqual(leaders);
    until(() => kafka.quorumLeader !== -1);
  });
});
