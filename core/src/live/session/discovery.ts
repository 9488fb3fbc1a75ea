import type { LiveMetadata } from '#core/live/objects.ts';
import type { ApiResource, Clock, Cluster, Stoppable } from '#core/live/ports.ts';

import { resourceName } from '#core/live/resources.ts';
import { SECOND_MS } from '#core/live/session/delays.ts';

/** How long after a definition was seen, or discovery failed, it is asked again: a new kind is served a moment later, rarely minutes. */
const RETRIES = [1, 3, 10, 30, 120].map((seconds) => seconds * SECOND_MS);

/** Which kinds the server serves, kept up to date by the definitions that appear. */
export class Discovery {
  private readonly cluster: Cluster;
  private readonly clock: Clock;
  private readonly groups: ReadonlySet<string>;
  private readonly found: () => void;
  /** How often discovery was asked for a reason: the uid of a definition, or a group that failed. */
  private readonly attempts = new Map<string, number>();
  private timer: Stoppable | undefined;
  private isRunning = false;
  private isStopped = false;
  served: readonly ApiResource[] = [];
  /** Has been asked once, whatever came of it. */
  isAsked = false;
  /** What discovery failed with last. */
  failure: unknown = undefined;

  /** @param groups those whose kinds are of interest */
  constructor(cluster: Cluster, clock: Clock, groups: ReadonlySet<string>, found: () => void) {
    this.cluster = cluster;
    this.clock = clock;
    this.groups = groups;
    this.found = found;
  }

  async run(): Promise<void> {
    if (this.isRunning || this.isStopped) return;
    this.isRunning = true;
    try {
      const { resources, failed } = await this.cluster.resources();
      this.served = resources;
      this.failure = undefined;
      this.retryFor(failed.filter((group) => this.groups.has(group)));
    } catch (error) {
      this.failure = error;
      this.retryFor(['']);
    }
    this.isRunning = false;
    this.isAsked = true;
    if (!this.isStopped) this.found();
  }

  /** Asks again when there is a definition of a group of interest whose kind was not served yet. Bounded for each definition. */
  consider(definitions: readonly LiveMetadata[]): void {
    const served = new Set(this.served.map(resourceName));
    const unserved = definitions.filter(({ meta: { name } }) => this.groups.has(groupOf(name)) && !served.has(name));
    this.retryFor(unserved.map(({ meta }) => meta.uid));
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.stop();
  }

  private retryFor(reasons: readonly string[]): void {
    if (this.timer || this.isStopped || !this.hasAttempts(reasons)) return;
    const delay = Math.min(...reasons.flatMap((reason) => RETRIES[this.attempts.get(reason) ?? 0] ?? []));
    this.timer = this.clock.after(delay, () => {
      this.timer = undefined;
      for (const reason of reasons) this.attempts.set(reason, (this.attempts.get(reason) ?? 0) + 1);
      void this.run();
    });
  }

  private hasAttempts(reasons: readonly string[]): boolean {
    return reasons.some((reason) => (this.attempts.get(reason) ?? 0) < RETRIES.length);
  }
}

/** `kafkas.kafka.strimzi.io` is of the group `kafka.strimzi.io`. */
export function groupOf(definition: string): string {
  return definition.slice(definition.indexOf('.') + 1);
}
