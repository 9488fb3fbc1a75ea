import { afterEach, describe, expect, test } from 'vitest';
import type { Plan } from '#core/operations/model.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { makeRandom } from '#test/support/random.ts';
import { ScaledKafka, alive, type Fate } from './scaledKafka.ts';

const started: ScaledKafka[] = [];
afterEach(() => {
  for (const one of started.splice(0)) one.simulation.stop();
});

async function start(seed?: number): Promise<ScaledKafka> {
  const made = await ScaledKafka.started(seed);
  started.push(made);
  return made;
}

const scale = (to: number) => ({ operation: 'scale', to, throttle: 200_000_000 }) as const;
const notHolding = ({ preconditions }: Plan): readonly (readonly [string, string])[] =>
  preconditions.filter(({ state }) => state !== 'holds').map(({ id, state }) => [id, state] as const);
const ids = ({ steps }: Plan): readonly string[] => steps.map(({ id }) => id);

describe('brokers are added', () => {
  test('register, hold nothing, and the report says what is next', async () => {
    const demo = await start();
    const plan = await demo.plan(scale(6));
    expect(notHolding(plan)).toEqual([]);
    expect(ids(plan)).toEqual(['grow-clickstream-brokers']);
    const record = await demo.run(plan);
    expect(record.state).toEqual({ kind: 'done' });
    expect(demo.replicas).toBe(6);
    expect(new Set(demo.kafka.aliveBrokers.map((node) => node.plan.id))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(demo.heldBy(4) + demo.heldBy(5)).toBe(0);
    expect(record.steps[0]?.notes).toEqual([
      'Broker 4, 5 registered',
      'New brokers hold nothing. Next is a rebalance, "new brokers only", with clickstream-brokers-4, clickstream-brokers-5.',
    ]);
    expect(demo.kafka.measures).toMatchObject({ underReplicatedMs: 0, underMinIsrMs: 0, mostBrokersOutOfSync: 0 });
  });

  test('a cancelled run takes them away again', async () => {
    const demo = await start();
    const run = demo.begin(await demo.plan(scale(5)));
    await demo.until(() => demo.pods().length === 5);
    run.control.wish = 'cancel';
    const record = await demo.end(run);
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect([demo.replicas, demo.pods().length]).toEqual([4, 4]);
    expect(demo.kafka.nodes.get(4)?.isKnown ?? false).toBe(false);
  });

  test('but not once a topic was placed on them', async () => {
    const demo = await start();
    const run = demo.begin(await demo.plan(scale(5)));
    await demo.until(() => demo.pods().length === 5);
    demo.kafka.addTopic({ name: 'new', assignment: [[4, 0, 1]] });
    run.control.wish = 'cancel';
    const record = await demo.end(run);
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect(demo.replicas).toBe(5);
    expect(record?.steps[0]?.notes.join()).toContain('keeps its new pods: new-0 were placed there');
  });

  test('somebody who puts the size back is named as what it is', async () => {
    const demo = await start();
    const run = demo.begin(await demo.plan(scale(5)));
    await demo.until(() => demo.pods().length === 5);
    demo.patchSet({ spec: { replicas: 4 } });
    expect((await demo.end(run))?.state).toMatchObject({
      kind: 'stopped',
      reason: 'clickstream-brokers has 4 replicas instead of 5: somebody else has scaled it.',
    });
  });

  test('a size that was changed since the plan stops it before anything is done', async () => {
    const demo = await start();
    const plan = await demo.plan(scale(6));
    demo.patchSet({ spec: { replicas: 5 } });
    await demo.until(() => demo.kafka.aliveBrokers.length === 5);
    expect((await demo.run(plan)).state).toMatchObject({
      kind: 'stopped',
      fix: 'Make a new plan for what is there now.',
    });
    expect(demo.replicas).toBe(5);
  });

  test('an old cordon is taken away, so that they can be given something', async () => {
    const demo = await start();
    demo.kafka.ensureNode({
      id: 4,
      isBroker: true,
      isController: false,
      rack: '',
      pod: 'analytics/clickstream-brokers-4',
    });
    demo.kafka.nodes.get(4)?.config.set('cordoned.log.dirs', '*');
    const record = await demo.run(await demo.plan(scale(5)));
    expect(record.state).toEqual({ kind: 'done' });
    expect(demo.kafka.nodes.get(4)?.config.size).toBe(0);
    expect(record.steps[0]?.notes).toContain('cordoned.log.dirs of broker 4, from when it left, was taken away');
  });
});

describe('brokers are taken away', () => {
  test('evacuated, seen to hold nothing for half a minute, ended and forgotten, and nobody notices', async () => {
    const demo = await start();
    const plan = await demo.plan(scale(3));
    expect(notHolding(plan)).toEqual([]);
    expect(ids(plan).slice(-3)).toEqual(['verify', 'shrink-clickstream-brokers-3', 'unregister-3']);
    const run = demo.begin(plan);
    await demo.until(() => demo.heldBy(3) === 0);
    const empty = demo.clock.now();
    await demo.until(() => demo.replicas === 3);
    expect(demo.clock.now() - empty).toBeGreaterThanOrEqual(30_000);
    const record = await demo.end(run);
    expect(record?.state).toEqual({ kind: 'done' });
    expect(demo.pods()).toEqual([0, 1, 2].map((id) => `clickstream-brokers-${id}`));
    expect(demo.kafka.nodes.get(3)?.isKnown).toBe(false);
    expect(
      demo
        .list('PersistentVolumeClaim')
        .map(({ metadata }) => JSON.stringify(metadata))
        .join(),
    ).toContain('data-clickstream-brokers-3');
    const notes = record?.steps.flatMap((step) => step.notes) ?? [];
    expect(notes).toContain(
      'The volume of clickstream-brokers-3 is kept: PersistentVolumeClaim data-clickstream-brokers-3',
    );
    expect(demo.kafka.partitions.every(({ isr, replicas }) => isr.length === replicas.length)).toBe(true);
    expect(demo.kafka.measures).toMatchObject({ underMinIsrMs: 0, offlineMs: 0 });
    expect(
      demo.kafka.partitions.every(({ topic, replicas }) => replicas.length === (topic === 'sessions' ? 2 : 3)),
    ).toBe(true);
  });

  test('several, the highest first, each on its own', async () => {
    const demo = await start();
    expect((await demo.run(await demo.plan(scale(6)))).state).toEqual({ kind: 'done' });
    const plan = await demo.plan(scale(4));
    expect(ids(plan)).toEqual([
      'shrink-clickstream-brokers-5',
      'unregister-5',
      'shrink-clickstream-brokers-4',
      'unregister-4',
    ]);
    const run = demo.begin(plan);
    const sizes = new Set<number>();
    while (run.record === undefined) {
      await demo.clock.pass(500);
      sizes.add(demo.replicas);
      // The next does not go before the one before is gone.
      expect(demo.pods().length - demo.replicas).toBeLessThanOrEqual(1);
    }
    expect(run.record.state).toEqual({ kind: 'done' });
    expect([...sizes]).toEqual([6, 5, 4]);
  });

  test('a topic that is placed there meanwhile keeps it', async () => {
    const demo = await start();
    const run = demo.begin(await demo.plan(scale(3)));
    await demo.until(() =>
      run.heard.some((one) => one.kind === 'waiting' && one.waitingFor.includes('to hold nothing for 1')),
    );
    demo.kafka.addTopic({ name: 'new', assignment: [[3, 0, 1]] });
    expect((await demo.end(run))?.state).toMatchObject({ kind: 'stopped', reason: 'Broker 3 holds new-0.' });
    expect(demo.replicas).toBe(4);
  });

  test('that never started are taken away again', async () => {
    const demo = await start();
    const nodes = demo.simulation.world.nodes();
    for (const node of nodes)
      demo.simulation.world.store.put(kindNamed('Node'), { ...node, spec: { ...node.spec, unschedulable: true } });
    const up = await demo.plan(scale(5));
    expect(notHolding(up)).toEqual([['nodes', 'fails']]);
    expect((await demo.run(up)).state).toMatchObject({ kind: 'paused' });
    expect(demo.pods().length).toBe(5);
    const plan = await demo.plan(scale(4));
    expect(notHolding(plan)).toEqual([]);
    expect(ids(plan)).toEqual(['shrink-clickstream-brokers-4', 'unregister-4']);
    expect((await demo.run(plan)).state).toEqual({ kind: 'done' });
    expect(demo.pods().length).toBe(4);
  });

  test('never below the replicas of a partition', async () => {
    const demo = await start();
    const plan = await demo.plan(scale(2));
    expect(notHolding(plan)).toEqual(
      expect.arrayContaining([
        ['enough-brokers', 'fails'],
        ['factors', 'fails'],
      ]),
    );
  });

  test('a run that is cancelled before puts everything back and takes nobody away', async () => {
    const demo = await start();
    const run = demo.begin(await demo.plan(scale(3)));
    await demo.until(() =>
      run.heard.some((one) => one.kind === 'waiting' && one.waitingFor.includes('to hold nothing')),
    );
    run.control.wish = 'cancel';
    expect((await demo.end(run))?.state).toEqual({ kind: 'cancelled' });
    expect(demo.replicas).toBe(4);
    expect([...demo.kafka.nodes.values()].every(({ config }) => config.size === 0)).toBe(true);
  });

  const schedules = 4;
  test(
    `${schedules} schedules: killed anywhere and gone on with, it ends as planned`,
    { timeout: 30_000 },
    async () => {
      let killed = 0;
      for (let seed = 1; seed <= schedules; seed += 1) {
        const random = makeRandom(seed);
        const demo = await start(seed);
        const isUp = seed % 3 === 0;
        // Three at once, of which one has to be evacuated.
        if (seed % 3 === 1) await demo.run(await demo.plan(scale(6)));
        const plan = await demo.plan(scale(isUp ? 6 : 3));
        const diesAt = 1 + random.below(isUp ? 150 : 900);
        const fate: Fate = { isDead: false, diesAt, arrives: random.below(2) === 0, calls: 0 };
        let record = await demo.end(demo.begin(plan, 'first', fate));
        for (let times = 1; record === undefined; times += 1) {
          killed += 1;
          await demo.clock.pass(random.below(30_000));
          const next = { ...alive(), diesAt: times < 4 ? 1 + random.below(300) : -1, arrives: random.below(2) === 0 };
          record = await demo.end(demo.begin(plan, `runner-${times}`, next, await demo.journal(plan)));
        }
        expect([seed, record.state]).toEqual([seed, { kind: 'done' }]);
        expect(demo.replicas).toBe(isUp ? 6 : 3);
        expect([3, 4, 5].map((id) => demo.kafka.nodes.get(id)?.isKnown ?? false)).toEqual([isUp, isUp, isUp]);
        expect(demo.kafka.measures).toMatchObject({ underMinIsrMs: 0, offlineMs: 0 });
        demo.simulation.stop();
      }
      expect(killed).toBeGreaterThan(schedules / 2);
    },
  );

  test('who goes on after the first broker is gone asks the others only', async () => {
    const demo = await start();
    await demo.run(await demo.plan(scale(5)));
    const plan = await demo.plan(scale(3));
    const fate = alive();
    demo.begin(plan, 'first', fate);
    await demo.until(() => demo.replicas === 4);
    fate.isDead = true;
    await demo.clock.pass(90_000);
    const record = await demo.end(demo.begin(plan, 'second', alive(), await demo.journal(plan)));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(demo.pods().length).toBe(3);
    const waited = record?.steps.flatMap(({ notes }) => notes).join() ?? '';
    expect(waited).not.toContain('could not be put back');
  });
});

describe('settings of the demo', () => {
  test('are changed at once', async () => {
    const demo = await start();
    const settings = { 'num.io.threads': '32', 'log.retention.ms': '1000' };
    const plan = await demo.plan({ operation: 'configure', settings });
    expect(notHolding(plan)).toEqual([]);
    expect((await demo.run(plan)).state).toEqual({ kind: 'done' });
    expect(demo.kafka.shared.get('num.io.threads')).toBe('32');
    expect(demo.kafka.shared.get('log.retention.ms')).toBe('1000');
  });

  test('that are variables of the template hold its StatefulSet; controllers are named', async () => {
    const demo = await start();
    const plan = await demo.plan({ operation: 'configure', settings: { 'default.replication.factor': '2' } });
    expect(notHolding(plan)).toEqual([['controllers', 'warns']]);
    expect(ids(plan).slice(0, 2)).toEqual(['hold-clickstream-brokers', 'template-clickstream-brokers']);
    expect(ids(plan).at(-1)).toBe('restore-clickstream-brokers');
    const before = demo.data().members.map(({ pod }) => pod?.meta.uid ?? '');
    expect((await demo.run(plan)).state).toEqual({ kind: 'done' });
    const uids = new Set(demo.data().members.map(({ pod }) => pod?.meta.uid));
    expect(before.filter((uid) => !uids.has(uid)).length).toBe(4);
    expect([0, 1, 2, 3].map((id) => demo.kafka.brokerSetting(id, 'default.replication.factor'))).toEqual([
      '2',
      '2',
      '2',
      '2',
    ]);
    expect(demo.kafka.measures).toMatchObject({ underMinIsrMs: 0, offlineMs: 0, mostBrokersOutOfSync: 1 });
  });

  const schedules = 3;
  test(
    `${schedules} schedules: killed anywhere, every pod is restarted once and by us`,
    { timeout: 30_000 },
    async () => {
      let killed = 0;
      for (let seed = 1; seed <= schedules; seed += 1) {
        const random = makeRandom(seed);
        const demo = await start(seed);
        const settings = { 'default.replication.factor': '2', 'num.io.threads': '32' };
        const plan = await demo.plan({ operation: 'configure', settings });
        const fate: Fate = { isDead: false, diesAt: 1 + random.below(500), arrives: seed % 2 === 0, calls: 0 };
        let record = await demo.end(demo.begin(plan, 'first', fate));
        for (let times = 1; record === undefined; times += 1) {
          killed += 1;
          await demo.clock.pass(random.below(30_000));
          const next = { ...alive(), diesAt: times < 4 ? 1 + random.below(400) : -1, arrives: random.below(2) === 0 };
          record = await demo.end(demo.begin(plan, `runner-${times}`, next, await demo.journal(plan)));
        }
        expect([seed, record.state]).toEqual([seed, { kind: 'done' }]);
        expect(new Set(demo.evicted).size).toBe(4);
        expect(demo.evicted.length).toBe(4);
        expect(demo.kafka.shared.get('num.io.threads')).toBe('32');
        expect(demo.strategy).toBe('RollingUpdate');
        expect(demo.kafka.measures).toMatchObject({ underMinIsrMs: 0, offlineMs: 0, mostBrokersOutOfSync: 1 });
        demo.simulation.stop();
      }
    },
  );
});
