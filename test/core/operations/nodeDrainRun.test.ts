import { describe, expect, it } from 'vitest';
import { isSetAt, objectAt, textAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { carryOut } from '#core/operations/carryOut.ts';
import type { Plan, PlannedStep, RunRecord } from '#core/operations/model.ts';
import { nodeDrainOf } from '#core/operations/nodeDrain/nodeDrain.ts';
import { uncordon } from '#core/operations/nodeDrain/node.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { describeRun } from '#core/operations/report.ts';
import type { RunControl } from '#core/operations/run.ts';
import { ClusterProblem, type JsonObject, type ObjectAddress } from '#core/live/ports.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { dataCluster, node, NodeCluster, nodePod, planDrain } from './nodeObjects.ts';

const inProd = { namespace: 'prod' };
const nodes = { group: '', version: 'v1', plural: 'nodes', namespaced: false, namespace: '' };

/** A system whose members take some time to come back, on another node. */
class FakeSystem {
  readonly log: string[] = [];
  /** Members whose operator does not heed what it is asked, once each. */
  readonly deaf = new Set<string>();
  readonly #unheeded = new Set<string>();
  readonly #cluster: NodeCluster;
  readonly #clock: FakeClock;
  readonly #backAt = new Map<string, number>();

  constructor(cluster: NodeCluster, clock: FakeClock) {
    this.#cluster = cluster;
    this.#clock = clock;
  }

  get out(): readonly string[] {
    return [...this.#backAt].filter(([, at]) => at > this.#clock.now()).map(([pod]) => pod);
  }

  procedure({ target }: Plan): Procedure {
    const podOf = (step: PlannedStep): string => step.member ?? step.id;
    const isBack = (pod: string): boolean => (this.#backAt.get(pod) ?? Number.POSITIVE_INFINITY) <= this.#clock.now();
    return {
      verifyIdentity: async () => undefined,
      isDone: async ({ step }) => isBack(podOf(step)),
      hasActed: async ({ step }) => this.#backAt.has(podOf(step)),
      prepare: async () => ({}),
      gate: async () => ({ kind: 'yes', evidence: '' }),
      act: async ({ step }) => {
        const pod = podOf(step);
        if (this.deaf.delete(pod)) {
          this.#unheeded.add(pod);
          return { kind: 'acted' };
        }
        this.log.push(`${pod} leaves${this.out.length > 0 ? ` while ${this.out.join()} is out` : ''}`);
        this.#backAt.set(pod, this.#clock.now() + 5000);
        if (step.member !== undefined) this.#cluster.put(nodePod(pod, { ...inProd, node: 'node-2' }));
        return { kind: 'acted' };
      },
      awaited: async ({ step }) => {
        const pod = podOf(step);
        if (this.#unheeded.delete(pod)) return { kind: 'again', reason: `${pod} was not heeded`, remember: {} };
        if (isBack(pod)) return { kind: 'yes', evidence: '' };
        return { kind: 'wait', waitingFor: pod, measure: [this.#clock.now()], isNear: true };
      },
      finish: async ({ step }) => [`${step.id} leads again`],
      leave: async (state, { plan, steps }) => {
        this.log.push(`${plan.target.name} ${state.kind}: ${steps.map(({ id }) => id).join()}`);
        return [`${target.name} is as before`];
      },
    };
  }
}

interface Running {
  readonly plan: Plan;
  readonly cluster: NodeCluster;
  readonly clock: FakeClock;
  readonly system: FakeSystem;
  readonly control: { wish: RunControl['wish'] };
  readonly result: Promise<RunRecord>;
  end(): Promise<RunRecord>;
}

async function running(
  cluster: NodeCluster,
  clusters: readonly DataCluster[],
  wish: Partial<NodeDrainWish> = {},
): Promise<Running> {
  const clock = new FakeClock();
  const system = new FakeSystem(cluster, clock);
  const plan = await planDrain(cluster, clusters, wish);
  const procedures = new Map((plan.parts ?? []).map((part) => [part.target.key, system.procedure(part)]));
  const control: Running['control'] = { wish: 'run' };
  const procedure = nodeDrainOf(plan, { cluster, clock, procedures });
  const result = carryOut({ plan, procedure }, { cluster, clock, runner: 'one', control, listener: () => undefined });
  const end = async (): Promise<RunRecord> => {
    for (let round = 0; round < 1500; round += 1) await clock.pass(500);
    return result;
  };
  return { plan, cluster, clock, system, control, result, end };
}

async function until(holds: () => boolean, { clock }: Running): Promise<void> {
  for (let round = 0; round < 200 && !holds(); round += 1) await clock.pass(250);
  expect(holds()).toBe(true);
}

const isOpen = async (cluster: NodeCluster): Promise<boolean> =>
  !isSetAt(await cluster.get({ ...nodes, name: 'node-1' }), 'spec', 'unschedulable');

function mixed(): NodeCluster {
  const cluster = new NodeCluster();
  cluster.put(nodePod('orders-0', inProd), nodePod('orders-1', inProd), nodePod('audit-0', inProd), nodePod('web'));
  return cluster;
}

const both = [dataCluster('orders'), dataCluster('audit')];

describe('the run of a node drain', () => {
  it('takes one member at a time over all data clusters, before other pods', async () => {
    const run = await running(mixed(), both);
    const record = await run.end();
    expect(record.state).toEqual({ kind: 'done' });
    expect(run.system.log).toEqual(['audit-0 leaves', 'orders-0 leaves', 'orders-1 leaves']);
    expect(run.cluster.evicted).toEqual(['default/web']);
    expect(record.steps.flatMap(({ notes }) => notes)).toEqual([
      'audit-0 leads again',
      'orders-0 leads again',
      'orders-1 leads again',
      'node-1 is empty',
      'node-1 stays cordoned; when it shall take pods again: kubectl uncordon node-1',
    ]);
    expect(describeRun(record)).toContain('kubectl uncordon node-1');
    expect(await isOpen(run.cluster)).toBe(false);
    await uncordon(run.cluster, 'node-1');
    expect(await isOpen(run.cluster)).toBe(true);
  });

  it('carries along what a system does around its members, and asks again where nobody heeded it', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('held-0', inProd));
    const run = await running(cluster, [dataCluster('held')]);
    run.system.deaf.add('held-0');
    const record = await run.end();
    expect(record.state).toEqual({ kind: 'done' });
    expect(run.system.log).toEqual(['hold leaves', 'held-0 leaves', 'release leaves']);
    expect(record.steps.flatMap(({ notes }) => notes)).toContain('held-0 was not heeded');
  });

  it('leaves members on purpose, and says that they are there', async () => {
    const cluster = mixed();
    cluster.put(nodePod('ring-0', inProd));
    const ring = dataCluster('ring', { system: 'cassandra', roles: ['node'] });
    const run = await running(cluster, [...both, ring], { unmovable: 'leave' });
    const record = await run.end();
    expect(record.state).toEqual({ kind: 'done' });
    expect(record.steps.at(-1)?.notes[0]).toBe('Left on node-1 on purpose: prod/ring-0');
    expect(cluster.evicted).toEqual(['default/web']);
  });

  it('lets each part put back what is its own when it is cancelled, and opens the node last', async () => {
    const run = await running(mixed(), both);
    await until(() => run.system.log.length === 2, run);
    run.control.wish = 'cancel';
    const record = await run.end();
    expect(record.state).toEqual({ kind: 'cancelled' });
    expect(run.system.log.slice(2)).toEqual(['audit cancelled: audit-0', 'orders cancelled: orders-0']);
    expect(record.steps.at(-1)?.notes.slice(-3)).toEqual([
      'audit is as before',
      'orders is as before',
      'node-1 takes pods again, as before; pods that have moved stay where they are',
    ]);
    expect(await isOpen(run.cluster)).toBe(true);
  });

  it('does not take a cordon for its own that somebody set meanwhile', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('web'));
    const mergePatch = cluster.mergePatch.bind(cluster);
    let isFirst = true;
    cluster.mergePatch = async (address: ObjectAddress, patch: JsonObject) => {
      if (isFirst) cluster.put(node('node-1', {}, true));
      isFirst = false;
      return mergePatch(address, patch);
    };
    cluster.onEvict = (_pod, isDryRun) => {
      if (!isDryRun) throw new ClusterProblem('forbidden', 'no');
    };
    const run = await running(cluster, []);
    expect((await run.end()).state.kind).toBe('stopped');
    expect(await isOpen(cluster)).toBe(false);
  });

  it('stops when the node is another one, and leaves that one alone', async () => {
    const run = await running(mixed(), both);
    await until(() => run.system.log.length === 1, run);
    run.cluster.remove('Node', 'node-1', '');
    run.cluster.put(node('node-1', {}, true));
    const { state } = await run.end();
    expect(state).toMatchObject({
      kind: 'stopped',
      reason: 'The node node-1 is another one than when the plan was made.',
    });
    expect(run.system.log[1]).toMatch(/^audit stopped/);
    expect(await isOpen(run.cluster)).toBe(false);
  });

  it('an eviction that is refused for good ends it with the reason', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('web'));
    cluster.onEvict = (_pod, isDryRun) => {
      if (!isDryRun) throw new ClusterProblem('forbidden', 'a webhook says no.');
    };
    const run = await running(cluster, []);
    expect((await run.end()).state).toMatchObject({
      kind: 'stopped',
      reason: 'The eviction of default/web is refused: a webhook says no.',
    });
    expect(await isOpen(cluster)).toBe(true);
  });

  it('waits for a pod as long as its grace lasts, and pauses when it does not end', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('slow', { spec: { terminationGracePeriodSeconds: 3600 } }));
    const run = await running(cluster, []);
    const ending = new Date(run.clock.now() + 3_600_000).toISOString();
    const slow = nodePod('slow', { spec: { terminationGracePeriodSeconds: 3600 } });
    const [there = {}] = await cluster.list({ group: '', version: 'v1', plural: 'pods', namespaced: true });
    const metadata = {
      ...objectAt(slow, 'metadata'),
      uid: textAt(there, 'metadata', 'uid'),
      deletionTimestamp: ending,
    };
    cluster.put({ ...slow, metadata });
    const isOver: { record?: RunRecord } = {};
    void run.result.then((record) => (isOver.record = record));
    await run.clock.pass(3_500_000);
    expect(isOver.record).toBeUndefined();
    await run.clock.pass(800_000);
    expect((await run.end()).state).toMatchObject({
      kind: 'paused',
      reason: 'Nothing has moved for 10 min while waiting for default/slow to end, which may take its 3600 s',
    });
    expect(await isOpen(cluster)).toBe(false);
  });
});
