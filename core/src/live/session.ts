import { ClusterJudge } from '#core/live/judge.ts';
import { liveSystems, type WatchedSystem } from '#core/live/liveSystems.ts';
import type { LiveClaim, LiveEvent, LiveMetadata, NamespaceObjects } from '#core/live/objects.ts';
import { viewOperators } from '#core/live/operators/viewOperators.ts';
import { ClusterProblem, type Clock, type Cluster, type ServerVersion, type Stoppable } from '#core/live/ports.ts';
import { viewReleases } from '#core/live/helm/releases.ts';
import { builtInWatches, customWatches } from '#core/live/resources.ts';
import { keptIfSame } from '#core/live/sameShape.ts';
import { viewDefinitions } from '#core/live/session/definitions.ts';
import {
  BEAT_MS,
  BEAT_PARTS,
  FLUSH_MS,
  GATHER_MS,
  LONGEST_PAUSE_MS,
  PATIENCE_MS,
  RECONNECT_MS,
} from '#core/live/session/delays.ts';
import { Discovery } from '#core/live/session/discovery.ts';
import { EventListeners } from '#core/live/session/events.ts';
import { Inspections } from '#core/live/session/inspections.ts';
import { Summaries } from '#core/live/session/summaries.ts';
import { Watches } from '#core/live/session/watches.ts';
import { ObjectStore } from '#core/live/store.ts';
import type { ContextChange, ContextView, ContextWatch, StoredRevision } from '#core/live/view.ts';
import type { Log } from '#core/ports.ts';
import type { StoryMoment } from '#core/live/model.ts';
import type { SystemKind } from '#core/systems/contract.ts';

export interface WatchOptions {
  readonly clock: Clock;
  /** Watched one by one where all at once is not allowed. Default: the namespace of the context. */
  readonly namespaces?: readonly string[];
  /** Watch nothing outside them, whatever is allowed. Needs `namespaces`. */
  readonly isOnlyThose?: boolean;
  /** Changes within this time become one change of the view. */
  readonly flushMs?: number;
  /** Default: all that we know. */
  readonly systems?: readonly WatchedSystem[];
  /** Told of errors inside this program; nothing else is. */
  readonly log?: Log;
}

/** Watches everything a context shows, from now on until it is stopped. Asks the cluster nothing that it does not need for the view. */
export function watchContext(cluster: Cluster, options: WatchOptions): ContextWatch {
  const session = new Session(cluster, options);
  session.start();
  return session;
}

const CONNECTING: ContextView = {
  phase: 'connecting',
  problem: undefined,
  version: undefined,
  namespaces: undefined,
  clusters: [],
  releases: [],
  operators: [],
  definitions: [],
  limits: [],
};

type TimerName = 'flush' | 'beat' | 'patience' | 'connect' | 'gather';

class Session implements ContextWatch {
  readonly ready: Promise<void>;
  view: ContextView = CONNECTING;

  private readonly cluster: Cluster;
  private readonly clock: Clock;
  private readonly flushMs: number;
  private readonly kinds: readonly SystemKind[];
  private readonly store = new ObjectStore();
  private readonly judge: ClusterJudge;
  private readonly watches: Watches;
  private readonly discovery: Discovery;
  private readonly inspections: Inspections;
  private readonly events: EventListeners;
  private readonly operators = new Summaries(viewOperators);
  private readonly releases = new Summaries(viewReleases);
  private readonly listeners = new Set<(change: ContextChange) => void>();
  private readonly cancellation = { isCancellationRequested: false };
  private readonly timers = new Map<TimerName, Stoppable>();
  private readonly isReady: () => void;
  private version: ServerVersion | undefined;
  /** Why there is no connection. */
  private refusal: ClusterProblem | undefined;
  /** Namespaces whose data clusters got new states since they were gathered. */
  private readonly owed = new Set<string>();
  private isPatient = true;
  private isShown = false;
  private flushedAt = Number.NEGATIVE_INFINITY;
  private flushCost = 0;

  constructor(cluster: Cluster, options: WatchOptions) {
    const { clock, namespaces = [cluster.context.namespace], isOnlyThose = false, systems = liveSystems } = options;
    const { promise, resolve } = newPromise();
    this.ready = promise;
    this.isReady = resolve;
    this.cluster = cluster;
    this.clock = clock;
    this.flushMs = options.flushMs ?? FLUSH_MS;
    this.kinds = systems.flatMap(({ kinds }) => kinds);
    this.judge = new ClusterJudge(systems, (error) => options.log?.error('A data cluster could not be judged', error));
    const changed = (): void => this.schedule();
    this.watches = new Watches(cluster, this.store, { namespaces, isOnly: isOnlyThose }, changed);
    const groups = new Set(this.kinds.map(({ group }) => group));
    this.discovery = new Discovery(cluster, clock, groups, () => this.discovered());
    this.inspections = new Inspections(cluster, clock, this.judge, this.cancellation, (key) => this.publish([key]));
    this.events = new EventListeners(cluster, clock, changed);
  }

  start(): void {
    this.connect(0);
  }

  onDidChange(listener: (change: ContextChange) => void): Stoppable {
    this.listeners.add(listener);
    return { stop: () => void this.listeners.delete(listener) };
  }

  inspect(key: string): Promise<void> {
    return this.inspections.inspect(key);
  }

  keepInspecting(key: string, everyMs: number): Stoppable {
    return this.inspections.keep(key, everyMs);
  }

  story(key: string, events: readonly LiveEvent[]): readonly StoryMoment[] {
    const cluster = this.judge.find(key)?.cluster;
    if (cluster === undefined) return [];
    return this.judge.systemOf(cluster)?.story?.(cluster, events, this.clock.now()) ?? [];
  }

  watchEvents(key: string, listener: (events: readonly LiveEvent[]) => void): Stoppable {
    return this.events.listen(() => this.judge.find(key)?.cluster, namespaceOf(key), listener);
  }

  get others(): { readonly claims: readonly LiveClaim[]; readonly secrets: readonly LiveMetadata[] } {
    const taken = new Set(this.view.clusters.flatMap(({ cluster }) => cluster.claims));
    const all = this.store.namespaceNames.toSorted().map((name) => this.store.objectsOf(name, new Set()));
    return {
      claims: all.flatMap(({ claims }) => claims.filter((claim) => !taken.has(claim))),
      secrets: all.flatMap(({ helmSecrets }) => helmSecrets),
    };
  }

  isGone({ namespace, uid, isConfigMap }: StoredRevision): boolean {
    if (!this.watches.isSeenIn(namespace, isConfigMap === true ? 'configmaps' : 'secrets')) return false;
    return !this.store.objectsOf(namespace, new Set()).helmSecrets.some(({ meta }) => meta.uid === uid);
  }

  stop(): void {
    this.cancellation.isCancellationRequested = true;
    for (const timer of this.timers.values()) timer.stop();
    this.timers.clear();
    this.watches.stop();
    this.discovery.stop();
    this.events.stop();
    this.listeners.clear();
    this.isReady();
  }

  private get isStopped(): boolean {
    return this.cancellation.isCancellationRequested;
  }

  private later(name: TimerName, milliseconds: number, call: () => void): void {
    if (this.isStopped || this.timers.has(name)) return;
    const timer = this.clock.after(milliseconds, () => {
      this.timers.delete(name);
      call();
    });
    this.timers.set(name, timer);
  }

  /** The version is asked first and alone, so that a login happens once and before anything else. */
  private connect(attempt: number): void {
    this.cluster.version(this.cancellation).then(
      (version) => this.connected(version),
      (error: unknown) => this.refused(asProblem(error), attempt),
    );
  }

  private refused(problem: ClusterProblem, attempt: number): void {
    if (this.isStopped) return;
    if (isAnswer(problem)) return this.connected(undefined);
    this.refusal = problem;
    if (isPassing(problem)) {
      const delay = problem.retryAfterMs ?? RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length - 1)] ?? 0;
      this.later('connect', delay, () => this.connect(attempt + 1));
    }
    this.publish([]);
    this.isReady();
  }

  private connected(version: ServerVersion | undefined): void {
    if (this.isStopped) return;
    this.version = version;
    this.refusal = undefined;
    for (const resource of builtInWatches) this.watches.add(resource);
    void this.discovery.run();
    this.later('patience', PATIENCE_MS, () => {
      this.isPatient = false;
      this.schedule();
    });
    this.later('beat', BEAT_MS, () => this.beat());
    this.schedule();
  }

  private discovered(): void {
    for (const resource of customWatches(this.discovery.served, this.kinds)) this.watches.add(resource);
    this.schedule();
  }

  /** The first change after a quiet time is shown at once. What costs much is done less often, so that time is left for others. */
  private schedule(): void {
    const pause = Math.max(this.flushMs, Math.min(2 * this.flushCost, LONGEST_PAUSE_MS));
    // A clock may be set back at any time.
    const quiet = Math.max(0, this.clock.now() - this.flushedAt);
    this.later('flush', Math.max(0, pause - quiet), () => this.flush());
  }

  private flush(): void {
    const began = this.clock.now();
    const keys = this.canShow() ? this.refresh(began) : [];
    this.discovery.consider(this.store.definitions);
    this.publish(keys);
    this.flushedAt = this.clock.now();
    this.flushCost = this.flushedAt - began;
    const isHopeless = !this.isPatient && this.watches.interruption !== undefined;
    if (this.isShown || this.watches.failure || isHopeless) this.isReady();
  }

  /** Half of the lists would make false sentences: pods without their claims, a cluster without its pods. */
  private canShow(): boolean {
    if (this.isShown) return true;
    const isWhole = this.watches.isSettled && this.discovery.isAsked;
    return isWhole || (!this.isPatient && this.watches.arePodsSettled);
  }

  private refresh(now: number): readonly string[] {
    this.isShown = true;
    const keys: string[] = [];
    for (const [namespace, { isWhole, replaced }] of this.store.takeDirty()) {
      if (isWhole) keys.push(...this.gather(namespace, now));
      else {
        keys.push(...this.judge.replaceStates(namespace, replaced, now));
        this.owed.add(namespace);
        this.summarize(namespace, now);
      }
    }
    this.gatherLater();
    return keys;
  }

  private gather(namespace: string, now: number): readonly string[] {
    this.owed.delete(namespace);
    this.store.forgetDirt(namespace);
    return this.judge.take(this.summarize(namespace, now), now);
  }

  private summarize(namespace: string, now: number): NamespaceObjects {
    const objects = this.store.objectsOf(namespace, this.watches.hiddenIn(namespace));
    this.operators.take(objects, now);
    this.releases.take(objects, now);
    return objects;
  }

  /** One namespace at a time, so that nothing else has to wait for many. */
  private gatherLater(): void {
    if (this.owed.size === 0) return;
    this.later('gather', GATHER_MS / this.owed.size, () => {
      const [namespace] = this.owed;
      if (namespace !== undefined) this.publish(this.gather(namespace, this.clock.now()));
      this.gatherLater();
    });
  }

  /** Nothing is known to last while nothing is heard. */
  private beat(): void {
    this.later('beat', BEAT_MS, () => this.beat());
    if (this.view.phase !== 'live') return;
    const now = this.clock.now();
    for (const namespace of new Set([...this.operators.namespaces, ...this.releases.namespaces])) {
      this.summarize(namespace, now);
    }
    this.publish(this.judge.beat(BEAT_PARTS, now));
  }

  private publish(keys: readonly string[]): void {
    if (this.isStopped) return;
    const { clusters, ...old } = this.view;
    const rest = keptIfSame(old, this.viewRest(old));
    const isSame = rest === old && clusters === this.judge.clusters;
    if (isSame) return;
    this.view = { ...rest, clusters: this.judge.clusters };
    const change: ContextChange = { keys: new Set(keys), rest: rest !== old };
    for (const listener of this.listeners) listener(change);
  }

  private viewRest(old: Omit<ContextView, 'clusters'>): Omit<ContextView, 'clusters'> {
    const { problem, phase } = this.phase();
    const definitions = viewDefinitions(this.discovery.served, this.store.definitions, this.kinds);
    return {
      phase,
      problem,
      version: this.version,
      namespaces: keptIfSame(old.namespaces, this.watches.namespaces),
      releases: this.releases.views,
      operators: this.operators.views,
      definitions: keptIfSame(old.definitions, definitions),
      limits: keptIfSame(old.limits, [...this.watches.limits, ...this.events.limits]),
    };
  }

  private phase(): Pick<ContextView, 'phase' | 'problem'> {
    const { failure, interruption } = this.watches;
    if (failure) return { phase: 'failed', problem: failure };
    if (this.refusal) return { phase: isPassing(this.refusal) ? 'interrupted' : 'failed', problem: this.refusal };
    if (interruption) return { phase: 'interrupted', problem: interruption };
    return { phase: this.isShown ? 'live' : 'connecting', problem: undefined };
  }
}

/** The server is there and takes the login, although it does not answer this question. */
function isAnswer({ kind }: ClusterProblem): boolean {
  return ['forbidden', 'absent', 'conflict', 'invalid', 'server'].includes(kind);
}

/** It may well work later without anybody doing anything. */
function isPassing({ kind }: ClusterProblem): boolean {
  return kind === 'unreachable' || kind === 'busy';
}

function asProblem(error: unknown): ClusterProblem {
  if (error instanceof ClusterProblem) return error;
  return new ClusterProblem('server', 'The connection failed for a reason that is not known.', { cause: error });
}

/** The second part of a key: `kafka/prod/orders`. */
function namespaceOf(key: string): string {
  return key.split('/')[1] ?? '';
}

function newPromise(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
