import { decodeEvent } from '#core/live/decode/event.ts';
import { uidOf } from '#core/live/decode/meta.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';
import type { Clock, Cluster, ClusterProblem, Stoppable, WatchEvent, WatchQuery } from '#core/live/ports.ts';
import { FLUSH_MS, REASON_LENGTH } from '#core/live/session/delays.ts';
import type { AccessLimit } from '#core/live/view.ts';

/** Most events that are told of one data cluster; the server keeps them for an hour, and a crash loop makes many. */
const EVENT_LIMIT = 500;

const EVENTS: Omit<WatchQuery, 'namespace'> = { group: '', version: 'v1', plural: 'events', namespaced: true };

interface Listening {
  readonly cluster: () => DataCluster | undefined;
  readonly listener: (events: readonly LiveEvent[]) => void;
  told: readonly LiveEvent[] | undefined;
}

/** The events of one namespace, watched as long as somebody listens. */
export class NamespaceEvents {
  private readonly clock: Clock;
  private readonly events = new Map<string, LiveEvent>();
  private readonly listening = new Set<Listening>();
  private readonly subscription: Stoppable;
  private readonly refused: (problem: ClusterProblem) => void;
  private fresh: Set<string> | undefined;
  private timer: Stoppable | undefined;
  private isWhole = false;

  constructor(cluster: Cluster, clock: Clock, namespace: string, refused: (problem: ClusterProblem) => void) {
    this.clock = clock;
    this.refused = refused;
    this.subscription = cluster.watch({ ...EVENTS, namespace }, (event) => this.take(event));
  }

  get isHeard(): boolean {
    return this.listening.size > 0;
  }

  /** @param cluster as it is when the events are told; undefined while it is not there */
  listen(cluster: Listening['cluster'], listener: Listening['listener']): Stoppable {
    const entry: Listening = { cluster, listener, told: undefined };
    this.listening.add(entry);
    if (this.isWhole) this.schedule();
    return { stop: () => void this.listening.delete(entry) };
  }

  stop(): void {
    this.subscription.stop();
    this.timer?.stop();
    this.listening.clear();
  }

  private take(event: WatchEvent): void {
    if (event.type === 'reset') this.fresh = new Set();
    else if (event.type === 'put') {
      const decoded = decodeEvent(event.object);
      this.fresh?.add(uidOf(event.object));
      if (decoded) this.events.set(decoded.meta.uid, decoded);
    } else if (event.type === 'remove') this.events.delete(uidOf(event.object));
    else if (event.type === 'synced') this.dropOld();
    else if (event.type === 'ended') {
      this.isWhole = true;
      this.events.clear();
      this.refused(event.problem);
    }
    if (this.isWhole) this.schedule();
  }

  private dropOld(): void {
    this.isWhole = true;
    const { fresh } = this;
    this.fresh = undefined;
    if (fresh) for (const uid of this.events.keys()) if (!fresh.has(uid)) this.events.delete(uid);
  }

  private schedule(): void {
    this.timer ??= this.clock.after(FLUSH_MS, () => {
      this.timer = undefined;
      for (const entry of this.listening) this.tell(entry);
    });
  }

  private tell(entry: Listening): void {
    const cluster = entry.cluster();
    const about = cluster ? subjectsOf(cluster) : new Set<string>();
    const own = [...this.events.values()].filter((event) => about.has(`${event.about.kind}/${event.about.name}`));
    const sorted = own.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)).slice(-EVENT_LIMIT);
    const isSame =
      entry.told?.length === sorted.length && sorted.every((event, index) => event === entry.told?.[index]);
    if (isSame) return;
    entry.told = sorted;
    entry.listener(sorted);
  }
}

/** Everything of a data cluster that an event may be about. By name, since what happened to a pod of yesterday explains today. */
function subjectsOf(cluster: DataCluster): ReadonlySet<string> {
  const objects = [...cluster.workloads, ...cluster.services, ...cluster.claims, ...cluster.budgets];
  const customs = [...cluster.customs, ...(cluster.resource ? [cluster.resource] : [])];
  const members = cluster.members.flatMap(({ name, pod }) => [`Pod/${name}`, `Pod/${pod?.meta.name ?? name}`]);
  return new Set([
    ...members,
    ...objects.map(({ kind, meta }) => `${kind}/${meta.name}`),
    ...customs.map(({ customKind, meta }) => `${customKind}/${meta.name}`),
  ]);
}

/** Who listens to events, by namespace. What may not be read is named in `limits`. */
export class EventListeners {
  private readonly cluster: Cluster;
  private readonly clock: Clock;
  private readonly changed: () => void;
  private readonly namespaces = new Map<string, NamespaceEvents>();
  private readonly refused = new Map<string, AccessLimit>();

  constructor(cluster: Cluster, clock: Clock, changed: () => void) {
    this.cluster = cluster;
    this.clock = clock;
    this.changed = changed;
  }

  get limits(): readonly AccessLimit[] {
    return [...this.refused.values()];
  }

  listen(
    cluster: () => DataCluster | undefined,
    namespace: string,
    listener: (events: readonly LiveEvent[]) => void,
  ): Stoppable {
    const events = this.namespaces.get(namespace) ?? this.open(namespace);
    const listening = events.listen(cluster, listener);
    return {
      stop: () => {
        listening.stop();
        if (events.isHeard || this.namespaces.get(namespace) !== events) return;
        events.stop();
        this.namespaces.delete(namespace);
      },
    };
  }

  stop(): void {
    for (const events of this.namespaces.values()) events.stop();
    this.namespaces.clear();
  }

  private open(namespace: string): NamespaceEvents {
    const events = new NamespaceEvents(this.cluster, this.clock, namespace, (problem) => {
      const reason = plainText(problem.message, REASON_LENGTH);
      this.refused.set(namespace, { verb: 'list', group: '', resource: 'events', namespace, reason });
      this.changed();
    });
    this.namespaces.set(namespace, events);
    return events;
  }
}
