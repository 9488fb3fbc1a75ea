import assert from 'node:assert/strict';
import { asArray, asText, at, type Json, type JsonObject } from '../bed/json.ts';
import type { WorkloadName } from '../bed/workloads/deploy.ts';
import { isCordoned } from '../support/nodes.ts';
import { isReady, nodeOf, replacePod, seconds, uidOf, waitForSet } from '../support/pods.ts';
import { runProgram, whyNotBuilt, type ProgramRun } from '../support/program.ts';
import { unasked } from '../support/restart.ts';
import { isStep } from '../support/restartTimes.ts';
import { control, read, readItems, tryControl, type LiveTest, type Suite, type TestCluster } from '../support/suite.ts';

/** Its volumes are those that every node reaches, and its pods would rather not but may share a node. */
const movable: WorkloadName = 'kafka-secured';
const brokers = ['kafka-brokers-0', 'kafka-brokers-1', 'kafka-brokers-2'] as const;
const controllers = ['kafka-controllers-0', 'kafka-controllers-1', 'kafka-controllers-2'] as const;

const onlyMovable = ({ workloads }: TestCluster): string | undefined =>
  workloads.join(',') === movable
    ? undefined
    : `only ${movable} must be deployed: members of others would have to stay`;

const tests: readonly LiveTest[] = [
  {
    title: 'a broker whose volume is bound to its node keeps the node from being drained, and nothing is touched',
    skippedBecause: ({ workloads }) => (workloads.includes('kafka') ? undefined : 'kafka is not deployed'),
    async run(cluster) {
      const pod = { namespace: 'kafka', name: 'kafka-0' } as const;
      const [node, uid] = [await nodeOf(cluster, pod), await uidOf(cluster, pod)];
      const { code, err, events } = await drain(cluster, node);
      assert.equal(code, 2, err);
      assert.match(err, /cannot be started/);
      const check = preconditionsOf(events).find((one) => at(one, 'id') === 'members-elsewhere');
      assert.equal(at(check, 'state'), 'fails');
      assert.match(JSON.stringify(check), /out of reach of its volume/);
      assert.equal(await isCordoned(cluster, node), false);
      assert.equal(await uidOf(cluster, pod), uid);
    },
  },
  {
    title: 'brokers and controllers leave a node one at a time and are whole on others before the next goes',
    skippedBecause: onlyMovable,
    async run(cluster) {
      const node = await nodeToDrain(cluster);
      const members = await membersOn(cluster, node);
      try {
        const program = await drain(cluster, node);
        assert.equal(program.code, 0, program.err);
        cluster.note(`${members.join(' and ')} left ${node} in ${seconds((program.ended - program.started) / 1000)}`);
        assertOneAtATime(program, members);
        assert.deepEqual(await membersOn(cluster, node), []);
        assert.equal(await isCordoned(cluster, node), true);
        await assertEventsTell(cluster, node, ['DrainStarted', 'DrainMemberOut', 'DrainMemberBack', 'DrainDone']);
        await assertMajorityIsGuarded(cluster, node);
      } finally {
        await recover(cluster, node);
      }
    },
  },
  {
    title: 'a run that was killed between eviction and rejoin is gone on with, and nobody is evicted twice',
    skippedBecause: onlyMovable,
    async run(cluster) {
      const node = await nodeToDrain(cluster);
      try {
        const killed = await drain(cluster, node, (event, child) => {
          if (isStep(event, 'awaiting') && asText(event['step']).includes('/')) child.kill('SIGKILL');
        });
        assert.equal(killed.code, null);
        const out = asText(killed.events.findLast((event) => isStep(event, 'awaiting'))?.['step']);
        const resumed = await runProgram(cluster, ['resume', `node/${node}`, ...unasked, ...consent(node)]);
        assert.equal(resumed.code, 0, resumed.err);
        assert.ok(!resumed.events.some((event) => isStep(event, 'acting') && event['step'] === out), 'evicted twice');
        assert.deepEqual(await membersOn(cluster, node), []);
      } finally {
        await recover(cluster, node);
      }
    },
  },
  {
    title: 'cancelled, it awaits the member that is out and lets the node take pods again',
    skippedBecause: onlyMovable,
    async run(cluster) {
      const node = await nodeToDrain(cluster);
      try {
        let isAsked = false;
        const cancelled = await drain(cluster, node, (event, child) => {
          // A second time would leave it at once.
          if (isAsked || !isStep(event, 'awaiting') || !asText(event['step']).includes('/')) return;
          isAsked = true;
          child.kill('SIGINT');
        });
        assert.equal(cancelled.code, 1, cancelled.err);
        assert.equal(at(cancelled.events.at(-1), 'state', 'kind'), 'cancelled');
        assert.equal(await isCordoned(cluster, node), false);
        for (const name of [...brokers, ...controllers]) assert.ok(isReady(await podNamed(cluster, name)), name);
      } finally {
        await recover(cluster, node);
      }
    },
  },
];

export const nodeDrain: Suite = {
  name: 'node-drain',
  isLong: true,
  needs: [],
  tests: tests.map((test) => ({
    ...test,
    skippedBecause: (cluster) => whyNotBuilt() ?? test.skippedBecause?.(cluster),
  })),
};

/** What the bed itself runs on a node may have an emptyDir or no controller. */
const consent = (node: string): readonly string[] => ['--confirm', node];

const drain = (cluster: TestCluster, node: string, onEvent?: Parameters<typeof runProgram>[2]): Promise<ProgramRun> =>
  runProgram(cluster, ['drain', `node/${node}`, '--empty-dir', 'lose', ...consent(node), ...unasked], onEvent);

const preconditionsOf = (events: readonly JsonObject[]): readonly Json[] =>
  asArray(
    at(
      events.find(({ type }) => type === 'plan'),
      'plan',
      'preconditions',
    ),
  );

const podNamed = (cluster: TestCluster, name: string): Promise<JsonObject> => read(cluster, '-n', movable, 'pod', name);

async function membersOn(cluster: TestCluster, node: string): Promise<string[]> {
  const pods = await readItems(cluster, '-n', movable, 'pods', '--field-selector', `spec.nodeName=${node}`);
  return pods.map((pod) => asText(at(pod, 'metadata', 'name'))).toSorted();
}

/** One with a broker and not with the majority of the controllers. */
async function nodeToDrain(cluster: TestCluster): Promise<string> {
  for (const name of brokers) {
    const node = await nodeOf(cluster, { namespace: movable, name });
    const members = await membersOn(cluster, node);
    if (members.filter((member) => member.startsWith('kafka-controllers')).length < 2) return node;
  }
  throw new Error('Every node with a broker has two controllers.');
}

/** Every member is awaited before the next acts, and controllers go last. */
function assertOneAtATime({ events }: ProgramRun, members: readonly string[]): void {
  const told = events
    .filter((event) => isStep(event, 'acting') || isStep(event, 'finishing'))
    .map(({ step, phase }) => ({ member: asText(step).split('/').at(-1) ?? '', phase: asText(phase) }))
    .filter(({ member }) => members.includes(member));
  const order = told.filter(({ phase }) => phase === 'acting').map(({ member }) => member);
  assert.deepEqual(order.toSorted(), [...members]);
  const isController = (member: string): boolean => member.startsWith('kafka-controllers');
  assert.deepEqual(order, [...order.filter((member) => !isController(member)), ...order.filter(isController)]);
  assert.deepEqual(
    told.map(({ member, phase }) => `${member} ${phase}`),
    order.flatMap((member) => [`${member} acting`, `${member} finishing`]),
  );
}

/** With one node drained, another has two of the three controllers. */
async function assertMajorityIsGuarded(cluster: TestCluster, drained: string): Promise<void> {
  const places = await Promise.all(controllers.map((name) => nodeOf(cluster, { namespace: movable, name })));
  assert.ok(!places.includes(drained));
  const crowded = places.find((node, index) => places.indexOf(node) < index);
  assert.ok(crowded !== undefined, places.join(', '));
  const { code, events } = await drain(cluster, crowded);
  assert.equal(code, 2);
  const check = preconditionsOf(events).find((one) => at(one, 'id') === 'controllers');
  assert.equal(at(check, 'state'), 'fails');
  assert.equal(await isCordoned(cluster, crowded), false);
}

async function assertEventsTell(cluster: TestCluster, node: string, reasons: readonly string[]): Promise<void> {
  const about = ['--field-selector', `involvedObject.kind=Node,involvedObject.name=${node}`];
  const output = ['-o', 'jsonpath={range .items[*]}{.reason}{"\\n"}{end}'];
  const told = new Set((await control(cluster, '-n', 'default', 'get', 'events', ...output, ...about)).split('\n'));
  assert.deepEqual(
    reasons.filter((reason) => !told.has(reason)),
    [],
  );
}

/** Uncordoned, and the controllers spread again: one that shares a node is made anew. */
async function recover(cluster: TestCluster, node: string): Promise<void> {
  await tryControl(cluster, ['uncordon', node]);
  for (const set of ['kafka-controllers', 'kafka-brokers']) await waitForSet(cluster, movable, set);
  const seen = new Set<string>();
  for (const name of controllers) {
    const place = await nodeOf(cluster, { namespace: movable, name });
    if (seen.has(place)) await replacePod(cluster, { namespace: movable, name });
    else seen.add(place);
  }
}
