import { valueAt } from '#core/json.ts';
import { ClusterProblem, type Clock, type Cluster, type WriteOptions } from '#core/live/ports.ts';
import type { Answer, Plan } from '#core/operations/model.ts';
import { operatorObstacle } from '#core/operations/operated/operatorWatch.ts';
import {
  addressOf,
  readResource,
  strangerAs,
  type ResourceNow,
  type ResourceRef,
} from '#core/operations/operated/resource.ts';
import { sleep } from '#core/operations/poller.ts';
import { textsIn } from '#core/operations/stepParameters.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import {
  casskopUnrest,
  datacentersAsking,
  isSameRack,
  topologyOf,
  type RackName,
} from '#core/systems/cassandra/operations/operated/casskopNow.ts';
import type { Question, RackRoute } from '#core/systems/cassandra/operations/operated/rackRoll.ts';
import { obstacleOfSets, readRackSets, type RackSet } from '#core/systems/cassandra/operations/operated/rackSets.ts';
import type { RackStep } from '#core/systems/cassandra/operations/operated/rackStep.ts';
import type { PodGuard } from '#core/systems/cassandra/operations/operated/strict.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

const TITLE = operatorNames.casskop;
const LABELS = {
  rack: 'cassandraclusters.db.orange.com.rack',
  datacenter: 'cassandraclusters.db.orange.com.dc',
};
const ROUND_MS = 5000;

/** CassKop is asked by `rollingRestart: true` of one rack, and takes that back itself. */
export class CasskopRoute implements RackRoute, PodGuard {
  readonly title = TITLE;
  readonly #plan: Plan;
  readonly #cluster: Cluster;
  readonly #clock: Clock;

  constructor(plan: Plan, { cluster, clock }: { readonly cluster: Cluster; readonly clock: Clock }) {
    this.#plan = plan;
    this.#cluster = cluster;
    this.#clock = clock;
  }

  stranger(): Promise<string | undefined> {
    return strangerAs(this.#cluster, this.#namespace, this.#ref);
  }

  async obstacle(rack: RackStep): Promise<Answer | undefined> {
    const atRest = await this.podObstacle();
    if (atRest) return atRest;
    const racks = topologyOf((await this.#read()).resource.spec);
    const own = racks.find((one) => isSameRack(one, rack));
    if (!own) {
      const reason = `The topology has no rack ${rack.rack} of ${rack.datacenter} any more.`;
      return { kind: 'stop', reason, fix: 'Make a new plan.' };
    }
    if (own.partition > 0) {
      const reason = `Rack ${rack.rack} has rollingPartition ${own.partition}: its restart never comes to an end.`;
      return { kind: 'stop', reason, fix: 'Set it to 0, or make a new plan that goes pod by pod.' };
    }
    return obstacleOfSets(rack, await this.#sets(), LABELS);
  }

  async podObstacle(): Promise<Answer | undefined> {
    const missing = await operatorObstacle(this.#cluster, this.#operators, TITLE);
    if (missing) return missing;
    const { resource } = await this.#read();
    const unrest = casskopUnrest(resource);
    if (unrest?.isStuck === true)
      return {
        kind: 'stop',
        reason: `${unrest.text}.`,
        fix: 'See to it first: CassKop begins nothing else until then.',
      };
    if (unrest) return waiting(unrest.text, [unrest.text], false);
    const asked = topologyOf(resource.spec).filter(({ isAsked }) => isAsked);
    const names = asked.map(({ datacenter, rack }) => `${datacenter}-${rack}`).join(', ');
    return asked.length === 0 ? undefined : waiting(`CassKop to take up the restart of ${names}`, [names], false);
  }

  async question(rack: RackStep): Promise<Question> {
    const { resource } = await this.#read();
    const racks = topologyOf(resource.spec);
    const sets = await this.#sets();
    const isAsked = racks.some((one) => one.isAsked && isSameRack(one, rack));
    const others = sets.filter(({ workload, isSettled }) => workload !== rack.workload && !isSettled);
    const isRolling = sets.some(({ workload, isSettled }) => workload === rack.workload && !isSettled);
    if (others.length > 0 && (isRolling || isAsked)) return astray(rack, others);
    if (isRolling) return { kind: 'begun', text: `${rack.workload} rolls` };
    const unrest = casskopUnrest(resource);
    if (isAsked) return unrest ? { kind: 'begun', text: unrest.text } : { kind: 'asked' };
    return unrest ? { kind: 'begun', text: unrest.text } : { kind: 'none' };
  }

  async ask(rack: RackStep): Promise<void> {
    await askCasskop(this.#cluster, this.#namespace, await this.#read(), rack, true);
  }

  async withdraw(rack: RackStep): Promise<readonly string[]> {
    const begun = new ClusterProblem('busy', `${TITLE} has begun with rack ${rack.rack} meanwhile.`);
    const { kind } = await this.question(rack);
    if (kind !== 'asked' && kind !== 'none') throw begun;
    if (kind === 'asked') await askCasskop(this.#cluster, this.#namespace, await this.#read(), rack, false);
    await sleep(this.#clock, ROUND_MS);
    if ((await this.question(rack)).kind !== 'none') throw begun;
    return [`rollingRestart of rack ${rack.rack} is taken back before ${TITLE} began with it`];
  }

  async leave(rack: RackStep): Promise<readonly string[]> {
    const now = await this.#read();
    if (!topologyOf(now.resource.spec).some((one) => one.isAsked && isSameRack(one, rack))) return [];
    await askCasskop(this.#cluster, this.#namespace, now, rack, false);
    return [
      `rollingRestart of rack ${rack.rack} is taken back; a roll of ${rack.workload} that has begun goes on, and nobody watches it from here`,
    ];
  }

  async delay(): Promise<string> {
    const missing = await operatorObstacle(this.#cluster, this.#operators, TITLE);
    return missing?.kind === 'wait' ? `waiting for ${missing.waitingFor}` : '';
  }

  #read(): Promise<ResourceNow> {
    return readResource(this.#cluster, this.#namespace, this.#ref);
  }

  #sets(): Promise<readonly RackSet[]> {
    return readRackSets(this.#cluster, this.#namespace, textsIn(this.#plan.parameters, 'workloads'));
  }

  get #ref(): ResourceRef {
    return this.#plan.target.anchor;
  }

  get #namespace(): string {
    return this.#plan.target.namespace;
  }

  get #operators(): readonly string[] {
    return textsIn(this.#plan.parameters, 'operators');
  }
}

/** Counts only for the very version that was read. @throws ClusterProblem */
export async function askCasskop(
  cluster: Cluster,
  namespace: string,
  { object, resource }: ResourceNow,
  rack: RackName,
  isAsked: boolean,
  options?: WriteOptions,
): Promise<void> {
  const dc = datacentersAsking(object, rack, isAsked);
  const { name, uid } = resource.meta;
  if (!dc)
    throw new ClusterProblem('absent', `The topology of ${name} has no rack ${rack.rack} of ${rack.datacenter}.`);
  const metadata = { uid, resourceVersion: valueAt(object, 'metadata', 'resourceVersion') };
  const apiVersion = `${resource.group}/${resource.version}`;
  const address = addressOf({ apiVersion, kind: resource.customKind, name }, namespace);
  await cluster.mergePatch(address, { metadata, spec: { topology: { dc } } }, options);
}

function astray({ rack }: RackStep, others: readonly RackSet[]): Question {
  const names = others.map(({ workload }) => workload).join(', ');
  return {
    kind: 'astray',
    reason: `${names} is rolled as well, while CassKop was asked for rack ${rack} alone.`,
    fix: 'See who else changes it. Wait until everything is back, then make a new plan.',
  };
}
