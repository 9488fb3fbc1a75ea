import type { ClusterJudge } from '#core/live/judge.ts';
import type { InsideFacts } from '#core/live/model.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem, type Clock, type Cluster, type Stoppable } from '#core/live/ports.ts';
import type { Cancellation } from '#core/ports.ts';

/** Asks the systems themselves, one question for each data cluster at a time. */
export class Inspections {
  private readonly cluster: Cluster;
  private readonly clock: Clock;
  private readonly judge: ClusterJudge;
  private readonly cancellation: Cancellation;
  private readonly changed: (key: string) => void;
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    cluster: Cluster,
    clock: Clock,
    judge: ClusterJudge,
    cancellation: Cancellation,
    changed: (key: string) => void,
  ) {
    this.cluster = cluster;
    this.clock = clock;
    this.judge = judge;
    this.cancellation = cancellation;
    this.changed = changed;
  }

  /** Resolves when there is an answer; the same promise for all who ask meanwhile. Never rejects. */
  inspect(key: string): Promise<void> {
    const running = this.running.get(key);
    if (running) return running;
    const asked = this.ask(key).finally(() => this.running.delete(key));
    this.running.set(key, asked);
    return asked;
  }

  /** Asks now and again so long after each answer. A cluster that is not there is asked when it comes. */
  keep(key: string, everyMs: number): Stoppable {
    let isStopped = false;
    let timer: Stoppable | undefined;
    const again = async (): Promise<void> => {
      await this.inspect(key);
      if (!isStopped && !this.cancellation.isCancellationRequested) {
        timer = this.clock.after(everyMs, () => void again());
      }
    };
    void again();
    return {
      stop: () => {
        isStopped = true;
        timer?.stop();
      },
    };
  }

  private async ask(key: string): Promise<void> {
    const cluster = this.judge.find(key)?.cluster;
    const live = cluster && this.judge.systemOf(cluster);
    if (!cluster || !live?.inspect || this.cancellation.isCancellationRequested) return;
    const access = { cluster: this.cluster, clock: this.clock, cancellation: this.cancellation };
    const answer = await live.inspect(cluster, access).catch((error: unknown) => this.failed(error));
    if (this.cancellation.isCancellationRequested) return;
    if (this.judge.answer(key, answer, this.clock.now())) this.changed(key);
  }

  private failed(error: unknown): InsideFacts {
    const reason = error instanceof ClusterProblem ? plainText(error.message) : 'an error inside this program';
    return { askedAt: this.clock.now(), facts: undefined, problems: [reason] };
  }
}
