import { textsOf, type JsonObject } from '#core/json.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type WriteOptions, type Cluster } from '#core/live/ports.ts';
import type { Answer, Plan, PlannedStep, RunRecord, RunState, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, Procedure, StepContext } from '#core/operations/procedure.ts';
import type { KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import { ROLL_ANNOTATION, rollValue, unrestOf } from '#core/systems/kafka/operations/confluent/cluster.ts';
import { hopelessTrouble, readMemberPods, type FoundPods } from '#core/operations/memberPods.ts';
import { operatorObstacle } from '#core/operations/operated/operatorWatch.ts';
import { addressOf, readResource, type ResourceNow, type ResourceRef } from '#core/operations/operated/resource.ts';
import { wholeness } from '#core/systems/kafka/operations/operated/wholeness.ts';
import { laggards } from '#core/systems/kafka/operations/safety.ts';
import type { RestartTarget } from '#core/systems/kafka/operations/restartProcedure.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

const TITLE = operatorNames['confluent-for-kubernetes'];

/**
 * Restart of the pods of one resource by Confluent for Kubernetes:
 *
 * 1. The gate wants the whole cluster well: every pod ready, every broker registered and answering, every replica in sync, every voter
 *    with the leader; the operator alive, and content with each of its resources.
 * 2. The annotation of the pod template gets the id of the plan, by one write. The operator then restarts the pods by itself, the highest
 *    ordinal first, and asks for under-replicated partitions between two of them. We cannot hold it back.
 * 3. It is watched until every pod is another one, the whole cluster is well again and the operator says so. A pod that cannot start
 *    ends the run; what the operator does then is its own.
 * 4. Preferred leaders are elected, and it is noted how many nodes were seen out at once.
 *
 * The resources of one plan go one after the other, the controllers first. Cancelling ends the run after the resource that is under way.
 */
export class ConfluentRoll implements Procedure {
  readonly #plan: Plan;
  readonly #target: RestartTarget;
  /** The most nodes that were seen out at once, by step. */
  readonly #mostOut = new Map<string, number>();

  constructor(plan: Plan, target: RestartTarget) {
    this.#plan = plan;
    this.#target = target;
  }

  async verifyIdentity(): Promise<string | undefined> {
    const { cluster, clusterIdentity, namespace } = this.#target;
    if ((await cluster.identity()) !== clusterIdentity)
      return `Another Kubernetes cluster answers as the context ${cluster.context.name} than when the plan was made.`;
    for (const { parameters } of this.#plan.steps) {
      const ref = refIn(parameters);
      const { resource } = await readResource(cluster, namespace, ref);
      if (resource.meta.uid !== ref.uid)
        return `The ${ref.kind} ${ref.name} is another one than when the plan was made.`;
    }
    return undefined;
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    const { resource } = await this.#read(step);
    const pods = await this.#pods();
    if (oldOf(step, pods).length > 0 || missingOf(step, pods).length > 0 || unrestOf(resource) !== undefined)
      return false;
    return (await wholeness(this.#target, pods)).kind === 'yes';
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    return rollValue((await this.#read(step)).resource) === this.#plan.id;
  }

  async prepare({ step }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return { before: rollValue((await this.#read(step)).resource) };
  }

  async gate(): Promise<Answer> {
    const { cluster } = this.#target;
    const missing = await operatorObstacle(cluster, textsOf(this.#plan.parameters['operators']), TITLE);
    if (missing) return missing;
    for (const step of this.#plan.steps) {
      const unrest = unrestOf((await this.#read(step)).resource);
      if (unrest !== undefined) return wait(unrest, [unrest]);
    }
    return wholeness(this.#target, await this.#pods());
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const { cluster, namespace } = this.#target;
    try {
      await askConfluent(cluster, namespace, refIn(step.parameters), this.#plan.id);
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'unreachable' || error.kind === 'server' || error.kind === 'busy') throw error;
      const reason = `${TITLE} may not be asked: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right to patch the resource, or see what refuses it.' };
    }
  }

  async awaited({ step }: StepContext): Promise<Answer> {
    const now = await this.#read(step);
    if (rollValue(now.resource) !== this.#plan.id) return { kind: 'stop', ...takenAway(step) };
    const pods = await this.#pods();
    const old = oldOf(step, pods);
    const out = this.#target.nodes.map(({ pod }) => pod).filter((name) => !isWell(pods.of(name)));
    await this.#countOut(step, out);
    const trouble = this.#hopeless(pods, out);
    if (trouble) return trouble;
    if (old.length > 0) {
      const text = `${TITLE} to restart ${old.length} more: ${old.join(', ')}${await this.#delay(now, out)}`;
      return wait(text, [old.length, ...out]);
    }
    const whole = await wholeness(this.#target, pods);
    if (whole.kind !== 'yes') return whole;
    const unrest = unrestOf(now.resource);
    return unrest === undefined ? whole : wait(unrest, [unrest]);
  }

  async finish({ step }: StepContext): Promise<readonly string[]> {
    const state = await this.#target.door.state(undefined);
    const partitions = notPreferred(state);
    const most = this.#mostOut.get(step.id) ?? 0;
    const seen = most > 1 ? [`${most} nodes were seen out at once; the operator decides that`] : [];
    if (partitions.length === 0) return seen;
    const elected = await this.#target.door.electPreferred(partitions);
    return [...seen, `${elected} of ${partitions.length} preferred leaders elected`];
  }

  /** What was asked for cannot be taken back: to take the annotation away is one more restart. */
  async leave(state: RunState, { plan, steps }: RunRecord): Promise<readonly string[]> {
    if (state.kind !== 'stopped') return [];
    const open = plan.steps.filter(({ id }) => steps.some((one) => one.id === id && one.phase === 'awaiting'));
    return open.map(
      ({ parameters }) =>
        `${TITLE} goes on with ${refIn(parameters).name} by its own rules; nobody watches it from here`,
    );
  }

  /** A node is out as long as its pod is not ready or it is not in sync; Kafka may be too far gone to tell. */
  async #countOut({ id }: PlannedStep, unready: readonly string[]): Promise<void> {
    const { door, nodes } = this.#target;
    const state = await door.state(undefined).catch(() => undefined);
    const behind = new Set(state?.partitions.flatMap(laggards));
    const unsynced = nodes.filter(({ nodeId, isBroker }) => isBroker && behind.has(nodeId)).map(({ pod }) => pod);
    const out = new Set([...unready, ...unsynced]).size;
    this.#mostOut.set(id, Math.max(out, this.#mostOut.get(id) ?? 0));
  }

  #hopeless(pods: FoundPods, out: readonly string[]): Answer | undefined {
    for (const name of out) {
      const pod = pods.of(name);
      const trouble = pod && hopelessTrouble(pod, this.#target.clock.now());
      if (trouble === undefined) continue;
      const fix = `Repair ${name}. The operator decides by itself whether it goes on meanwhile.`;
      return { kind: 'stop', reason: `${name} ${trouble}`, fix };
    }
    return undefined;
  }

  async #delay({ resource }: ResourceNow, out: readonly string[]): Promise<string> {
    const { cluster } = this.#target;
    const missing = await operatorObstacle(cluster, textsOf(this.#plan.parameters['operators']), TITLE);
    if (missing?.kind === 'wait') return ` (waiting for ${missing.waitingFor})`;
    if (out.length > 0) return ` (out: ${out.join(', ')})`;
    const unrest = unrestOf(resource);
    return unrest === undefined ? '' : ` (${unrest})`;
  }

  #read(step: PlannedStep): Promise<ResourceNow> {
    return readResource(this.#target.cluster, this.#target.namespace, refIn(step.parameters));
  }

  #pods(): Promise<FoundPods> {
    const { cluster, namespace, nodes } = this.#target;
    return readMemberPods(
      cluster,
      namespace,
      nodes.map(({ pod }) => pod),
    );
  }
}

/** The one write. @throws ClusterProblem */
export async function askConfluent(
  cluster: Cluster,
  namespace: string,
  ref: ResourceRef,
  value: string,
  options?: WriteOptions,
): Promise<JsonObject> {
  const patch = { metadata: { uid: ref.uid }, spec: { podTemplate: { annotations: { [ROLL_ANNOTATION]: value } } } };
  return cluster.mergePatch(addressOf(ref, namespace), patch, options);
}

/** Pods of the step that are still those of the plan. */
function oldOf({ parameters }: PlannedStep, pods: FoundPods): readonly string[] {
  const uids = textsOf(parameters['uids']);
  return textsOf(parameters['pods']).filter((name, place) => pods.of(name)?.meta.uid === uids[place]);
}

function missingOf({ parameters }: PlannedStep, pods: FoundPods): readonly string[] {
  return textsOf(parameters['pods']).filter((name) => pods.of(name) === undefined);
}

const isWell = (pod: LivePod | undefined): boolean => pod?.isReady === true && pod.meta.deletedAt === undefined;

function notPreferred({ partitions }: KafkaState): KafkaState['partitions'] {
  return partitions.filter(({ replicas, leader, isr }) => {
    const [preferred] = replicas;
    return preferred !== undefined && leader !== preferred && isr.includes(preferred);
  });
}

function takenAway({ parameters }: PlannedStep): { reason: string; fix: string } {
  const { kind, name } = refIn(parameters);
  return {
    reason: `Somebody has changed ${ROLL_ANNOTATION} of ${kind} ${name}; that is one more restart of all its pods.`,
    fix: 'Pause the synchronisation of what manages it, wait until the operator is done, and make a new plan.',
  };
}

function refIn(parameters: PlannedStep['parameters']): ResourceRef {
  const text = (key: string): string => String(parameters[key] ?? '');
  return { apiVersion: text('apiVersion'), kind: text('resourceKind'), name: text('resource'), uid: text('uid') };
}

function wait(waitingFor: string, measure: readonly (number | string)[]): Answer {
  return { kind: 'wait', waitingFor, measure, isNear: false };
}
