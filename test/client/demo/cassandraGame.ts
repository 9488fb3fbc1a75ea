import type { Clock } from '#core/live/ports.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl } from '#core/operations/run.ts';
import type { OperationWish, RestartWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import type { Fate } from './simulatedKafka.ts';
import { RingCluster, SimulatedRing, type RingWanted } from './simulatedRing.ts';

export interface Attempt {
  readonly result: Promise<RunRecord>;
  readonly fate: Fate;
  readonly heard: readonly Progress[];
  readonly control: { wish: RunControl['wish'] };
}

export const alive = (): Fate => ({ isDead: false, diesAt: -1, arrives: false, calls: 0 });

/** A ring, time, and a place where runs are written down. */
export class CassandraGame {
  readonly clock = new FakeClock();
  readonly kept = new FakeCluster();
  readonly ring: SimulatedRing;

  constructor(wanted: RingWanted) {
    this.ring = new SimulatedRing(this.clock, wanted);
  }

  static async begin(wanted: RingWanted): Promise<CassandraGame> {
    const game = new CassandraGame(wanted);
    await game.ring.settle();
    return game;
  }

  /** Time has to pass while nodes are asked. */
  async plan(wish: Partial<RestartWish> | Exclude<OperationWish, RestartWish> = {}, id = 'plan'): Promise<Plan> {
    const cluster = new RingCluster(this.ring, this.kept, alive());
    const full: OperationWish = isRestart(wish) ? { operation: 'restart', level: 'fully replicated', ...wish } : wish;
    const ports = { data: this.ring.data(), cluster, clock: this.clock, id };
    return this.settled(operations.plan(full, ports));
  }

  /** The drain of a Kubernetes node. */
  planNode(node: string): Promise<Plan> {
    const cluster = new RingCluster(this.ring, this.kept, alive());
    const ports = { clusters: [this.ring.data()], cluster, clock: this.clock, id: 'plan' };
    return this.settled(operations.planNodeDrain({ node, emptyDir: 'keep' }, ports));
  }

  attempt(plan: Plan, runner: string, fate = alive(), earlier?: RunRecord, confirmed?: string): Attempt {
    const { clock } = this;
    const heard: Progress[] = [];
    const control: Attempt['control'] = { wish: 'run' };
    const mortal: Clock = {
      now: () => clock.now(),
      after: (milliseconds, call) => clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
    };
    const result = operations.run(
      {
        plan,
        clusters: [this.ring.data()],
        ...(earlier ? { earlier } : {}),
        ...(confirmed === undefined ? {} : { confirmed }),
      },
      {
        cluster: new RingCluster(this.ring, this.kept, fate),
        clock: mortal,
        runner,
        control,
        listener: (progress) => void heard.push(progress),
      },
    );
    return { result, fate, heard, control };
  }

  /** Lets time pass until it is over or dead. */
  async toTheEnd(
    { result, fate, heard }: Attempt,
    everySecond: () => void = () => undefined,
  ): Promise<RunRecord | undefined> {
    const end: { record?: RunRecord } = {};
    void result.then((record) => (end.record = record));
    for (let seconds = 0; end.record === undefined && !fate.isDead; seconds += 1) {
      if (seconds > 7200) throw new Error(`It never ends: ${JSON.stringify(heard.slice(-4).map(wordsOf))}`);
      await this.clock.pass(1000);
      this.ring.measure();
      everySecond();
    }
    return end.record;
  }

  /** Lets time pass until something holds. */
  async until(holds: () => boolean): Promise<void> {
    for (let times = 0; !holds(); times += 1) {
      if (times > 7200) throw new Error('It does not come to hold.');
      await this.clock.pass(250);
      this.ring.measure();
    }
  }

  async earlier(plan: Plan): Promise<RunRecord | undefined> {
    return (await readJournalOf(this.kept, plan.target))?.current;
  }

  async settled<T>(work: Promise<T>): Promise<T> {
    const end = { isOver: false };
    const over = (): void => void (end.isOver = true);
    work.then(over, over);
    for (let times = 0; !end.isOver && times < 1000; times += 1) await this.clock.pass(250);
    return work;
  }

  end(): void {
    this.ring.simulation.stop();
  }
}

/** What a run said, for whoever reads why a test failed. */
function wordsOf(progress: Progress): string {
  if (progress.kind === 'waiting') return `${progress.phase}: ${progress.waitingFor}`;
  if (progress.kind === 'step') return `${progress.step.id} is ${progress.phase}`;
  return progress.kind === 'note' ? progress.text : progress.state.kind;
}

function isRestart(wish: Partial<RestartWish> | OperationWish): wish is Partial<RestartWish> {
  return (wish.operation ?? 'restart') === 'restart';
}
