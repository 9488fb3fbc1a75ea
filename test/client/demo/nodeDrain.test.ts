import { describe, expect, test } from 'vitest';
import type { Plan } from '#core/operations/model.ts';
import type { KafkaTopicPlan } from '#client/cluster/demo/simulation/kafka/model.ts';
import { makeRandom, type Random } from '#test/support/random.ts';
import { alive, DrainGame } from './simulatedNodes.ts';
import type { Fate } from './simulatedKafka.ts';

/** How often a drain is killed at random places. */
const SCHEDULES = 20;

function topicsOf(size: number, random: Random): readonly KafkaTopicPlan[] {
  const assignment = Array.from({ length: 4 + random.below(6) }, (_, index) =>
    [0, 1, 2].map((place) => (index + place) % size),
  );
  return [{ name: 'orders', assignment, config: { 'min.insync.replicas': '2' } }];
}

async function begin(size: number, seed: number): Promise<DrainGame> {
  const random = makeRandom(seed);
  return new DrainGame(size, topicsOf(size, random), random).begin();
}

function expectNobodyNoticed({ kafka }: DrainGame): void {
  const { underMinIsrMs, offlineMs, mostBrokersOutOfSync, uncleanShutdowns } = kafka.kafka.measures;
  expect({ underMinIsrMs, offlineMs, uncleanShutdowns }).toEqual({
    underMinIsrMs: 0,
    offlineMs: 0,
    uncleanShutdowns: 0,
  });
  expect(mostBrokersOutOfSync).toBeLessThanOrEqual(1);
}

const notHolding = ({ preconditions }: Plan): readonly string[] =>
  preconditions.filter(({ state }) => state !== 'holds').map(({ id, state }) => `${id} ${state}`);

const idsOf = ({ steps }: Plan): readonly string[] => steps.map(({ id }) => id);

describe('the drain of a node with simulated brokers', () => {
  test('brokers leave one at a time, then other pods; what belongs to the node stays, and it stays cordoned', async () => {
    const game = await begin(5, 1);
    game.addPod('web-1');
    game.addPod('agent-1', 'DaemonSet');
    game.addPod('static-1', 'Job', { annotations: { 'kubernetes.io/config.mirror': 'hash' } });
    await game.clock.pass(5000);
    const brokers = game.podsOn().filter((name) => name.startsWith('orders-'));
    expect(brokers.length).toBe(2);
    const plan = await game.plan();
    expect(notHolding(plan)).toEqual([]);
    expect(plan.target).toMatchObject({ system: 'kubernetes', key: `kubernetes/${game.node}`, namespace: 'shop' });
    expect(plan.target.anchor).toMatchObject({ apiVersion: 'v1', kind: 'Node', name: game.node });
    expect(plan.parts?.map(({ target }) => target.key)).toEqual(['kafka/shop/orders']);
    const [first, ...rest] = idsOf(plan);
    expect([first, rest.at(-1)]).toEqual(['cordon', 'verify']);
    expect(rest.slice(0, 2).toSorted()).toEqual(brokers.map((name) => `kafka/shop/orders/${name}`));
    expect(rest[2]).toBe('pod/default/web-1');
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.kafka.evicted).toEqual([
      ...rest.slice(0, 2).map((id) => id.slice('kafka/shop/orders/'.length)),
      'web-1',
    ]);
    expect(game.podsOn()).toEqual(['agent-1', 'static-1']);
    expect(game.isCordoned()).toBe(true);
    expect(game.kafka.isWhole()).toBe(true);
    expectNobodyNoticed(game);
    const notes = record?.steps.find(({ id }) => id === 'verify')?.notes;
    expect(notes).toEqual([
      'demo-node-1 is empty',
      'demo-node-1 stays cordoned; when it shall take pods again: kubectl uncordon demo-node-1',
    ]);
    game.stop();
  });

  test('one broker is moved off it, the others stay, and it takes pods again', async () => {
    const game = await begin(5, 13);
    const [broker = '', other = ''] = game.podsOn();
    const plan = await game.plan({ only: [`shop/${broker}`] });
    expect(idsOf(plan)).toEqual(['cordon', `kafka/shop/orders/${broker}`, 'open']);
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect([game.kafka.evicted, game.podsOn(), game.isCordoned()]).toEqual([[broker], [other], false]);
    expectNobodyNoticed(game);
    game.stop();
  });

  test('Events tell of it in the way of the server: about a node they are in the namespace default', async () => {
    const game = await begin(3, 2);
    const plan = await game.plan();
    await game.toTheEnd(game.attempt(plan, 'first'));
    const events = game.kept.writes.filter(({ address }) => address.plural === 'events').map(({ body }) => body);
    expect(events.map((event) => event?.['reason'])).toEqual([
      'DrainStarted',
      'DrainMemberOut',
      'DrainMemberBack',
      'DrainDone',
    ]);
    expect(events[0]).toMatchObject({ metadata: { namespace: 'default' }, involvedObject: { kind: 'Node' } });
    expect(events[0]?.['involvedObject']).not.toHaveProperty('namespace');
    game.stop();
  });

  test('a disruption budget that opens later is waited for', async () => {
    const game = await begin(3, 3);
    game.addPod('web-1');
    game.addPod('web-2', 'Job', { node: 'demo-node-2' });
    game.addBudget('web', 2);
    await game.clock.pass(5000);
    const plan = await game.plan();
    expect(notHolding(plan)).toEqual(['eviction warns']);
    const run = game.attempt(plan, 'first');
    const waits = (): boolean => run.heard.some((one) => one.kind === 'waiting' && one.waitingFor.includes('web'));
    await game.until(waits);
    expect(run.heard.findLast((one) => one.kind === 'waiting')).toMatchObject({
      waitingFor:
        'a disruption budget to let default/web-1 go: The disruption budget web needs 2 healthy pods and has 2 currently',
    });
    await game.clock.pass(120_000);
    expect(game.podsOn()).toContain('web-1');
    game.addPod('web-3', 'Job', { node: 'demo-node-3' });
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(game.podsOn()).toEqual([]);
    game.stop();
  });

  test('one that never opens pauses the run, which names it, leaves the node cordoned and can be gone on with', async () => {
    const game = await begin(3, 4);
    game.addPod('web-1');
    game.addBudget('web', 1);
    await game.clock.pass(5000);
    const plan = await game.plan();
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toMatchObject({ kind: 'paused' });
    expect(record?.state).toHaveProperty('reason', expect.stringContaining('The disruption budget web needs 1'));
    expect([game.podsOn(), game.isCordoned()]).toEqual([['web-1'], true]);
    game.addPod('web-2', 'Job', { node: 'demo-node-2' });
    await game.clock.pass(5000);
    const again = await game.toTheEnd(game.attempt(plan, 'second', alive(), await game.journalled(plan)));
    expect(again?.state).toEqual({ kind: 'done' });
    game.stop();
  });

  test('cancelled, it awaits the broker that is out and lets the node take pods again', async () => {
    const game = await begin(5, 5);
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => game.kafka.evicted.length === 1);
    run.control.wish = 'cancel';
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect(game.kafka.evicted.length).toBe(1);
    expect([game.kafka.isWhole(), game.isCordoned()]).toEqual([true, false]);
    expect(record?.steps.flatMap(({ notes }) => notes)).toContain(
      'demo-node-1 takes pods again, as before; pods that have moved stay where they are',
    );
    // The one that has moved stays away.
    expect(game.podsOn()).not.toContain(game.kafka.evicted[0]);
    game.stop();
  });

  test('a node that was cordoned before stays so when the run is cancelled', async () => {
    const game = await begin(3, 6);
    game.setCordoned(game.node, true);
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => game.kafka.evicted.length === 1);
    run.control.wish = 'cancel';
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'cancelled' });
    expect(game.isCordoned()).toBe(true);
    game.stop();
  });

  test('nothing leaves a node that somebody has uncordoned; gone on with, it is cordoned again', async () => {
    const game = await begin(5, 7);
    const plan = await game.plan();
    const run = game.attempt(plan, 'first');
    await game.until(() => game.kafka.evicted.length === 1);
    game.setCordoned(game.node, false);
    const record = await game.toTheEnd(run);
    expect(record?.state).toMatchObject({ kind: 'stopped' });
    expect(record?.state).toHaveProperty('reason', expect.stringContaining('somebody has uncordoned it'));
    expect(game.kafka.evicted.length).toBe(1);
    const again = await game.toTheEnd(game.attempt(plan, 'second', alive(), await game.journalled(plan)));
    expect(again?.state).toEqual({ kind: 'done' });
    expect([game.kafka.evicted.length, game.podsOn(), game.isCordoned()]).toEqual([2, [], true]);
    expectNobodyNoticed(game);
    game.stop();
  });

  test('a broker that is whole again on the same node has not left it, and the run ends with the reason', async () => {
    const game = await begin(3, 8);
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => game.kafka.evicted.length === 1);
    for (const node of game.kafka.simulation.world.nodes()) game.setCordoned(node.metadata.name, true);
    game.setCordoned(game.node, false);
    const record = await game.toTheEnd(run);
    const [broker = ''] = game.kafka.evicted;
    expect(game.podsOn()).toEqual([broker]);
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: `${broker} is whole again, and on demo-node-1 as before. The node demo-node-1 takes pods again: somebody has uncordoned it.`,
    });
    expect(record?.steps.find(({ id }) => id === `kafka/shop/orders/${broker}`)?.phase).toBe('awaiting');
    game.stop();
  });

  test('a broker that no node takes stops the run, and comes back because the node takes pods again', async () => {
    const game = await begin(5, 9);
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => game.kafka.evicted.length === 1);
    for (const node of game.kafka.simulation.world.nodes()) game.setCordoned(node.metadata.name, true);
    const record = await game.toTheEnd(run);
    const [broker = ''] = game.kafka.evicted;
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      fix: `Repair ${broker}; nothing else is touched until then.`,
    });
    expect(game.isCordoned()).toBe(false);
    await game.until(() => game.kafka.isWhole());
    expect(game.podsOn()).toContain(broker);
    expectNobodyNoticed(game);
    game.stop();
  });

  test('a broker whose zone has no other node is not begun with', async () => {
    const game = await begin(3, 10);
    game.setCordoned('demo-node-4', true);
    const plan = await game.plan();
    expect(notHolding(plan)).toEqual(['members-elsewhere fails']);
    expect(plan.preconditions.find(({ id }) => id === 'members-elsewhere')?.evidence).toEqual([
      `shop/${game.podsOn()[0] ?? ''}: 4 out of reach of its volume, 1 cordoned`,
    ]);
    game.stop();
  });

  test('a node that closes after the plan was made is noticed by the gate, and waited for', async () => {
    const game = await begin(3, 11);
    const plan = await game.plan();
    game.setCordoned('demo-node-4', true);
    const run = game.attempt(plan, 'first');
    await game.clock.pass(60_000);
    expect(game.kafka.evicted).toEqual([]);
    expect(run.heard.findLast((one) => one.kind === 'waiting')).toHaveProperty(
      'waitingFor',
      expect.stringContaining('out of reach of its volume, 1 cordoned'),
    );
    game.setCordoned('demo-node-4', false);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.stop();
  });

  test('a pod that came after the plan was made is told of, and the node stays cordoned for the next plan', async () => {
    const game = await begin(3, 12);
    const plan = await game.plan();
    game.addPod('late-1');
    await game.clock.pass(5000);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: 'default/late-1 came to demo-node-1 after the plan was made.',
    });
    expect(game.isCordoned()).toBe(true);
    const next = await game.plan();
    expect(idsOf(next)).toEqual(['cordon', 'pod/default/late-1', 'verify']);
    expect((await game.toTheEnd(game.attempt(next, 'second')))?.state).toEqual({ kind: 'done' });
    expect(game.podsOn()).toEqual([]);
    game.stop();
  });

  test(`${SCHEDULES} schedules: killed anywhere and gone on with, nobody is evicted twice and no write is refused`, async () => {
    let killed = 0;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const random = makeRandom(seed);
      const game = await begin(3 + random.below(4), seed);
      game.addPod('web-1');
      await game.clock.pass(5000);
      const plan = await game.plan();
      const fate: Fate = { isDead: false, diesAt: 1 + random.below(500), arrives: random.below(2) === 0, calls: 0 };
      let record = await game.toTheEnd(game.attempt(plan, 'first', fate));
      for (let times = 1; record === undefined; times += 1) {
        killed += 1;
        await game.clock.pass(random.below(30_000));
        const next = { ...alive(), diesAt: times < 3 && random.below(2) === 0 ? 1 + random.below(400) : -1 };
        const earlier = await game.journalled(plan);
        record = await game.toTheEnd(game.attempt(plan, `runner-${times}`, next, earlier));
      }
      expect([seed, record.state]).toEqual([seed, { kind: 'done' }]);
      const members = plan.steps.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)).slice(1, -1);
      expect([seed, game.kafka.evicted]).toEqual([seed, members]);
      expect([seed, game.podsOn(), game.isCordoned()]).toEqual([seed, [], true]);
      expectNobodyNoticed(game);
      game.stop();
    }
    expect(killed).toBeGreaterThan(SCHEDULES / 2);
  });
});
