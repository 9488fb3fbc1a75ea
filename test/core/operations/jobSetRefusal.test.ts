import { describe, expect, it } from 'vitest';
import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { ClusterProblem, type JsonObject } from '#core/live/ports.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import { usualSettings } from '#core/operations/run.ts';
import { operations } from '#core/systems/operations.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import { formatTime } from '#core/time.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { namespace as namespaceOf } from '#test/support/liveObjects.ts';

const kind = { group: 'trainer.kubeflow.org', version: 'v1alpha1', plural: 'trainjobs', namespaced: true };
const resource = { ...kind, kind: 'TrainJob', verbs: [], versions: ['v1alpha1'] };
const jobSets = { group: 'jobset.x-k8s.io', version: 'v1alpha2', plural: 'jobsets', namespaced: true };
const pods = { group: '', version: 'v1', plural: 'pods', namespaced: true };

const webhook = 'admission webhook "vjobset.kb.io" denied the request: spec.replicatedJobs: Invalid value';
/** As trainer 2.0.0 tells it: cut off in the midst of the value. */
const REFUSED = `TrainJob resources reconciliation failed: ${webhook}: []v1alpha2.ReplicatedJob{v1alpha2.ReplicatedJob{Name:"node", ...`;
const UNREACHED =
  'TrainJob resources reconciliation failed: Internal error occurred: failed calling webhook "vjobset.kb.io": failed to call webhook: Post "https://jobset": connect: connection refused';

interface World {
  readonly cluster: FakeCluster;
  readonly clock: FakeClock;
  /** What is seen and told at the moment. */
  set(state: { readonly suspend: boolean; readonly jobSet?: boolean; readonly since?: number }): void;
  tell(message: string, more?: JsonObject): void;
}

function worldWith(isSuspended: boolean): World {
  const cluster = new FakeCluster();
  const clock = new FakeClock();
  cluster.serve(resource, { ...jobSets, kind: 'JobSet', verbs: [], versions: ['v1alpha2'] });
  const world: World = {
    cluster,
    clock,
    set: ({ suspend, jobSet, since = clock.now() }) => {
      const status = suspend ? 'True' : 'False';
      const condition = { type: 'Suspended', status, lastTransitionTime: formatTime(since) };
      const metadata = { name: 'bert', namespace: 'ml', uid: 'first' };
      const spec = { runtimeRef: { name: 'torch' }, suspend };
      cluster.put({ apiVersion: 'trainer.kubeflow.org/v1alpha1', kind: 'TrainJob', metadata, spec });
      const [job] = cluster.objectsOf(kind);
      cluster.put({ ...job, status: { conditions: [condition] } });
      if (jobSet === undefined) return;
      const ofSet = { name: 'bert', namespace: 'ml', uid: 'set' };
      cluster.put({
        apiVersion: 'jobset.x-k8s.io/v1alpha2',
        kind: 'JobSet',
        metadata: ofSet,
        spec: { suspend: jobSet },
      });
    },
    tell: (message, more = {}) =>
      cluster.put({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `bert.${message.length}`, namespace: 'ml', uid: `event ${message.length}` },
        involvedObject: { kind: 'TrainJob', name: 'bert', namespace: 'ml', uid: 'first' },
        type: 'Warning',
        reason: 'TrainJobResourcesCreationFailed',
        message,
        lastTimestamp: formatTime(clock.now()),
        ...more,
      }),
  };
  cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ml' } });
  world.set({ suspend: isSuspended, jobSet: isSuspended });
  if (!isSuspended) cluster.put(podOf());
  return world;
}

const podOf = (): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'bert-node-0-0', namespace: 'ml', labels: { 'jobset.sigs.k8s.io/jobset-name': 'bert' } },
  spec: { containers: [{ name: 'node', image: 'pytorch' }] },
  status: { phase: 'Running' },
});

function dataOf({ cluster }: World): ReturnType<typeof tfjobLive.gather>[number] {
  const decode = decodeCustom(resource);
  const customs = cluster.objectsOf(kind).flatMap((one) => decode(one) ?? []);
  const found = cluster.objectsOf(pods).flatMap((one) => decodePod(one) ?? []);
  const [data] = tfjobLive.gather(namespaceOf({ namespace: 'ml', customs, pods: found }));
  if (!data) throw new Error('There is no job.');
  return data;
}

const planOf = (world: World, operation: 'suspend' | 'unsuspend'): Promise<Plan> =>
  operations.plan({ operation }, { data: dataOf(world), cluster: world.cluster, clock: world.clock, id: 'plan' });

interface Ran {
  readonly record: RunRecord | undefined;
  readonly seconds: number;
}

/** Calls `live` every second with how many have passed since the wish was written, and ends after `limit` seconds at the latest. */
async function run(
  world: World,
  plan: Plan,
  live: (second: number) => void,
  earlier?: RunRecord,
  limit = 60,
): Promise<Ran> {
  const { cluster, clock } = world;
  const end: { record?: RunRecord } = {};
  const order = { plan, clusters: [dataOf(world)], ...(earlier ? { earlier } : {}) };
  const control = { wish: 'run' } as const;
  const ports = { cluster, clock, runner: 'ann@desk', control, listener: () => undefined, settings: usualSettings };
  void operations.run(order, ports).then((record) => (end.record = record));
  const isWritten = (): boolean =>
    earlier !== undefined || cluster.writes.some(({ address }) => address.plural === kind.plural && !isDry(cluster));
  let second = 0;
  for (let tries = 0; tries < 30 && !isWritten(); tries += 1) await clock.pass(500);
  for (; second < limit && !end.record; second += 1) {
    live(second);
    await clock.pass(1000);
  }
  return { record: end.record, seconds: second };
}

const isDry = ({ writes }: FakeCluster): boolean =>
  writes.findLast(({ address }) => address.plural === kind.plural)?.options.dryRun === true;

/** What a person is told; nothing where the run does not pause. */
function pauseOf(record: RunRecord | undefined): string {
  return record?.state.kind === 'paused' ? `${record.state.reason} ${record.state.fix}` : '';
}

describe('a JobSet that refuses', () => {
  it('to be suspended pauses the run within seconds, and says what, why and what to do', async () => {
    const world = worldWith(false);
    const { record, seconds } = await run(world, await planOf(world, 'suspend'), (second) => {
      if (second === 0) world.set({ suspend: true });
      if (second <= 2) world.tell(REFUSED);
    });
    expect(pauseOf(record)).toContain('The JobSet of TrainJob bert refuses to be suspended');
    expect(pauseOf(record)).toContain(`Kubeflow Trainer tells: ${webhook}. Take the edit`);
    expect(seconds).toBeGreaterThanOrEqual(5);
    expect(seconds).toBeLessThanOrEqual(8);
    expect(world.cluster.objectsOf(pods)).toHaveLength(1);
  });

  it('to go on pauses the run as well', async () => {
    const world = worldWith(true);
    const { record } = await run(world, await planOf(world, 'unsuspend'), (second) => {
      if (second > 0) return;
      world.set({ suspend: false });
      world.tell(`(combined from similar events): ${REFUSED}`);
    });
    expect(pauseOf(record)).toContain('refuses to go on');
  });

  it('is known by the rules of its definition too', async () => {
    const world = worldWith(false);
    const { record } = await run(world, await planOf(world, 'suspend'), (second) => {
      if (second === 0) world.set({ suspend: true });
      world.tell(
        'failed: JobSet.jobset.x-k8s.io "bert" is invalid: spec.failurePolicy: Invalid value: "object": Value is immutable',
      );
    });
    expect(pauseOf(record)).toContain('spec.failurePolicy');
  });

  it.each<readonly [string, (world: World, second: number) => void]>([
    ['the webhook cannot be reached', (world) => world.tell(UNREACHED)],
    ['the last that was told may go by itself', (world, second) => world.tell(second === 0 ? REFUSED : UNREACHED)],
    ...[1, 2].map((name): readonly [string, (world: World) => void] => [
      `that was told in the same second, as ${name} of 2`,
      (world) => {
        world.tell(UNREACHED, { metadata: { name: `${name}`, namespace: 'ml', uid: 'a' } });
        world.tell(REFUSED, { metadata: { name: `${3 - name}`, namespace: 'ml', uid: 'b' } });
      },
    ]),
    [
      'it was told of another object of this name',
      (world) => world.tell(REFUSED, { involvedObject: { name: 'bert', uid: 'other' } }),
    ],
    ['it was told for another reason', (world) => world.tell(REFUSED, { reason: 'Other' })],
    [
      'it was told before the trainer took the wish up',
      (world) => world.tell(REFUSED, { lastTimestamp: '2020-01-01T00:00:00Z' }),
    ],
    ['Events may not be read', (world) => world.tell(REFUSED)],
    [
      'its JobSet has followed, and only its pods take long',
      (world) => {
        world.tell(REFUSED);
        world.set({ suspend: true, jobSet: true, since: 0 });
      },
    ],
    [
      'it follows in the end',
      (world, second) => {
        world.tell(REFUSED);
        if (second === 3) world.set({ suspend: true, jobSet: true });
      },
    ],
  ])('is not believed where %s', async (title, live) => {
    const world = worldWith(false);
    if (title.startsWith('Events')) world.cluster.isForbidden = ({ resource: asked }) => asked === 'events';
    const plan = await planOf(world, 'suspend');
    const first = await run(world, plan, (second) => {
      if (second === 0) world.set({ suspend: true });
      live(world, second);
      if (second === 25) world.cluster.remove('Pod', 'bert-node-0-0', 'ml');
    });
    expect(first.record?.state).toEqual({ kind: 'done' });
    // Not before its pods were gone.
    expect(first.seconds).toBeGreaterThanOrEqual(25);
  });

  it('pauses a run that goes on only when it is told again, and is done with once it follows', async () => {
    const world = worldWith(false);
    const plan = await planOf(world, 'suspend');
    const first = await run(world, plan, (second) => {
      if (second > 0) return;
      world.set({ suspend: true });
      world.tell(REFUSED);
    });
    expect(first.record?.state.kind).toBe('paused');
    const again = await run(world, plan, (second) => second === 20 && world.tell(REFUSED), first.record);
    expect(again.record?.state.kind).toBe('paused');
    expect(again.seconds).toBeGreaterThanOrEqual(25);
    const last = await run(
      world,
      plan,
      (second) => {
        if (second !== 20) return;
        world.set({ suspend: true, jobSet: true, since: 0 });
        world.cluster.remove('Pod', 'bert-node-0-0', 'ml');
      },
      again.record,
    );
    expect(last.record?.state).toEqual({ kind: 'done' });
  });

  it('is waited for as ever where the server gives no answer about its JobSet', async () => {
    const world = worldWith(false);
    const get = world.cluster.get.bind(world.cluster);
    world.cluster.get = (address) =>
      address.plural === 'jobsets' ? Promise.reject(new ClusterProblem('forbidden', 'no')) : get(address);
    const { record } = await run(world, await planOf(world, 'suspend'), (second) => {
      if (second === 0) world.set({ suspend: true });
      world.tell(REFUSED);
    });
    expect(record).toBeUndefined();
  });
});
