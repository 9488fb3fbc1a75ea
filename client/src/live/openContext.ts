import { RevisionReader } from '#client/live/revisionReader.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import type { Cluster, Stoppable } from '#core/live/ports.ts';
import type { ContextChange, ContextWatch } from '#core/live/view.ts';

/** Time between two questions to a system that is asked again and again, in milliseconds. */
const ASK_EVERY_MS = 30_000;

/** Why a system is asked again and again. It is asked as long as one of the reasons holds. */
export type AskReason = 'user' | 'expanded';

interface Asking {
  readonly reasons: Set<AskReason>;
  readonly question: Stoppable;
}

interface ListenedEvents extends Stoppable {
  events: readonly LiveEvent[] | undefined;
}

/** A context that is watched, with what is being asked and listened to in it. Stopping it stops all of that. */
export class OpenContext {
  readonly cluster: Cluster;
  readonly watch: ContextWatch;
  readonly revisions: RevisionReader;
  readonly #changed: () => void;
  readonly #watching: Stoppable;
  readonly #asking = new Map<string, Asking>();
  readonly #events = new Map<string, ListenedEvents>();

  constructor(
    cluster: Cluster,
    watch: ContextWatch,
    listeners: { readonly changed: () => void; readonly told: (change: ContextChange) => void },
  ) {
    this.cluster = cluster;
    this.watch = watch;
    this.#changed = listeners.changed;
    this.revisions = new RevisionReader(cluster, watch, listeners.changed);
    this.#watching = watch.onDidChange((change) => {
      listeners.told(change);
      listeners.changed();
      // What cannot be read is left out of the rows.
      if (change.rest) this.revisions.follow().catch(() => undefined);
    });
  }

  get asked(): ReadonlySet<string> {
    return new Set(this.#asking.keys());
  }

  get events(): ReadonlyMap<string, readonly LiveEvent[]> {
    return new Map([...this.#events].flatMap(([key, { events }]) => (events ? [[key, events] as const] : [])));
  }

  keepAsking(key: string, reason: AskReason): void {
    const known = this.#asking.get(key);
    if (known) {
      known.reasons.add(reason);
      return;
    }
    this.#asking.set(key, { reasons: new Set([reason]), question: this.watch.keepInspecting(key, ASK_EVERY_MS) });
    this.#changed();
  }

  /** @param reason undefined: for whatever reason it was asked */
  stopAsking(key: string, reason?: AskReason): void {
    const known = this.#asking.get(key);
    if (!known) return;
    if (reason !== undefined) {
      known.reasons.delete(reason);
      if (known.reasons.size > 0) return;
    }
    known.question.stop();
    this.#asking.delete(key);
    this.#changed();
  }

  showEvents(key: string): void {
    if (this.#events.has(key)) return;
    const listened: ListenedEvents = { events: undefined, stop: () => undefined };
    this.#events.set(key, listened);
    const listening = this.watch.watchEvents(key, (events) => {
      listened.events = events;
      this.#changed();
    });
    listened.stop = () => listening.stop();
  }

  hideEvents(key: string): void {
    this.#events.get(key)?.stop();
    this.#events.delete(key);
  }

  stop(): void {
    for (const { question } of this.#asking.values()) question.stop();
    for (const listened of this.#events.values()) listened.stop();
    this.#asking.clear();
    this.#events.clear();
    this.#watching.stop();
    this.watch.stop();
  }
}
