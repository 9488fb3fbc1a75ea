import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CONFIG_BROKER,
  CONFIG_TOPIC,
  type DescribeConfigsAnswer,
  type MetadataAnswer,
} from '#core/systems/kafka/admin.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { openKafkaDoor } from '#core/systems/kafka/operations/openDoor.ts';
import { asArray, asText, at } from '../bed/json.ts';
import { writeClientFile } from '../bed/workloads/seedKafka.ts';
import { withLiveContext } from '../support/liveContext.ts';
import { seconds, waitForSet } from '../support/pods.ts';
import { runProgram, whyNotBuilt, type ProgramRun } from '../support/program.ts';
import { isStep } from '../support/restartTimes.ts';
import { inPod, tryControl, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

/** Its brokers are apart from its controllers, so that there may be more of them, and it wants TLS and a password. */
const namespace = 'kafka-secured';
const target = ['kafka/kafka', '-n', namespace] as const;
const unasked = ['--confirm', 'kafka', '-o', 'json'] as const;
const key = `kafka/${namespace}/kafka`;
const set = 'kafka-brokers';
const brokers = [100, 101, 102, 103].map((nodeId) => ({ nodeId, pod: `kafka-brokers-${nodeId - 100}` }));
const added = { pod: 'kafka-brokers-3', id: 103 } as const;
const topic = 'moves';
const bootstrap = 'kafka-bootstrap.kafka-secured.svc:9092';
const client = '/tmp/client.properties';

const tests: readonly LiveTest[] = [
  {
    title: 'a broker is added, and holds nothing yet',
    async run(cluster) {
      await makeTopic(cluster);
      const program = await run(cluster, ['scale', ...target, '--to', '4', '--group', set]);
      assert.equal(program.code, 0, told(program));
      cluster.note(`one broker more in ${duration(program)}`);
      await asked(cluster, async (ask) => {
        assert.ok((await ask()).brokers.some(({ id }) => id === added.id));
        assert.equal(held(await ask(), added.id), 0);
      });
    },
  },
  {
    title: 'a rebalance that is cancelled takes back what was being copied, and its throttle',
    async run(cluster) {
      await asked(cluster, async (ask, door) => {
        const before = layoutOf(await ask());
        let isAsked = false;
        const slow = ['--mode', 'new-brokers', '--member', added.pod, '--throttle', '1MB'];
        const program = await run(cluster, ['rebalance', ...target, ...slow], (event, child) => {
          if (isAsked || event['type'] !== 'waiting' || !/\d.* of .*\d/.test(asText(event['waitingFor']))) return;
          isAsked = true;
          cluster.note(asText(event['waitingFor']));
          child.kill('SIGINT');
        });
        assert.equal(program.code, 1, told(program));
        assert.equal(at(program.events.at(-1), 'state', 'kind'), 'cancelled', told(program));
        assert.deepEqual(await moving(door), []);
        // Empty partitions arrive at once and stay; what has data was on its way.
        const after = layoutOf(await ask());
        assert.ok(Object.values(after).every((lists) => lists.every((list) => list.split(',').length === 3)));
        const back = before[topic]?.filter((list, index) => list === after[topic]?.[index]).length ?? 0;
        cluster.note(`${back} of 8 partitions with data are where they were`);
        assert.ok(back > 0);
        assert.deepEqual(await throttles(door), []);
      });
    },
  },
  {
    title: 'a rebalance fills the new broker at the speed of its throttle, and leaves every ISR whole',
    async run(cluster) {
      const folder = await mkdtemp(join(tmpdir(), 'data-clusters-moves-'));
      try {
        await asked(cluster, async (ask, door) => {
          const before = layoutOf(await ask());
          const fast = ['--mode', 'new-brokers', '--member', added.pod, '--throttle', '20MB', '--save', folder];
          const program = await run(cluster, ['rebalance', ...target, ...fast]);
          assert.equal(program.code, 0, told(program));
          const after = await ask();
          assert.ok(held(after, added.id) > 0);
          assert.ok(isWhole(after));
          assert.deepEqual(await throttles(door), []);
          cluster.note(`${held(after, added.id)} replicas on the new broker in ${duration(program)}`);
          assert.match(await readFile(join(folder, 'plan.md'), 'utf8'), /Before and after/);
          const back = await run(cluster, ['rebalance', ...target, '--file', join(folder, 'rollback.json')]);
          assert.equal(back.code, 0, told(back));
          assert.deepEqual(layoutOf(await ask()), before);
          const again = await run(cluster, ['rebalance', ...target, '--file', join(folder, 'reassignment.json')]);
          assert.equal(again.code, 0, told(again));
          assert.deepEqual(layoutOf(await ask()), layoutOf(after));
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
  {
    title: 'a demoted broker leads nothing, and leads again when the other way is gone back',
    async run(cluster) {
      const folder = await mkdtemp(join(tmpdir(), 'data-clusters-demote-'));
      try {
        await asked(cluster, async (ask) => {
          const wish = ['drain', ...target, '--how', 'demote', '--member', 'kafka-brokers-1', '--save', folder];
          const program = await run(cluster, wish);
          assert.equal(program.code, 0, told(program));
          assert.equal(led(await ask(), 101), 0);
          const back = await run(cluster, ['rebalance', ...target, '--file', join(folder, 'rollback.json')]);
          assert.equal(back.code, 0, told(back));
          assert.ok(led(await ask(), 101) > 0);
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
  {
    title: 'killed while it evacuates a broker, it is gone on with until the broker holds nothing',
    async run(cluster) {
      const wish = ['drain', ...target, '--how', 'evacuate', '--member', added.pod, '--throttle', '1MB'];
      const killed = await run(cluster, wish, (event, child) => {
        if (event['type'] === 'waiting' && /\d.* of .*\d/.test(asText(event['waitingFor']))) child.kill('SIGKILL');
      });
      assert.equal(killed.code, null, told(killed));
      const resumed = await run(cluster, ['resume', ...target]);
      assert.equal(resumed.code, 0, told(resumed));
      cluster.note(`evacuated in ${duration(killed)} and ${duration(resumed)}, the lock of the dead included`);
      await asked(cluster, async (ask, door) => {
        const after = await ask();
        assert.equal(held(after, added.id), 0);
        assert.ok(isWhole(after));
        assert.deepEqual(await throttles(door), []);
        const { dirs } = await door.askBroker(added.id, 'DescribeLogDirs', {});
        assert.deepEqual(
          dirs.flatMap((dir) => dir.topics).filter(({ name }) => !name.startsWith('__cluster')),
          [],
        );
      });
    },
  },
  {
    title: 'a broker is taken away once it holds nothing; Kafka forgets it and its volume is kept',
    async run(cluster) {
      const refused = await run(cluster, ['scale', ...target, '--to', '2', '--group', set]);
      assert.equal(refused.code, 2, told(refused));
      const program = await run(cluster, ['scale', ...target, '--to', '3', '--group', set]);
      assert.equal(program.code, 0, told(program));
      cluster.note(`one broker fewer in ${duration(program)}`);
      await waitForSet(cluster, namespace, set);
      await asked(cluster, async (ask, door) => {
        assert.deepEqual(
          (await ask()).brokers.map(({ id }) => id).toSorted((a, b) => a - b),
          [100, 101, 102],
        );
        const { brokers } = await door.askBroker(100, 'DescribeCluster', {});
        assert.ok(brokers.every(({ id }) => id !== added.id));
      });
      const claims = await tryControl(cluster, ['-n', namespace, 'get', 'pvc', '-o', 'name']);
      assert.match(claims.stdout, /kafka-brokers-3/);
    },
  },
  {
    title: 'a setting that brokers take while they run is changed at once, and taken away again',
    async run(cluster) {
      const changed = await run(cluster, ['configure', ...target, '--set', 'log.cleaner.threads=2']);
      assert.equal(changed.code, 0, told(changed));
      await asked(cluster, async (_, door) => {
        assert.deepEqual(await settingOf(door, 'log.cleaner.threads'), ['2', '2', '2']);
      });
      const back = await run(cluster, ['configure', ...target, '--unset', 'log.cleaner.threads']);
      assert.equal(back.code, 0, told(back));
      await asked(cluster, async (_, door) => {
        assert.deepEqual(await settingOf(door, 'log.cleaner.threads'), ['1', '1', '1']);
      });
      const unknown = await run(cluster, ['plan', 'configure', ...target, '--set', 'log.cleaner.threads=many']);
      assert.equal(unknown.code, 2, told(unknown));
    },
  },
];

export const kafkaMoves: Suite = {
  name: 'kafka-moves',
  isLong: true,
  needs: ['kafka-secured'],
  tests: tests.map((test) => ({ ...test, skippedBecause: whyNotBuilt })),
};

const run = (
  cluster: TestCluster,
  args: readonly string[],
  onEvent?: Parameters<typeof runProgram>[2],
): Promise<ProgramRun> => runProgram(cluster, [...args, ...unasked], onEvent);

const duration = ({ started, ended }: ProgramRun): string => seconds((ended - started) / 1000);

/** Why a run ended as it did, for whoever reads a failure. */
function told({ err, events }: ProgramRun): string {
  const fails = events.flatMap((event) => {
    return asArray(at(event, 'plan', 'preconditions')).filter((one) => at(one, 'state') === 'fails');
  });
  const steps = events.filter((event) => isStep(event, 'acting')).map(({ step }) => asText(step));
  return `${err}\n${JSON.stringify(fails)}\n${steps.join(', ')}\n${JSON.stringify(events.slice(-3))}`;
}

async function makeTopic(cluster: TestCluster): Promise<void> {
  const tool = (name: string, ...args: string[]): Promise<string> =>
    inPod(
      cluster,
      namespace,
      'kafka-brokers-0',
      'env',
      'KAFKA_HEAP_OPTS=-Xmx128m',
      `/opt/kafka/bin/${name}.sh`,
      ...args,
    );
  await inPod(cluster, namespace, 'kafka-brokers-0', 'sh', '-c', writeClientFile);
  const where = ['--bootstrap-server', bootstrap, '--command-config', client, '--topic', topic];
  await tool('kafka-topics', ...where, '--delete', '--if-exists');
  const shape = ['--partitions', '8', '--replication-factor', '3', '--config', 'min.insync.replicas=2'];
  await tool('kafka-topics', ...where, '--create', ...shape);
  const line = "$(head -c 9999 /dev/zero | tr '\\0' x)";
  const producer = `/opt/kafka/bin/kafka-console-producer.sh ${where.join(' ')}`;
  const write = `export KAFKA_HEAP_OPTS=-Xmx128m; yes "${line}" | head -n 6000 | ${producer}`;
  await inPod(cluster, namespace, 'kafka-brokers-0', 'sh', '-c', write);
}

type Ask = () => Promise<MetadataAnswer>;

/** Asks the brokers themselves, by the way that the product finds. */
async function asked(test: TestCluster, work: (ask: Ask, door: KafkaDoor) => Promise<void>): Promise<void> {
  await withLiveContext(test, async ({ cluster, clock, watch }) => {
    const data = watch.view.clusters.find((judged) => judged.cluster.key === key)?.cluster;
    assert.ok(data);
    const door = openKafkaDoor(data, cluster, clock, brokers);
    try {
      await work(() => door.askBroker(100, 'Metadata', {}), door);
    } finally {
      await door.close();
    }
  });
}

const partitionsOf = ({ topics }: MetadataAnswer): readonly MetadataAnswer['topics'][number]['partitions'][number][] =>
  topics.flatMap(({ partitions }) => partitions);

const held = (answer: MetadataAnswer, broker: number): number =>
  partitionsOf(answer).filter(({ replicas }) => replicas.includes(broker)).length;

const led = (answer: MetadataAnswer, broker: number): number =>
  partitionsOf(answer).filter(({ leader }) => leader === broker).length;

const isWhole = (answer: MetadataAnswer): boolean =>
  partitionsOf(answer).every(({ replicas, isr }) => isr.length === replicas.length);

const layoutOf = ({ topics }: MetadataAnswer): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    topics
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
      .map(({ name, partitions }) => [
        name,
        partitions.toSorted((a, b) => a.index - b.index).map(({ replicas }) => replicas.join(',')),
      ]),
  );

async function moving(door: KafkaDoor): Promise<readonly string[]> {
  const { partitions } = await door.askBroker(100, 'ListPartitionReassignments', {});
  return partitions.map((one) => `${one.topic}-${one.index}`);
}

/** What is left of throttles, of brokers and topics. */
async function throttles(door: KafkaDoor): Promise<readonly string[]> {
  const { topics, brokers: live } = await door.askBroker(100, 'Metadata', {});
  const answers: DescribeConfigsAnswer[] = [];
  for (const { id } of live)
    answers.push(
      await door.askBroker(id, 'DescribeConfigs', { resources: [{ type: CONFIG_BROKER, name: String(id) }] }),
    );
  const resources = topics.map(({ name }) => ({ type: CONFIG_TOPIC, name }));
  answers.push(await door.askBroker(100, 'DescribeConfigs', { resources }));
  return answers
    .flatMap((answer) => answer.resources)
    .flatMap(({ name, configs }) =>
      configs
        .filter((config) => config.name.includes('.replication.throttled.') && config.value !== '')
        .map((config) => `${name}: ${config.name}=${config.value}`),
    );
}

async function settingOf(door: KafkaDoor, name: string): Promise<readonly string[]> {
  const values: string[] = [];
  for (const id of [100, 101, 102]) {
    const resources = [{ type: CONFIG_BROKER, name: String(id), keys: [name] }];
    const answer = await door.askBroker(id, 'DescribeConfigs', { resources });
    values.push(answer.resources[0]?.configs[0]?.value ?? '');
  }
  return values;
}
