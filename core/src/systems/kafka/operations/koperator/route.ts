import { textsOf } from '#core/json.ts';
import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type WriteOptions } from '#core/live/ports.ts';
import type { Answer, Plan, PlannedStep } from '#core/operations/model.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import {
  brokersAsking,
  podsByBroker,
  RESTART_ANNOTATION,
  unrestOf,
  wantedRestart,
} from '#core/systems/kafka/operations/koperator/cluster.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';
import type { OperatorRoute } from '#core/systems/kafka/operations/operated/askedRestart.ts';
import { operatorObstacle } from '#core/operations/operated/operatorWatch.ts';
import { addressOf, readResource, strangerAs, type ResourceNow } from '#core/operations/operated/resource.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/**
 * Koperator is asked by an annotation of one broker in `spec.brokers`; the rest of the list is written as it was read, and only if nobody
 * has changed the resource meanwhile. The annotation stays there: to take it away would be another restart.
 */
export class KoperatorRoute implements OperatorRoute {
  readonly title = operatorNames.koperator;
  readonly #plan: Plan;
  readonly #cluster: Cluster;
  readonly #door: Pick<KafkaDoor, 'close'>;
  /** The names of the pods that the open connection goes to. */
  #known = '';

  constructor(plan: Plan, cluster: Cluster, door: Pick<KafkaDoor, 'close'>) {
    this.#plan = plan;
    this.#cluster = cluster;
    this.#door = door;
  }

  stranger(): Promise<string | undefined> {
    const { anchor, namespace } = this.#plan.target;
    return strangerAs(this.#cluster, namespace, anchor);
  }

  /** By the names that the pods had when the plan was made. */
  async pods(): Promise<FoundPods> {
    const found = await podsByBroker(this.#cluster, this.#plan.target);
    const names = [...found.values()].map(({ meta }) => meta.name).join(' ');
    // A connection knows pods by name; one that was made before goes to pods that are gone.
    if (this.#known !== '' && names !== this.#known) await this.#door.close();
    this.#known = names;
    const { nodes, nodeIds } = this.#plan.parameters;
    const ids = new Map(
      textsOf(nodes).map((name, place) => [name, Array.isArray(nodeIds) ? Number(nodeIds[place]) : -1]),
    );
    return { of: (name) => found.get(ids.get(name) ?? -1) };
  }

  async obstacle(step: PlannedStep): Promise<Answer | undefined> {
    const missing = await operatorObstacle(this.#cluster, this.#operators, this.title);
    if (missing) return missing;
    const { resource } = await this.#read();
    const unrest = unrestOf(resource);
    if (unrest !== undefined) return wait(unrest);
    const own = Number(step.parameters['nodeId']);
    const found = await podsByBroker(this.#cluster, this.#plan.target);
    const asked = [...found].filter(
      ([nodeId, pod]) => nodeId !== own && isBehind(pod, wantedRestart(resource, nodeId)),
    );
    return asked.length === 0
      ? undefined
      : wait(`Koperator is asked to restart broker ${asked.map(([id]) => id).join(', ')}`);
  }

  async isAsked({ parameters }: PlannedStep, pod: LivePod): Promise<boolean> {
    const { resource } = await this.#read();
    const wanted = wantedRestart(resource, Number(parameters['nodeId']));
    return wanted === this.#plan.id && isBehind(pod, wanted);
  }

  async ask({ parameters }: PlannedStep): Promise<void> {
    await askKoperator(this.#cluster, this.#plan, await this.#read(), Number(parameters['nodeId']));
  }

  /** The annotation of before comes back, so that what should be is what is. */
  async withdraw({ parameters }: PlannedStep, pod: LivePod): Promise<readonly string[]> {
    const nodeId = Number(parameters['nodeId']);
    const now = await this.#read();
    const before = pod.meta.annotations[RESTART_ANNOTATION];
    await askKoperator(this.#cluster, this.#plan, now, nodeId, before ?? null);
    return [`Broker ${nodeId} keeps running: Koperator had not begun, and the annotation is as before`];
  }

  async delay(): Promise<{ text: string; isDown: boolean }> {
    const missing = await operatorObstacle(this.#cluster, this.#operators, this.title);
    if (missing?.kind === 'wait') return { text: missing.waitingFor, isDown: true };
    const { resource } = await this.#read();
    return { text: unrestOf(resource) ?? 'it has not begun', isDown: false };
  }

  async told(): Promise<readonly string[]> {
    return [];
  }

  #read(): Promise<ResourceNow> {
    const { anchor, namespace } = this.#plan.target;
    return readResource(this.#cluster, namespace, anchor);
  }

  get #operators(): readonly string[] {
    return textsOf(this.#plan.parameters['operators']);
  }
}

/** The parts of a plan that asking needs. */
export interface Asker {
  readonly id: string;
  readonly target: Pick<Plan['target'], 'anchor' | 'namespace'>;
}

/** `value` null takes the annotation away; absent it is that of the plan. @throws ClusterProblem of kind `conflict` after a change */
export async function askKoperator(
  cluster: Cluster,
  { target, id }: Asker,
  { object, resource }: ResourceNow,
  nodeId: number,
  value: string | null = id,
  options?: WriteOptions,
): Promise<void> {
  const brokers = brokersAsking(object, nodeId, value);
  if (!brokers) throw new ClusterProblem('absent', `${resource.meta.name} has no broker ${nodeId} any more.`);
  const { uid, resourceVersion } = resource.meta;
  const patch = { metadata: { uid, resourceVersion }, spec: { brokers } };
  await cluster.mergePatch(addressOf(target.anchor, target.namespace), patch, options);
}

/** The pod is not yet as it should be. */
function isBehind({ meta }: LivePod, wanted: string): boolean {
  return wanted !== '' && meta.annotations[RESTART_ANNOTATION] !== wanted;
}

function wait(waitingFor: string): Answer {
  return { kind: 'wait', waitingFor, measure: [waitingFor], isNear: false };
}
