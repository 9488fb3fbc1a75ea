import { numberAt, type JsonObject } from '#core/json.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import type { Answer, Awaited, Plan, RunRecord, RunState, StepValue } from '#core/operations/model.ts';
import { sleep } from '#core/operations/poller.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { remaining } from '#core/systems/kafka/operations/operated/planMoves.ts';
import { addressOf } from '#core/operations/operated/resource.ts';
import {
  describeProposal,
  PLAN_ANNOTATION,
  progressOf,
  readRebalance,
  signatureOf,
  tell,
  type RebalanceNow,
  type RebalanceRef,
} from '#core/systems/kafka/operations/strimzi/rebalanceNow.ts';

export const PROPOSE = 'propose';
export const APPROVE = 'approve';

export interface RebalancePorts {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly door: KafkaDoor;
  readonly ref: RebalanceRef;
  /** The spec of the KafkaRebalance. */
  readonly spec: JsonObject;
  /** Brokers that must hold nothing at the end. */
  readonly emptied: readonly number[];
  /** Why the operator must not be asked now. */
  readonly obstacle: () => Promise<Answer | undefined>;
}

/** How often a proposal that failed is asked for again before a person must look. */
const MOST_REPEATS = 3;

abstract class RebalanceStep {
  protected readonly ports: RebalancePorts;

  constructor(ports: RebalancePorts) {
    this.ports = ports;
  }

  /** Undefined unless it is the one of the plan. */
  protected async own(): Promise<RebalanceNow | undefined> {
    const { cluster, ref, plan } = this.ports;
    const now = await readRebalance(cluster, ref);
    return now?.plan === plan.id ? now : undefined;
  }

  protected async remove({ resource }: RebalanceNow): Promise<readonly string[]> {
    const { cluster, ref } = this.ports;
    await cluster.delete(addressOf({ ...ref, kind: 'KafkaRebalance' }, ref.namespace), { uid: resource.meta.uid });
    return [`KafkaRebalance ${ref.name} is deleted; nothing was moved`];
  }
}

/**
 * Asks for a proposal: creates the KafkaRebalance of the plan, which moves nothing, and awaits that the proposal is there. One that fails,
 * because Cruise Control was restarted or knows too little yet, is asked for again, three times; then the run pauses.
 */
export class Propose extends RebalanceStep implements StepKind {
  async isDone(): Promise<boolean> {
    const state = (await this.own())?.state;
    return state === 'ProposalReady' || state === 'Rebalancing' || state === 'Ready';
  }

  async hasActed(): Promise<boolean> {
    const now = await this.own();
    return now !== undefined && now.state !== 'NotReady';
  }

  async prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return { tries: triesOf(memory) };
  }

  async gate({ memory }: StepContext): Promise<Answer> {
    const tries = triesOf(memory);
    if (tries > MOST_REPEATS) {
      const reason = `Cruise Control has failed ${tries} times to propose: ${(await this.own())?.message ?? 'it says nothing'}`;
      return {
        kind: 'pause',
        reason,
        fix: 'Look into the log of Cruise Control, then resume.',
        remember: { tries: 0 },
      };
    }
    const obstacle = await this.ports.obstacle();
    if (obstacle) return obstacle;
    const { cluster, ref, plan } = this.ports;
    const now = await readRebalance(cluster, ref);
    if (now && now.plan !== plan.id) {
      const reason = `There is a KafkaRebalance ${ref.name} that is not of this plan.`;
      return { kind: 'stop', reason, fix: 'Make a new plan.' };
    }
    return { kind: 'yes', evidence: 'the operator is ready, and nothing is moved' };
  }

  async act(): Promise<ActOutcome> {
    const { cluster, ref } = this.ports;
    return writing(async () => {
      const now = await this.own();
      if (now) return tell(cluster, ref, now, 'refresh');
      const { name: _, ...kind } = addressOf({ ...ref, kind: 'KafkaRebalance' }, ref.namespace);
      await cluster.create(kind, manifestOf(this.ports));
    });
  }

  async awaited({ memory }: StepContext): Promise<Awaited> {
    const now = await this.own();
    const { name } = this.ports.ref;
    if (!now) return { kind: 'stop', reason: `KafkaRebalance ${name} is gone.`, fix: 'Make a new plan.' };
    if (now.state === 'ProposalReady' || now.state === 'Rebalancing' || now.state === 'Ready')
      return { kind: 'yes', evidence: describeProposal(now) };
    if (now.state === 'NotReady' && now.told === '') {
      const tries = triesOf(memory) + 1;
      return { kind: 'again', reason: `No proposal (try ${tries}): ${now.message}`, remember: { tries } };
    }
    if (now.state === 'Stopped')
      return { kind: 'stop', reason: `Somebody has stopped KafkaRebalance ${name}.`, fix: 'Make a new plan.' };
    const obstacle = await this.ports.obstacle();
    const why = obstacle?.kind === 'wait' ? `, ${obstacle.waitingFor}` : '';
    const waitingFor = `the proposal of Cruise Control (${now.state}${now.message === '' ? '' : `, ${now.message}`}${why})`;
    return { kind: 'wait', waitingFor, measure: [now.state, now.message, why], isNear: false };
  }

  async finish(): Promise<readonly string[]> {
    const now = await this.own();
    return now ? [`Cruise Control proposes: ${describeProposal(now)}`] : [];
  }

  canAbort(): boolean {
    return true;
  }

  async abort(): Promise<readonly string[]> {
    const now = await this.own();
    return now ? this.remove(now) : [];
  }
}

/**
 * Approves the proposal that a person has seen: the first gate pauses the run with its figures, and whoever goes on approves it; a
 * proposal that has changed since is shown again. Then it is awaited until Cruise Control is done and Kafka itself says that the brokers
 * that were to be emptied hold nothing.
 */
export class Approve extends RebalanceStep implements StepKind {
  async isDone(): Promise<boolean> {
    return (await this.own())?.state === 'Ready' && (await this.#left()) === 0;
  }

  async hasActed(): Promise<boolean> {
    const now = await this.own();
    return now?.state === 'Rebalancing' || now?.state === 'Ready' || now?.told === 'approve';
  }

  async prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return memory;
  }

  async gate({ memory }: StepContext): Promise<Answer> {
    const obstacle = await this.ports.obstacle();
    if (obstacle) return obstacle;
    const now = await this.own();
    const { name } = this.ports.ref;
    if (!now) return { kind: 'stop', reason: `KafkaRebalance ${name} is gone.`, fix: 'Make a new plan.' };
    if (now.state === 'PendingProposal' || now.state === 'New')
      return {
        kind: 'wait',
        waitingFor: `the proposal of Cruise Control (${now.state})`,
        measure: [now.state],
        isNear: false,
      };
    if (now.state !== 'ProposalReady') return { kind: 'stop', ...ended(now) };
    if (now.told !== '')
      return { kind: 'wait', waitingFor: `Strimzi to take up "${now.told}"`, measure: [now.told], isNear: false };
    const shown = signatureOf(now);
    if (memory['shown'] === shown) return { kind: 'yes', evidence: describeProposal(now) };
    return {
      kind: 'pause',
      reason: `Cruise Control proposes for KafkaRebalance ${name}: ${describeProposal(now)}.`,
      fix: 'Look at it. Resume to approve it; cancel to take it back.',
      remember: { shown },
    };
  }

  async act(): Promise<ActOutcome> {
    const { cluster, ref } = this.ports;
    return writing(async () => {
      const now = await this.own();
      if (!now) throw new ClusterProblem('conflict', `KafkaRebalance ${ref.name} is gone.`);
      await tell(cluster, ref, now, 'approve');
    });
  }

  async awaited({ memory }: StepContext): Promise<Awaited> {
    const now = await this.own();
    const { name } = this.ports.ref;
    if (!now) return { kind: 'stop', reason: `KafkaRebalance ${name} is gone.`, fix: 'See what is still being moved.' };
    if (now.state === 'Ready') return this.#verified();
    if (now.state === 'Stopped' || now.state === 'NotReady') return { kind: 'stop', ...ended(now) };
    if (now.state !== 'Rebalancing' && now.told !== 'approve') {
      const reason = `The approval was not taken up: KafkaRebalance ${name} is ${now.state} again`;
      return { kind: 'again', reason, remember: memory };
    }
    const progress = await progressOf(this.ports.cluster, now);
    const { reassignments } = await this.ports.door.state(undefined);
    const texts = [now.state, ...progress, `${reassignments} partitions are being moved`];
    const left = this.ports.emptied.length === 0 ? [] : [await this.#left()];
    return {
      kind: 'wait',
      waitingFor: `Cruise Control to move replicas: ${texts.join(', ')}`,
      measure: [now.state, ...progress, reassignments, ...left],
      isNear: false,
    };
  }

  async finish(): Promise<readonly string[]> {
    const now = await this.own();
    return now ? [`KafkaRebalance ${this.ports.ref.name} is ${now.state}; it may be deleted`] : [];
  }

  canAbort(): boolean {
    return true;
  }

  /** Cruise Control ends the batch it is at; what it has moved stays. */
  async abort(): Promise<readonly string[]> {
    const { cluster, ref, clock } = this.ports;
    const now = await this.own();
    if (!now || now.state === 'Ready' || now.state === 'Stopped') return [];
    if (now.state !== 'Rebalancing') return this.remove(now);
    if (now.told !== 'stop') await tell(cluster, ref, now, 'stop');
    for (let waited = 0; waited < ABORT_MS; waited += ABORT_POLL_MS) {
      await sleep(clock, ABORT_POLL_MS);
      if ((await this.own())?.state !== 'Rebalancing') return ['Cruise Control has stopped; what it has moved stays'];
    }
    return ['Cruise Control is asked to stop, and ends the batch it is at; what it has moved stays'];
  }

  /** A proposal that nobody approved is taken back. */
  async leave(_state: RunState, _record: RunRecord): Promise<readonly string[]> {
    const now = await this.own();
    const isIdle = now?.state === 'New' || now?.state === 'PendingProposal' || now?.state === 'ProposalReady';
    return now && isIdle && now.told !== 'approve' ? this.remove(now) : [];
  }

  async #verified(): Promise<Answer> {
    const left = await this.#left();
    if (left === 0) return { kind: 'yes', evidence: 'Cruise Control is done, and Kafka says so too' };
    const reason = `Cruise Control says that it is done, and ${left} partitions still have a replica on broker ${this.ports.emptied.join(', ')}.`;
    return { kind: 'stop', reason, fix: 'New topics may have been made meanwhile; make a new plan.' };
  }

  async #left(): Promise<number> {
    const { emptied, door } = this.ports;
    return emptied.length === 0 ? 0 : remaining(await door.state(undefined), emptied);
  }
}

/** Shorter than a lock lasts. */
const ABORT_MS = 20_000;
const ABORT_POLL_MS = 2000;

function manifestOf({ ref, plan, spec }: RebalancePorts): JsonObject {
  return {
    apiVersion: ref.apiVersion,
    kind: 'KafkaRebalance',
    metadata: {
      name: ref.name,
      namespace: ref.namespace,
      labels: { 'strimzi.io/cluster': plan.target.name },
      annotations: { [PLAN_ANNOTATION]: plan.id },
    },
    spec,
  };
}

function ended({ state, message, resource }: RebalanceNow): { reason: string; fix: string } {
  const why = message === '' ? '' : `: ${message}`;
  return {
    reason: `KafkaRebalance ${resource.meta.name} is ${state}${why}.`,
    fix: 'What was moved stays where it is. See whether Cruise Control was restarted, and make a new plan.',
  };
}

/** A write that may be refused. What got no answer is left open. */
async function writing(write: () => Promise<void>): Promise<ActOutcome> {
  try {
    await write();
    return { kind: 'acted' };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'conflict') return { kind: 'again', waitingFor: `what has just changed: ${error.message}` };
    if (error.kind !== 'forbidden' && error.kind !== 'invalid' && error.kind !== 'absent') throw error;
    const reason = `KafkaRebalances may not be written: ${error.message}`;
    return { kind: 'stop', reason, fix: 'Ask for the right, or see what refuses it.' };
  }
}

const triesOf = (memory: StepContext['memory']): number => numberAt(memory, 'tries') ?? 0;
