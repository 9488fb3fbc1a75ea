import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer, Plan, Precondition } from '#core/operations/model.ts';
import { readResource } from '#core/operations/operated/resource.ts';
import { numberIn } from '#core/operations/stepParameters.ts';
import { layoutOf } from '#core/systems/cassandra/live/layouts.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import type {
  OperatedFlavour,
  Purpose,
  RoutePorts,
} from '#core/systems/cassandra/operations/operated/operatedFlavour.ts';
import type { PodGuard } from '#core/systems/cassandra/operations/operated/strict.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/**
 * Operators that have no word for a restart. Their pods are those of StatefulSets, which give them their volumes again, so they go pod by pod
 * as where nobody runs the ring; what each operator would do meanwhile is told. Source: their repositories, read; see the facts of each.
 */
interface EndedOperator {
  readonly title: string;
  readonly warnings: readonly string[];
}

const ended: Readonly<Record<string, EndedOperator>> = {
  instaclustr: {
    title: operatorNames.instaclustr,
    warnings: [
      'It scales as soon as spec.nodes is changed, and does not ask who is away; leave spec.nodes alone until the run is over',
      'It makes no disruption budget, so that others may take a second node; one with maxUnavailable 1 would keep them from it',
    ],
  },
  sky: {
    title: operatorNames.sky,
    warnings: [
      'Its pods drain once more when they end (preStop), which does no harm to a node that is drained',
      'It lowers the size of a rack without a decommission; leave the replicas of racks alone until the run is over',
    ],
  },
  aslanbakirov: {
    title: operatorNames.aslanbakirov,
    warnings: [
      'It writes the whole StatefulSet anew at each of its rounds: a template that differs by then is rolled by readiness alone',
      'Its readiness probe asks the node itself, which calls itself up before others do; our gates ask the others',
    ],
  },
  vgkowski: {
    title: operatorNames.vgkowski,
    warnings: [
      'It writes the whole StatefulSet anew at each of its rounds: a template that differs by then is rolled by readiness alone',
      'Its readiness probe asks the node itself, which calls itself up before others do; our gates ask the others',
    ],
  },
};

export const endedOperators: Readonly<Record<string, OperatedFlavour>> = Object.fromEntries(
  Object.entries(ended).map(([flavour, operator]) => [flavour, flavourOf(operator)]),
);

function flavourOf(operator: EndedOperator): OperatedFlavour {
  return {
    refusal: refusalOf,
    look: async (_, { data }, purpose) => ({
      preconditions: [effectsCheck(operator, purpose), sizeCheck(operator, data)],
      parameters: { size: data.members.length },
      risks: [],
    }),
    guard: (plan, ports) => new EndedGuard(operator, plan, ports),
  };
}

/** Only a StatefulSet gives pods their volumes again. */
function refusalOf({ name, workloads }: DataCluster): string | undefined {
  const other = workloads.find(({ kind }) => kind !== 'StatefulSet');
  if (other) return `${name} is run by a ${other.kind}, whose pods come back as new nodes.`;
  return workloads.length === 0
    ? `No StatefulSet of ${name} is known, so nothing gives its pods their volumes again.`
    : undefined;
}

function effectsCheck({ title, warnings }: EndedOperator, purpose: Purpose): Precondition {
  const stays = purpose === 'maintenance' ? ['It takes no notice of a pod that stays drained'] : [];
  return {
    id: 'operator-effects',
    title: `${title} is looked out for`,
    state: 'warns',
    evidence: [...warnings, ...stays],
    fix: 'It is no longer maintained; leave its resource alone until the run is over.',
  };
}

/** A resource of another size than the ring is one that is being acted on. */
function sizeCheck({ title }: EndedOperator, { resource, members }: DataCluster): Precondition {
  const id = { id: 'operator-rest', title: `${title} adds and removes no nodes` };
  const wanted = resource && wantedBy(resource);
  if (wanted === undefined)
    return { ...id, state: 'unknown', evidence: ['Its resource may not be read, or does not say'] };
  if (wanted === members.length)
    return { ...id, state: 'holds', evidence: [`It wants ${wanted} nodes, and there are as many`] };
  const evidence = [`It wants ${wanted} nodes, and there are ${members.length}`];
  return { ...id, state: 'fails', evidence, fix: 'Wait until it is done, or set the size to what is there.' };
}

const wantedBy = (resource: LiveCustom): number | undefined => layoutOf(resource)?.wanted(resource);

/** Asks the resource, where it may be read, whether the size is still the one of the plan. */
class EndedGuard implements PodGuard {
  readonly #operator: EndedOperator;
  readonly #plan: Plan;
  readonly #cluster: Cluster;

  constructor(operator: EndedOperator, plan: Plan, { cluster }: RoutePorts) {
    this.#operator = operator;
    this.#plan = plan;
    this.#cluster = cluster;
  }

  async stranger(): Promise<string | undefined> {
    const { anchor } = this.#plan.target;
    const resource = await this.#read();
    if (!resource || resource.meta.uid === anchor.uid) return undefined;
    return `The ${anchor.kind} ${anchor.name} is another one than when the plan was made.`;
  }

  async podObstacle(): Promise<Answer | undefined> {
    const resource = await this.#read();
    const wanted = resource && wantedBy(resource);
    const size = numberIn(this.#plan.parameters, 'size');
    if (wanted === undefined || wanted === size) return undefined;
    return waiting(`${this.#operator.title} to be asked for ${size} nodes again; it wants ${wanted}`, [wanted], false);
  }

  delay(): Promise<string> {
    return Promise.resolve('');
  }

  /** Undefined where it may not be read: the plan is then kept beside a StatefulSet. @throws ClusterProblem */
  async #read(): Promise<LiveCustom | undefined> {
    const { anchor, namespace } = this.#plan.target;
    if (anchor.kind === 'StatefulSet') return undefined;
    try {
      return (await readResource(this.#cluster, namespace, anchor)).resource;
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'forbidden') return undefined;
      throw error;
    }
  }
}
