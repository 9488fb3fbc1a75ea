import { objectOf, textOf, valueAt } from '#core/json.ts';
import {
  ClusterProblem,
  type Clock,
  type Cluster,
  type JsonObject,
  type ObjectAddress,
  type ResourceKind,
} from '#core/live/ports.ts';
import { journalName } from '#core/operations/configMapJournal.ts';
import { formatTime } from '#core/time.ts';
import type { OperationTarget } from '#core/operations/model.ts';
import type { JournalPlace } from '#core/operations/operations.ts';
import type { RunLock } from '#core/operations/run.ts';
import { ownedBy } from '#core/operations/target.ts';

const leases: ResourceKind = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespaced: true };

const durationMs = 60_000;
/** Also how long a wish from another machine may take to be heard. */
const renewEveryMs = 5000;

/** Where somebody else says what he wants of the holder. */
const WISH = 'data-clusters.io/wish';

/** `nobody` holds the lock, so whoever asks may go on with the run himself. */
export type AskOutcome = { readonly kind: 'told'; readonly holder: string } | { readonly kind: 'nobody' };

interface Held {
  readonly holder: string;
  /** As it stands there; compared, never computed with, because clocks differ. */
  readonly renewed: string;
  readonly durationMs: number;
  readonly resourceVersion: string;
  readonly wish: 'pause' | 'cancel' | undefined;
}

/**
 * One runner for a data cluster, as coordination.k8s.io/v1 Lease. A lease of somebody else is over when it was seen unchanged for its
 * whole duration by our own clock: the clocks of two machines are not compared.
 */
export class LeaseLock implements RunLock {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #address: ObjectAddress;
  readonly #target: OperationTarget;
  readonly #runner: string;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #seen: { readonly held: Held; readonly at: number } | undefined;

  #asked: 'pause' | 'cancel' | undefined;

  /** `runner` must differ between any two runs: a user, a machine and something unique. */
  constructor(cluster: Cluster, clock: Clock, target: OperationTarget, runner: string) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#target = target;
    this.#runner = runner;
    this.#address = addressOf(target);
  }

  get asked(): 'pause' | 'cancel' | undefined {
    return this.#asked;
  }

  async ensure(forMs: number): Promise<string | undefined> {
    const age = this.#clock.now() - this.#renewedAt;
    if (age < renewEveryMs && durationMs - age >= forMs) return undefined;
    for (let held = await this.#read(); ; held = await this.#read()) {
      if (held !== undefined && held.holder !== '' && held.holder !== this.#runner && !this.#isOver(held))
        return held.holder;
      const at = this.#clock.now();
      if (await this.#take(held)) {
        this.#renewedAt = at;
        return undefined;
      }
    }
  }

  /** Begins to count how long somebody else has been silent, and takes nothing: for who waits for another lock first. */
  async look(): Promise<void> {
    const held = await this.#read();
    if (held !== undefined && held.holder !== '' && held.holder !== this.#runner) this.#isOver(held);
  }

  /** So that the next run need not wait; does nothing when it is not ours. */
  async release(): Promise<void> {
    const held = await this.#read();
    this.#renewedAt = Number.NEGATIVE_INFINITY;
    if (held?.holder !== this.#runner) return;
    await this.#cluster.replace(this.#address, this.#describe('', held));
  }

  #isOver(held: Held): boolean {
    const now = this.#clock.now();
    const isSame = this.#seen?.held.renewed === held.renewed && this.#seen.held.holder === held.holder;
    if (!isSame) this.#seen = { held, at: now };
    return now - (this.#seen?.at ?? now) >= held.durationMs;
  }

  /** False when somebody wrote in between: another runner, or somebody who wants something of us. */
  async #take(held: Held | undefined): Promise<boolean> {
    const object = this.#describe(this.#runner, held);
    try {
      if (held === undefined) await this.#cluster.create(this.#address, object);
      else await this.#cluster.replace(this.#address, object);
      return true;
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'conflict') return false;
      throw error;
    }
  }

  async #read(): Promise<Held | undefined> {
    const held = await readHeld(this.#cluster, this.#address);
    if (held?.holder === this.#runner) this.#asked = stronger(this.#asked, held.wish);
    return held;
  }

  #describe(holder: string, held: Held | undefined): JsonObject {
    const { namespace } = this.#target;
    const now = microTime(this.#clock.now());
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name: this.#address.name,
        namespace,
        labels: { 'app.kubernetes.io/managed-by': 'data-clusters' },
        ...ownedBy(this.#target),
        ...(held === undefined ? {} : { resourceVersion: held.resourceVersion }),
      },
      spec: { holderIdentity: holder, leaseDurationSeconds: durationMs / 1000, acquireTime: now, renewTime: now },
    };
  }
}

/**
 * Writes down what is wanted of whoever holds the lock; heard at the next renewal. It cannot be told from here whether the holder still
 * lives. @throws ClusterProblem
 */
export async function askHolder(wish: 'pause' | 'cancel', target: JournalPlace, cluster: Cluster): Promise<AskOutcome> {
  const address = addressOf(target);
  const held = await readHeld(cluster, address);
  if (held === undefined || held.holder === '') return { kind: 'nobody' };
  await cluster.mergePatch(address, { metadata: { annotations: { [WISH]: wish } } });
  return { kind: 'told', holder: held.holder };
}

function addressOf(target: JournalPlace): ObjectAddress {
  return { ...leases, namespace: target.namespace, name: journalName(target) };
}

async function readHeld(cluster: Cluster, address: ObjectAddress): Promise<Held | undefined> {
  try {
    return readLease(await cluster.get(address));
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
    throw error;
  }
}

const stronger = (a: Held['wish'], b: Held['wish']): Held['wish'] => (a === 'cancel' ? a : (b ?? a));

function readLease(object: JsonObject): Held {
  const spec = objectOf(object['spec']);
  const seconds = spec['leaseDurationSeconds'];
  const wish = valueAt(object, 'metadata', 'annotations', WISH);
  return {
    holder: textOf(spec['holderIdentity']),
    renewed: textOf(spec['renewTime']),
    durationMs: typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : durationMs,
    resourceVersion: textOf(objectOf(object['metadata'])['resourceVersion']),
    wish: wish === 'pause' || wish === 'cancel' ? wish : undefined,
  };
}

/** As the API wants it: with six digits behind the second. */
function microTime(at: number): string {
  const milliseconds = String(at % 1000).padStart(3, '0');
  return formatTime(at).replace('Z', `.${milliseconds}000Z`);
}
