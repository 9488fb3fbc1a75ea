import { OpenContext } from '#client/live/openContext.ts';
import type { ContextPolicy } from '#core/live/liveSettings.ts';
import type { Clock, Cluster, ContextSummary, Stoppable } from '#core/live/ports.ts';
import type { TreeContext } from '#core/live/tree/input.ts';
import type { ContextChange, ContextWatch } from '#core/live/view.ts';
import type { ContextOperations } from '#core/operations/shownRun.ts';

/** A context that is closed in the tree for this long is no longer watched, in milliseconds. */
export const COLLAPSED_STOP_MS = 10 * 60_000;

export interface ContextHost {
  readonly clock: Clock;
  open(context: string): Promise<Cluster>;
  watch(cluster: Cluster): ContextWatch;
  policy(context: string): ContextPolicy;
  /** The same object as long as nothing changes. */
  operations(context: string): ContextOperations;
  changed(): void;
  told(context: string, change: ContextChange): void;
  /** Whether something besides the tree shows what is watched. */
  isInUse(context: string): boolean;
}

type Connection =
  | { readonly state: 'closed'; readonly problem: string | undefined }
  | { readonly state: 'opening'; readonly done: Promise<OpenContext | undefined> }
  | { readonly state: 'open'; readonly context: OpenContext };

const CLOSED: Connection = { state: 'closed', problem: undefined };

/** A context of the kubeconfig files from when it is first seen: connected when somebody wants it, and no longer than that. */
export class KnownContext {
  readonly #host: ContextHost;
  #summary: ContextSummary;
  #isVanished = false;
  #connection: Connection = CLOSED;
  #attempt = 0;
  #stopLater: Stoppable | undefined;
  #snapshot: TreeContext | undefined;

  constructor(summary: ContextSummary, host: ContextHost) {
    this.#summary = summary;
    this.#host = host;
  }

  get name(): string {
    return this.#summary.name;
  }

  get isDemo(): boolean {
    return this.#summary.isDemo;
  }

  get isVanished(): boolean {
    return this.#isVanished;
  }

  get isConnected(): boolean {
    return this.#connection.state !== 'closed';
  }

  get opened(): OpenContext | undefined {
    return this.#connection.state === 'open' ? this.#connection.context : undefined;
  }

  /** The same object as long as nothing changes. */
  get snapshot(): TreeContext {
    return (this.#snapshot ??= this.#describe());
  }

  /** What the files say of it now. What is watched with another address or login is watched anew. */
  update(summary: ContextSummary): void {
    const isOther = addressOf(summary) !== addressOf(this.#summary);
    const wasConnected = this.isConnected;
    this.#summary = summary;
    this.#isVanished = false;
    if (isOther) this.disconnect();
    this.changed();
    if (isOther && wasConnected) void this.connect();
    else void this.#followCluster();
  }

  vanish(): void {
    this.#isVanished = true;
    this.disconnect();
    this.changed();
  }

  /** Undefined when it cannot be opened; why is in the snapshot. */
  connect(): Promise<OpenContext | undefined> {
    this.#keep();
    if (this.#connection.state === 'open') return Promise.resolve(this.#connection.context);
    if (this.#connection.state === 'opening') return this.#connection.done;
    const done = this.#open(++this.#attempt);
    this.#connection = { state: 'opening', done };
    this.changed();
    return done;
  }

  disconnect(): void {
    this.#keep();
    this.#attempt += 1;
    this.opened?.stop();
    this.#connection = CLOSED;
    this.changed();
  }

  /** Stops watching unless somebody connects again before long, once nothing else shows it. */
  collapse(): void {
    this.#keep();
    if (!this.isConnected) return;
    this.#stopLater = this.#host.clock.after(COLLAPSED_STOP_MS, () => {
      if (this.#host.isInUse(this.name)) this.collapse();
      else this.disconnect();
    });
  }

  changed(): void {
    this.#snapshot = undefined;
    this.#host.changed();
  }

  /** What the summary does not tell may have changed as well: then the directory has ended the connection and has another one. */
  async #followCluster(): Promise<void> {
    const open = this.opened;
    if (!open) return;
    const cluster = await this.#host.open(this.name).catch(() => undefined);
    if (this.opened !== open || cluster === open.cluster) return;
    this.disconnect();
    await this.connect();
  }

  #keep(): void {
    this.#stopLater?.stop();
    this.#stopLater = undefined;
  }

  /** @param attempt another one, or the end of this one, makes what comes of it worthless */
  async #open(attempt: number): Promise<OpenContext | undefined> {
    try {
      // First the caller notes that it is being opened.
      await Promise.resolve();
      const cluster = await this.#host.open(this.name);
      if (this.#attempt !== attempt) return this.opened;
      const context = new OpenContext(cluster, this.#host.watch(cluster), {
        changed: () => this.changed(),
        told: (change) => this.#host.told(this.name, change),
      });
      this.#connection = { state: 'open', context };
      return context;
    } catch (error) {
      if (this.#attempt !== attempt) return this.opened;
      const problem = error instanceof Error ? error.message : String(error);
      this.#connection = { state: 'closed', problem };
      return undefined;
    } finally {
      this.changed();
    }
  }

  #describe(): TreeContext {
    const { isProtected, isReadOnly } = this.#host.policy(this.name);
    const connection = this.#connection;
    const open = this.opened;
    return {
      summary: this.#summary,
      isVanished: this.#isVanished,
      isProtected,
      isReadOnly,
      connection: connection.state,
      problem: connection.state === 'closed' ? connection.problem : undefined,
      view: open?.watch.view,
      asked: open?.asked ?? new Set(),
      events: open?.events ?? new Map(),
      ...(open ? { revisions: open.revisions.facts } : {}),
      operations: this.#host.operations(this.name),
    };
  }
}

/** What decides whether two connections are the same. */
function addressOf({ cluster, user, server, namespace }: ContextSummary): string {
  return JSON.stringify([cluster, user, server, namespace]);
}
