import { duration } from '#core/live/durations.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { hopelessTrouble, type FoundPods } from '#core/operations/memberPods.ts';
import type { Answer, Awaited, StepValue } from '#core/operations/model.ts';
import { evictPod, tryEviction } from '#core/operations/nodeDrain/evictions.ts';
import type { ActOutcome, Procedure, StepContext } from '#core/operations/procedure.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { parametersOf, waiting } from '#core/systems/cassandra/operations/answers.ts';
import { Departing } from '#core/systems/cassandra/operations/departing.ts';
import { isDrainedMode, named } from '#core/systems/cassandra/operations/reading.ts';
import { Rejoining } from '#core/systems/cassandra/operations/rejoining.ts';
import type { RestartTarget } from '#core/systems/cassandra/operations/restartTarget.ts';
import { RingNow } from '#core/systems/cassandra/operations/ringNow.ts';
import { isUp, rowOf } from '#core/systems/cassandra/operations/whole.ts';

/**
 * Safe restart of Cassandra nodes that no operator owns, one at a time:
 *
 * 1. The gate asks every node for its view: all are up and normal for all others, they share one version of the schema, nothing is
 *    streamed or repaired, and every range of every keyspace keeps a QUORUM without the node. The first answer is a full one, or the one by
 *    which the node before was found back less than half a minute ago; those that confirm it ask for views only (departing.ts). One that was
 *    drained before needs nothing but the others.
 * 2. The server is asked without effect whether it would let the pod go, at the gate and once more, and the CQL port of every other node
 *    whether it answers, which is the last question before the act. Then the node closes CQL (5.0: requests under way are ended first) and is
 *    drained. From here on only a restart helps, so the step is awaited to its end whatever is wished.
 * 3. Once a peer sees it down, its pod is evicted with its uid as precondition; disruption budgets are waited for. A drain that failed, or
 *    that takes more than ten minutes, is left to the end of the process, which drains as well.
 * 4. The new pod is awaited: scheduled, running, its CQL port answers OPTIONS, ready for Kubernetes, the same Host ID, Mode NORMAL, up for
 *    every peer, all peers up for it, one schema; the same again ten seconds later, because gossip settles late. Then, at level "fully
 *    replicated", until no node keeps writes for it any more, ten minutes at most. What is asked when is told in rejoining.ts.
 *
 * Properties, each tested with a simulated ring: a node's own word that it is up counts for nothing, and that it serves clients only where
 * its port cannot be asked, which the report says; no process is drained twice; a node that was found drained with its step begun is
 * brought back before any other goes. Source: facts measured on Cassandra 4.0 and 5.0.
 */
export class CassandraRestart implements Procedure {
  readonly #target: RestartTarget;
  readonly #ring: RingNow;
  readonly #departing: Departing;
  readonly #rejoining: Rejoining;
  /** Why a drain failed, by uid of the pod. */
  readonly #failedDrains = new Map<string, string>();
  /** Since when a node is draining, by uid of the pod. */
  readonly #drainingSince = new Map<string, number>();

  constructor(target: RestartTarget) {
    const { cluster, clock, namespace, nodes } = target;
    this.#target = target;
    this.#ring = new RingNow(cluster, clock, namespace, nodes);
    this.#departing = new Departing(target, this.#ring);
    this.#rejoining = new Rejoining(target, this.#ring);
  }

  async verifyIdentity(): Promise<string | undefined> {
    const { cluster, clusterIdentity } = this.#target;
    if ((await cluster.identity()) === clusterIdentity) return undefined;
    return `Another Kubernetes cluster answers as the context ${cluster.context.name} than when the plan was made.`;
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    const { pod, before } = parametersOf(step);
    const pods = await this.#ring.pods();
    const current = pods.of(pod);
    if (!current || current.meta.uid === before || !current.isReady || current.meta.deletedAt !== undefined)
      return false;
    return this.#rejoining.isBack(step, current, pods);
  }

  async hasActed({ step, memory }: StepContext): Promise<boolean> {
    const { pod, before } = parametersOf(step);
    const current = (await this.#ring.pods()).of(pod);
    if (!current || current.meta.deletedAt !== undefined || current.meta.uid !== (memory['uid'] ?? before)) return true;
    return this.isDrained(current);
  }

  /** By its own Mode, the one word of its own that counts. @throws ClusterProblem when it runs and does not answer */
  async isDrained(pod: LivePod): Promise<boolean> {
    const state = await this.#ring.stateOf(pod);
    if (state.kind === 'silent')
      throw new ClusterProblem('unreachable', `nodetool of ${pod.meta.name} does not answer.`);
    return state.kind === 'mode' && isDrainedMode(state.mode);
  }

  async prepare({ step, memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const { pod, hostId } = parametersOf(step);
    const uid = (await this.#ring.pods()).of(pod)?.meta.uid ?? '';
    return { ...memory, uid, hostId: this.#departing.hostIdOf(pod) ?? hostId };
  }

  async gate(context: StepContext): Promise<Answer> {
    const pods = await this.#ring.pods();
    const other = await this.#finishOthers(context, pods);
    if (other) return other;
    const current = pods.of(parametersOf(context.step).pod);
    const refused = current && (await this.#refused(current));
    // What costs nothing to ask comes first: budgets may be waited for, and nodes need not be asked meanwhile.
    if (refused?.kind === 'again') return waiting(refused.waitingFor, ['budget'], false);
    if (refused?.kind === 'stop') return refused;
    return this.#departing.gate(context.step, pods);
  }

  /** Closes CQL and drains. What follows is awaited, so that it is gone on with wherever it was left. */
  async act({ step, memory }: StepContext): Promise<ActOutcome> {
    const { pod, version } = parametersOf(step);
    const current = (await this.#ring.pods()).of(pod);
    if (!current || current.meta.deletedAt !== undefined || current.meta.uid !== memory['uid'])
      return { kind: 'acted' };
    return (await this.#refused(current)) ?? this.drain(current, version);
  }

  /** Why the server would not let the pod go; it tries without effect. */
  async #refused(pod: LivePod): Promise<Exclude<ActOutcome, { kind: 'acted' }> | undefined> {
    const refused = await tryEviction(this.#target.cluster, podId(pod));
    if (!refused) return undefined;
    if (refused.isForNow) return { kind: 'again', waitingFor: `a disruption budget to allow it: ${refused.reason}` };
    const reason = `The eviction of ${pod.meta.name} would be refused: ${refused.reason}.`;
    return { kind: 'stop', reason, fix: 'Ask for the right, or see what refuses it.' };
  }

  /** Drains a process that is not drained yet. */
  async drain(pod: LivePod, version: string): Promise<ActOutcome> {
    const { name, uid } = pod.meta;
    const state = await this.#ring.stateOf(pod);
    if (state.kind !== 'mode') return { kind: 'again', waitingFor: `nodetool of ${name} to answer` };
    if (isDrainedMode(state.mode)) return { kind: 'acted' };
    if (state.mode !== 'NORMAL') return { kind: 'again', waitingFor: `${name} to be NORMAL` };
    // The last question before the act costs nobody anything: who has gone since the gate is seen by its port at once, by its peers much later.
    const closed = await this.#ring.closedBeside(name, await this.#ring.pods());
    if (closed.length > 0) return { kind: 'again', waitingFor: `${named(closed)} to serve clients` };
    this.#failedDrains.delete(uid);
    const problem = await this.#departing.drain(pod, version);
    if (problem !== undefined) this.#failedDrains.set(uid, problem);
    return { kind: 'acted' };
  }

  /** Why the drain of this pod failed; undefined when it did not, or is not known to have. */
  failedDrain({ meta }: LivePod): string | undefined {
    return this.#failedDrains.get(meta.uid);
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const { step, memory } = context;
    const { pod } = parametersOf(step);
    const pods = await this.#ring.pods();
    const other = await this.#finishOthers(context, pods);
    if (other) return other;
    const current = pods.of(pod);
    if (!current) return waiting(`${pod} to be created again`, ['absent'], false);
    if (current.meta.uid !== memory['uid']) return this.#returned(context, current, pods);
    if (current.meta.deletedAt !== undefined) return waiting(`${pod} to end`, [current.meta.deletedAt], false);
    return (await this.#notToBeEvictedYet(context, current, pods)) ?? this.#evict(current);
  }

  finish({ step }: StepContext): Promise<readonly string[]> {
    const failed = [...this.#failedDrains.values()];
    this.#failedDrains.clear();
    return Promise.resolve([
      ...failed.map(
        (problem) => `nodetool drain did not end well (${problem}); the end of the process drained instead`,
      ),
      ...this.#rejoining.notesOf(step.id),
    ]);
  }

  async #returned({ step, memory }: StepContext, current: LivePod, pods: FoundPods): Promise<Answer> {
    const { pod } = parametersOf(step);
    const trouble = hopelessTrouble(current, this.#ring.now());
    if (trouble !== undefined)
      return { kind: 'stop', reason: `${pod} ${trouble}`, fix: `Repair ${pod}; nothing else is touched until then.` };
    if (current.node === '') return waiting(`${pod} to be scheduled`, ['unscheduled'], false);
    if (!this.#ring.isRunning(current)) {
      const states = current.states.map(({ state, restarts }) => `${state} ${restarts}`);
      return waiting(`${pod} to run`, [current.phase, ...states], false);
    }
    const answer = await this.#rejoining.awaited(step, String(memory['hostId'] ?? ''), current, pods);
    const reading = this.#rejoining.takeReading();
    if (answer.kind === 'yes' && reading) this.#departing.handOn(reading);
    return answer;
  }

  /** Undefined when the pod may go: the node is drained and others know it, or the drain will not come to an end. */
  async #notToBeEvictedYet(context: StepContext, pod: LivePod, pods: FoundPods): Promise<Awaited | undefined> {
    const { name, uid } = pod.meta;
    if (this.#failedDrains.has(uid)) return undefined;
    const state = await this.#ring.stateOf(pod);
    if (state.kind === 'silent') return waiting(`nodetool of ${name} to answer`, ['silent'], false);
    if (state.kind === 'not running' || !isDrainedMode(state.mode)) return unheeded(context, name);
    if (state.mode === 'DRAINING') return this.#draining(pod);
    const hostId = String(context.memory['hostId'] ?? '');
    const isBlind = ({ status }: NodeAnswer): boolean => isUp(rowOf(status?.rows, hostId));
    const { answers } = await this.#ring.others(pods, name, { most: 1, isDoubted: isBlind });
    const blind = answers.filter(isBlind);
    if (blind.length === 0) return undefined;
    return waiting(`${blind.map(({ member }) => member).join(', ')} to see ${name} down`, ['drained'], false);
  }

  #draining(pod: LivePod): Answer | undefined {
    const { name, uid } = pod.meta;
    const since = this.#drainingSince.get(uid) ?? this.#ring.now();
    this.#drainingSince.set(uid, since);
    const passed = this.#ring.now() - since;
    if (passed < LONGEST_DRAIN_MS) return waiting(`${name} to be drained`, [Math.floor(passed / 60_000)], false);
    this.#failedDrains.set(uid, `it was not over after ${duration(passed)}`);
    return undefined;
  }

  async #evict(pod: LivePod): Promise<Answer> {
    const { name } = pod.meta;
    this.#rejoining.forget(name);
    const outcome = await evictPod(this.#target.cluster, podId(pod));
    if (outcome.kind === 'again') return waiting(outcome.waitingFor, ['budget'], false);
    if (outcome.kind === 'acted') return waiting(`${name} to end`, ['evicted'], false);
    const fix = `${name} is drained and only a restart brings it back: delete the pod, and resume.`;
    return { kind: 'stop', reason: outcome.reason, fix };
  }

  /** Nodes that this run has drained and not yet replaced, when it was left there: they come back before anything else is looked at. */
  async #finishOthers({ step, memories = {} }: StepContext, pods: FoundPods): Promise<Answer | undefined> {
    for (const [id, { uid }] of Object.entries(memories)) {
      const pod = id === step.id ? undefined : pods.of(id);
      if (!pod || pod.meta.uid !== uid || pod.meta.deletedAt !== undefined) continue;
      const state = await this.#ring.stateOf(pod);
      if (state.kind === 'mode' && state.mode === 'DRAINED') return this.#evict(pod);
    }
    return undefined;
  }
}

/** `cassandra.drain_executor_timeout_ms` is five minutes; what takes twice as long will not end by itself. */
const LONGEST_DRAIN_MS = 600_000;
const MOST_DRAINS = 3;

/** The process was replaced behind our back before it had been drained: a new one is as good as any, and has to be asked for again. */
function unheeded({ memory }: StepContext, name: string): Awaited {
  const times = Number(memory['drains'] ?? 0) + 1;
  const reason = `${name} runs and is not drained: its process has been started anew in the same pod.`;
  if (times >= MOST_DRAINS) return { kind: 'stop', reason, fix: `See what ends the process of ${name} each time.` };
  return { kind: 'again', reason, remember: { drains: times } };
}

const podId = ({ meta: { namespace, name, uid } }: LivePod): { namespace: string; name: string; uid: string } => ({
  namespace,
  name,
  uid,
});
