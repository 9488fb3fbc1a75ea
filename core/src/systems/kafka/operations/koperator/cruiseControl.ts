import { textAt, type JsonObject } from '#core/json.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import type { Answer, Plan, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, Procedure } from '#core/operations/procedure.ts';
import { sleep } from '#core/operations/poller.ts';
import { oneLine } from '#core/systems/kafka/live/json.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { modeIn, movedBrokers, remaining } from '#core/systems/kafka/operations/operated/planMoves.ts';
import { addressOf, readResource, type ResourceRef } from '#core/operations/operated/resource.ts';

/** What Koperator calls the modes. Source: its CruiseControlOperation, operations rebalance, add_broker and remove_broker. */
const OPERATIONS = { full: 'rebalance', 'add-brokers': 'add_broker', 'remove-brokers': 'remove_broker' } as const;

const PLAN_ANNOTATION = 'data-clusters.io/plan';

export interface CruiseControlPorts {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly door: KafkaDoor;
  /** The target is no longer the one of the plan. */
  readonly stranger: () => Promise<string | undefined>;
  /** Why the operator must not be asked now. */
  readonly obstacle: () => Promise<Answer | undefined>;
}

interface TaskNow {
  readonly object: JsonObject;
  readonly resource: LiveCustom;
  /** Empty until the task was written. */
  readonly operation: string;
  /** `Active`, `InExecution`, `Completed`, `CompletedWithError`; empty until the operator has begun. */
  readonly state: string;
  readonly error: string;
}

/**
 * Lets Cruise Control move replicas by a CruiseControlOperation:
 *
 * 1. The gate asks that the operator is alive and at rest, that no other operation is open, and that nothing is being moved.
 * 2. The object is created, and then its task written into its status, as Koperator wants it; both know themselves again. Nothing is
 *    retried by the operator (`errorPolicy: ignore`), because what failed may have moved half.
 * 3. It is awaited until the operator says that it is completed and, of brokers that were to be emptied, Kafka says that they hold nothing.
 *
 * There is no proposal to look at before: Koperator starts what it is told. Cancelling deletes the object, and Koperator stops Cruise
 * Control before it lets go of it; what was moved stays.
 */
export class CruiseControlMove implements Procedure {
  readonly #ports: CruiseControlPorts;
  readonly #ref: ResourceRef;

  constructor(ports: CruiseControlPorts) {
    this.#ports = ports;
    const name = String(ports.plan.parameters['task'] ?? '');
    this.#ref = {
      apiVersion: String(ports.plan.parameters['taskApi'] ?? ''),
      kind: 'CruiseControlOperation',
      name,
      uid: '',
    };
  }

  verifyIdentity(): Promise<string | undefined> {
    return this.#ports.stranger();
  }

  async isDone(): Promise<boolean> {
    return (await this.#read())?.state === 'Completed' && (await this.#left()) === 0;
  }

  async hasActed(): Promise<boolean> {
    return ((await this.#read())?.operation ?? '') !== '';
  }

  async prepare(): Promise<Readonly<Record<string, StepValue>>> {
    return {};
  }

  async gate(): Promise<Answer> {
    const { name } = this.#ref;
    const now = await this.#read(false);
    if (now && now.resource.meta.annotations[PLAN_ANNOTATION] !== this.#ports.plan.id) {
      const reason = `There is a CruiseControlOperation ${name} that is not of this plan.`;
      return { kind: 'stop', reason, fix: 'Make a new plan.' };
    }
    return (await this.#ports.obstacle()) ?? { kind: 'yes', evidence: 'the operator is at rest, and nothing is moved' };
  }

  async act(): Promise<ActOutcome> {
    const { cluster, plan } = this.#ports;
    try {
      if (!(await this.#read())) {
        const { name: _, ...kind } = this.#address();
        await cluster.create(kind, taskManifest(plan, this.#ref));
      }
      await cluster.mergePatch(this.#address(), { status: statusOf(plan) }, { subresource: 'status' });
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict') return { kind: 'again', waitingFor: `what has just changed: ${error.message}` };
      if (error.kind !== 'forbidden' && error.kind !== 'invalid' && error.kind !== 'absent') throw error;
      const reason = `CruiseControlOperations may not be written: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right, also for their status, or see what refuses it.' };
    }
  }

  async awaited(): Promise<Answer> {
    const now = await this.#read();
    const { name } = this.#ref;
    if (!now) {
      const reason = `CruiseControlOperation ${name} is gone.`;
      return { kind: 'stop', reason, fix: 'See what is still being moved.' };
    }
    if (now.state === 'Completed') return this.#verified();
    if (now.state === 'CompletedWithError') {
      const reason = `Cruise Control failed: ${now.error === '' ? 'it does not say why' : now.error}.`;
      return { kind: 'stop', reason, fix: 'What was moved stays where it is. See its log, and make a new plan.' };
    }
    const { reassignments } = await this.#ports.door.state(undefined);
    const state = now.state === '' ? 'not begun' : now.state;
    const waitingFor = `Cruise Control to move replicas: ${state}, ${reassignments} partitions are being moved`;
    return { kind: 'wait', waitingFor, measure: [state, reassignments, await this.#left()], isNear: false };
  }

  async finish(): Promise<readonly string[]> {
    return [`CruiseControlOperation ${this.#ref.name} is completed; it may be deleted`];
  }

  canAbort(): boolean {
    return true;
  }

  async abort(): Promise<readonly string[]> {
    const { cluster, clock } = this.#ports;
    const now = await this.#read();
    if (!now) return [];
    await cluster.delete(this.#address(), { uid: now.resource.meta.uid });
    for (let waited = 0; waited < ABORT_MS; waited += ABORT_POLL_MS) {
      if (!(await this.#read())) return ['Cruise Control has stopped; what it has moved stays'];
      await sleep(clock, ABORT_POLL_MS);
    }
    return ['Koperator is asked to stop Cruise Control; what it has moved stays'];
  }

  async #verified(): Promise<Answer> {
    const left = await this.#left();
    if (left === 0) return { kind: 'yes', evidence: 'Cruise Control is done, and Kafka says so too' };
    const brokers = movedBrokers(this.#ports.plan).join(', ');
    const reason = `Cruise Control says that it is done, and ${left} partitions still have a replica on broker ${brokers}.`;
    return { kind: 'stop', reason, fix: 'New topics may have been made meanwhile; make a new plan.' };
  }

  async #left(): Promise<number> {
    const { plan, door } = this.#ports;
    if (modeIn(plan) !== 'remove-brokers') return 0;
    return remaining(await door.state(undefined), movedBrokers(plan));
  }

  /** Undefined unless there is one, and it is of this plan where that is asked. */
  async #read(isOwn = true): Promise<TaskNow | undefined> {
    const { cluster, plan } = this.#ports;
    try {
      const { object, resource } = await readResource(cluster, plan.target.namespace, this.#ref);
      if (isOwn && resource.meta.annotations[PLAN_ANNOTATION] !== plan.id) return undefined;
      const task = (key: string): string => textAt(resource.status, 'currentTask', key);
      return {
        object,
        resource,
        operation: task('operation'),
        state: task('state'),
        error: oneLine(task('errorMessage')),
      };
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
      throw error;
    }
  }

  #address(): ReturnType<typeof addressOf> {
    return addressOf(this.#ref, this.#ports.plan.target.namespace);
  }
}

/** Shorter than a lock lasts. */
const ABORT_MS = 20_000;
const ABORT_POLL_MS = 2000;

/** Koperator finds the cluster by the label. */
function taskManifest({ id, target }: Plan, { apiVersion, kind, name }: Omit<ResourceRef, 'uid'>): JsonObject {
  const labels = { kafka_cr: target.name };
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: target.namespace, labels, annotations: { [PLAN_ANNOTATION]: id } },
    spec: { errorPolicy: 'ignore' },
  };
}

function statusOf(plan: Plan): JsonObject {
  const brokers = movedBrokers(plan);
  const parameters = brokers.length === 0 ? {} : { brokerid: brokers.join(',') };
  return {
    currentTask: { operation: OPERATIONS[modeIn(plan)], parameters },
    errorPolicy: 'ignore',
    retryCount: 0,
  };
}
