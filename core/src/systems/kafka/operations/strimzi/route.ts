import { decodeEvent } from '#core/live/decode/event.ts';
import { decodeCustom } from '#core/live/decode/custom.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type ObjectAddress, type WriteOptions } from '#core/live/ports.ts';
import type { Answer, Plan, PlannedStep } from '#core/operations/model.ts';
import { readMemberPods, type FoundPods } from '#core/operations/memberPods.ts';
import type { OperatorRoute } from '#core/systems/kafka/operations/operated/askedRestart.ts';
import { operatorObstacle } from '#core/operations/operated/operatorWatch.ts';
import { addressOf, readResource, strangerAs } from '#core/operations/operated/resource.ts';
import { isAskedToRoll, restlessness, ROLL_ANNOTATION } from '#core/systems/kafka/operations/strimzi/cluster.ts';
import { textsOf } from '#core/json.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

const pods = { group: '', version: 'v1', plural: 'pods', namespaced: true } as const;
const events = { group: '', version: 'v1', plural: 'events', namespaced: true } as const;

/** Reasons with which Strimzi tells of a restart in Events of the pod. Source: its documentation of restart events. */
const REASONS = new Set([
  'CaCertHasOldGeneration',
  'CaCertRemoved',
  'CaCertRenewed',
  'CertRenewed',
  'ClientCaCertKeyReplaced',
  'ClusterCaCertKeyReplaced',
  'ConfigChangeRequiresRestart',
  'FileSystemResizeNeeded',
  'KafkaCertificatesChanged',
  'ManualRollingUpdate',
  'PodForceRestartOnError',
  'PodHasOldRevision',
  'PodStuck',
  'PodUnresponsive',
]);

/**
 * Strimzi is asked by an annotation of the pod. Not of the pod set: that asks for all its pods, and it is lost when it is set while the
 * operator is at work on the set (strimzi-kafka-operator 13165), or when an attempt fails (9654).
 */
export class StrimziRoute implements OperatorRoute {
  readonly title = operatorNames.strimzi;
  readonly #plan: Plan;
  readonly #cluster: Cluster;

  constructor(plan: Plan, cluster: Cluster) {
    this.#plan = plan;
    this.#cluster = cluster;
  }

  stranger(): Promise<string | undefined> {
    const { anchor, namespace } = this.#plan.target;
    return strangerAs(this.#cluster, namespace, anchor);
  }

  pods(): Promise<FoundPods> {
    return readMemberPods(this.#cluster, this.#plan.target.namespace, this.#nodes);
  }

  async obstacle(step: PlannedStep, pod: LivePod | undefined): Promise<Answer | undefined> {
    const missing = await operatorObstacle(this.#cluster, this.#operators, this.title);
    if (missing) return missing;
    const { anchor, namespace } = this.#plan.target;
    const { resource } = await readResource(this.#cluster, namespace, anchor);
    const unrest = restlessness(resource);
    // A pod that is not ready is why the resource is not, and its restart is the way out.
    if (unrest && !(unrest.kind === 'not ready' && pod?.isReady !== true)) return wait(unrest.text);
    return this.#askedElsewhere(String(step.parameters['pod']));
  }

  async isAsked(_step: PlannedStep, pod: LivePod): Promise<boolean> {
    return isAskedToRoll(pod);
  }

  async ask(step: PlannedStep, uid: string): Promise<void> {
    await annotate(this.#cluster, this.#plan.target.namespace, String(step.parameters['pod']), uid);
  }

  async withdraw(_step: PlannedStep, { meta }: LivePod): Promise<readonly string[]> {
    const patch = { metadata: { uid: meta.uid, annotations: { [ROLL_ANNOTATION]: null } } };
    await this.#cluster.mergePatch(podAddress(meta.namespace, meta.name), patch);
    return [`${meta.name} keeps running: Strimzi had not begun, and the annotation is taken away`];
  }

  async delay(): Promise<{ text: string; isDown: boolean }> {
    const missing = await operatorObstacle(this.#cluster, this.#operators, this.title);
    if (missing?.kind === 'wait') return { text: missing.waitingFor, isDown: true };
    const { anchor, namespace } = this.#plan.target;
    const { resource } = await readResource(this.#cluster, namespace, anchor);
    return { text: restlessness(resource)?.text ?? 'at its next round, every two minutes as a rule', isDown: false };
  }

  async told({ parameters }: PlannedStep): Promise<readonly string[]> {
    const { namespace } = this.#plan.target;
    try {
      const fieldSelector = `involvedObject.name=${String(parameters['pod'])}`;
      const found = await this.#cluster.list({ ...events, namespace, fieldSelector });
      return found
        .flatMap((object) => decodeEvent(object) ?? [])
        .filter(({ reason, at }) => REASONS.has(reason) && (at ?? 0) >= this.#plan.madeAt - SECOND_MS)
        .map(({ reason, message }) => `Strimzi says ${reason}: ${message}`);
    } catch (error) {
      if (error instanceof ClusterProblem) return [];
      throw error;
    }
  }

  /** At most one pod is asked for, by whomever. */
  async #askedElsewhere(own: string): Promise<Answer | undefined> {
    const found = await this.pods();
    const others = this.#nodes.filter((name) => {
      const pod = found.of(name);
      return name !== own && pod !== undefined && isAskedToRoll(pod);
    });
    const sets = await this.#askedSets();
    const asked = [...others, ...sets];
    return asked.length === 0 ? undefined : wait(`Strimzi is asked to restart ${asked.join(', ')}`);
  }

  /** Pod sets of the plan whose every pod is asked for; one that may not be read is not known to be. */
  async #askedSets(): Promise<readonly string[]> {
    const { parameters, target } = this.#plan;
    const apiVersion = String(parameters['podSetApi'] ?? '');
    if (apiVersion === '') return [];
    const { name: _, ...kind } = addressOf({ apiVersion, kind: 'StrimziPodSet', name: '' }, target.namespace);
    try {
      const found = await this.#cluster.list({ ...kind, labelSelector: `strimzi.io/cluster=${target.name}` });
      const decode = decodeCustom({ ...kind, kind: 'StrimziPodSet', verbs: [], versions: [] });
      return found
        .flatMap((object) => decode(object) ?? [])
        .filter(isAskedToRoll)
        .map(({ meta }) => `the pods of ${meta.name}`);
    } catch (error) {
      if (error instanceof ClusterProblem && (error.kind === 'forbidden' || error.kind === 'absent')) return [];
      throw error;
    }
  }

  get #nodes(): readonly string[] {
    return textsOf(this.#plan.parameters['nodes']);
  }

  get #operators(): readonly string[] {
    return textsOf(this.#plan.parameters['operators']);
  }
}

/** Times of Events have no fractions. */
const SECOND_MS = 1000;

/** Asks for this very pod or for none. @throws ClusterProblem */
export async function annotate(
  cluster: Cluster,
  namespace: string,
  name: string,
  uid: string,
  options?: WriteOptions,
): Promise<void> {
  const patch = { metadata: { uid, annotations: { [ROLL_ANNOTATION]: 'true' } } };
  await cluster.mergePatch(podAddress(namespace, name), patch, options);
}

const podAddress = (namespace: string, name: string): ObjectAddress => ({ ...pods, namespace, name });

function wait(waitingFor: string): Answer {
  return { kind: 'wait', waitingFor, measure: [waitingFor], isNear: false };
}
