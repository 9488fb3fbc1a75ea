import { podTrouble } from '#core/live/podTrouble.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, PlannedStep, StepValue } from '#core/operations/model.ts';
import { sleep } from '#core/operations/poller.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import { readMemberPods } from '#core/operations/memberPods.ts';
import { CORDONED, changeTo, cordonPlace } from '#core/systems/kafka/operations/moves/cordonStep.ts';
import { changeSettings, readSettings } from '#core/systems/kafka/operations/moves/settings.ts';
import { few } from '#core/systems/kafka/operations/moves/movesRun.ts';
import { keyOf } from '#core/systems/kafka/operations/moves/throttles.ts';
import type { Place } from '#core/systems/kafka/operations/scale/scaleGroup.ts';
import {
  actReplicas,
  otherSet,
  readScaledSet,
  scaledElsewhere,
  setReplicas,
  type ScaledSet,
} from '#core/operations/scaledSet.ts';
import {
  stayingReady,
  stayingRegistered,
  waiting,
  type ScaleTarget,
} from '#core/systems/kafka/operations/scale/staying.ts';
import { unregisterBroker } from '#core/systems/kafka/operations/scale/unregister.ts';
import { numberIn, numbersIn, textIn, textsIn } from '#core/operations/stepParameters.ts';

/**
 * Adds brokers to a StatefulSet, all at once, for they hold nothing yet:
 *
 * 1. The gate asks that the StatefulSet is the one of the plan and of the size it had, that no rollout is under way, that every other pod
 *    is ready and every other broker registered: with OrderedReady no pod is made while a lower one is not ready.
 * 2. `spec.replicas` is set for the version of the StatefulSet that was read.
 * 3. It is awaited until every new pod is ready, its broker answers, and the others count it among the live ones. A pod that cannot start
 *    ends the run; the others are not touched by it.
 * 4. A broker that was cordoned when it left earlier is opened again.
 *
 * Undo: cancelled meanwhile, the size of before is set again, unless a partition was placed on a new broker. The others are never touched.
 */
export class GrowStep implements StepKind {
  readonly #target: ScaleTarget;

  constructor(target: ScaleTarget) {
    this.#target = target;
  }

  async isDone(context: StepContext): Promise<boolean> {
    const { to } = parametersOf(context.step);
    return (await this.#set(context)).replicas === to && (await this.awaited(context)).kind === 'yes';
  }

  async hasActed(context: StepContext): Promise<boolean> {
    return (await this.#set(context)).replicas === parametersOf(context.step).to;
  }

  async prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return { from: (await this.#set(context)).replicas };
  }

  async gate(context: StepContext): Promise<Answer> {
    const set = await this.#set(context);
    const other = otherSet(set, parametersOf(context.step));
    if (other) return other;
    if (!set.isSettled) return waiting('the rollout that is under way to end', [], false);
    const unready = await stayingReady(this.#target);
    if (unready) return unready;
    const state = await this.#target.door.state(undefined);
    const obstacle = stayingRegistered(this.#target, state);
    return obstacle ?? { kind: 'yes', evidence: `${state.brokers.length} brokers are there` };
  }

  async act(context: StepContext): Promise<ActOutcome> {
    return actReplicas(this.#target.cluster, await this.#set(context), parametersOf(context.step).to);
  }

  async awaited(context: StepContext): Promise<Answer> {
    const { workload, to, places } = parametersOf(context.step);
    const set = await this.#set(context);
    if (set.replicas !== to) return scaledElsewhere(workload, set, to);
    const { cluster, namespace, clock, door } = this.#target;
    const pods = await readMemberPods(
      cluster,
      namespace,
      places.map(({ pod }) => pod),
    );
    for (const { pod: name } of places) {
      const pod = pods.of(name);
      if (!pod) return waiting(`${name} to be created`, [name], false);
      const trouble = podTrouble(pod, clock.now());
      // A Kubernetes node may be on its way.
      if (trouble?.kind === 'unschedulable') return waiting(`${name}, which ${trouble.sentence}`, [name], false);
      if (trouble?.level === 'unhealthy' && hopelessKinds.has(trouble.kind))
        return {
          kind: 'stop',
          reason: `${name} ${trouble.sentence}`,
          fix: `Repair ${name}; no other broker is touched by it.`,
        };
      if (!pod.isReady)
        return waiting(`${name} to be ready`, [name, pod.phase, ...pod.states.map(({ state }) => state)], true);
    }
    for (const { nodeId } of places)
      if (!(await door.answers(nodeId))) return waiting(`broker ${nodeId} to answer`, [nodeId], true);
    const state = await door.state(undefined);
    const fenced = places.filter(({ nodeId }) => !state.brokers.includes(nodeId)).map(({ nodeId }) => nodeId);
    if (fenced.length > 0) return waiting(`broker ${fenced.join(', ')} to register`, fenced, true);
    return { kind: 'yes', evidence: `broker ${idsOf(places)} registered and not fenced` };
  }

  async finish(context: StepContext): Promise<readonly string[]> {
    const { places } = parametersOf(context.step);
    const opened = await this.#uncordon(places);
    return [
      `Broker ${idsOf(places)} registered`,
      ...opened.map((id) => `${CORDONED} of broker ${id}, from when it left, was taken away`),
      `New brokers hold nothing. Next is a rebalance, "new brokers only", with ${places.map(({ pod }) => pod).join(', ')}.`,
    ];
  }

  canAbort(): boolean {
    return true;
  }

  async abort(context: StepContext): Promise<readonly string[]> {
    const { workload, places, from } = parametersOf(context.step);
    const { cluster, door } = this.#target;
    const ids = places.map(({ nodeId }) => nodeId);
    const held = [...(await this.#heldBy(ids))];
    // Somebody may be creating a topic just now.
    if (held.length === 0) {
      await sleep(this.#target.clock, HOLD_MS);
      held.push(...(await this.#heldBy(ids)));
    }
    if (held.length > 0)
      return [`${workload} keeps its new pods: ${few(held)} were placed there. Scale it down to evacuate them.`];
    const state = await door.state(undefined);
    await setReplicas(cluster, await this.#set(context), from);
    const left = await this.#awaitGone(places);
    if (left.length > 0) return [`${workload} has ${from} replicas again; ${left.join(', ')} has not ended yet`];
    const notes: string[] = [];
    if (state.quorum) for (const id of ids) notes.push(...(await this.#forget(id)));
    return [`${workload} has ${from} replicas again`, ...notes];
  }

  async #heldBy(ids: readonly number[]): Promise<readonly string[]> {
    const { partitions } = await this.#target.door.state(undefined);
    return partitions.filter(({ replicas }) => replicas.some((id) => ids.includes(id))).map(partitionName);
  }

  async #forget(id: number): Promise<readonly string[]> {
    try {
      return (await unregisterBroker(this.#target.door, id)) === 'unregistered'
        ? [`Broker ${id} was unregistered`]
        : [];
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      return [`Broker ${id} could not be unregistered: ${error.message}`];
    }
  }

  /** Pods that have not ended after a while. */
  async #awaitGone(places: readonly Place[]): Promise<readonly string[]> {
    const { cluster, namespace, clock } = this.#target;
    const names = places.map(({ pod }) => pod);
    const began = clock.now();
    for (;;) {
      const pods = await readMemberPods(cluster, namespace, names);
      const left = names.filter((name) => pods.of(name) !== undefined);
      if (left.length === 0 || clock.now() - began > PATIENCE_MS) return left;
      await sleep(clock, POLL_MS);
    }
  }

  async #uncordon(places: readonly Place[]): Promise<readonly number[]> {
    const { door } = this.#target;
    const ids = places.map(({ nodeId }) => nodeId);
    const { values } = await readSettings(door, ids.map(cordonPlace), ids);
    const cordoned = ids.filter((id) => values.has(keyOf(cordonPlace(id))));
    await changeSettings(
      door,
      cordoned.map((id) => changeTo(cordonPlace(id), undefined)),
    );
    return cordoned;
  }

  #set({ step }: StepContext): Promise<ScaledSet> {
    const { cluster, namespace } = this.#target;
    return readScaledSet(cluster, namespace, parametersOf(step).workload);
  }
}

const HOLD_MS = 5000;
const PATIENCE_MS = 600_000;
const POLL_MS = 2000;

/** What does not mend itself by waiting. */
const hopelessKinds = new Set<string>(['image', 'configuration', 'crash', 'memory', 'evicted']);

function parametersOf({ parameters }: PlannedStep): {
  workload: string;
  uid: string;
  from: number;
  to: number;
  places: readonly Place[];
} {
  const ids = numbersIn(parameters, 'nodeIds');
  return {
    workload: textIn(parameters, 'workload'),
    uid: textIn(parameters, 'uid'),
    from: numberIn(parameters, 'from'),
    to: numberIn(parameters, 'to'),
    places: textsIn(parameters, 'pods').map((pod, index) => ({ pod, nodeId: ids[index] ?? -1 })),
  };
}

const idsOf = (places: readonly Place[]): string => places.map(({ nodeId }) => nodeId).join(', ');
