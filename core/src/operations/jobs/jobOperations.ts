import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Departure } from '#core/operations/nodeDrain/departure/departure.ts';
import type { OperationName, Plan } from '#core/operations/model.ts';
import type { Offer, PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { SystemOperations, UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { OperationWish, Wishes } from '#core/operations/wishes.ts';

/** How one operation stands with one job now, without contacting anything. */
export type JobOffer = Omit<Offer, 'operation'>;

/** It can be planned. */
export const offered: JobOffer = {};

/** It is in the menu, and whoever chooses it is told why not. */
export const refused = (refusal: string): JobOffer => ({ refusal });

/** It is not in the menu now, because it is no question: a job that runs is not resumed. */
export const outOfPlace = (refusal: string): JobOffer => ({ refusal, isInMenu: false });

/** One operation of one kind of job. */
export interface JobOperation<Name extends OperationName> {
  /** Contacts nothing. */
  offer(this: void, data: DataCluster): JobOffer;
  /** @throws ClusterProblem */
  plan(this: void, wish: Wishes[Name], ports: PlanningPorts): Promise<Plan>;
  procedure(this: void, plan: Plan, ports: UndertakingPorts): Procedure;
}

/** The operations of one kind of job; what is missing cannot be done there. */
export type JobTable = { readonly [Name in OperationName]?: JobOperation<Name> };

export interface JobSystem {
  /** By the kind of what is operated (kindOf): `kubeflow.org/TFJob`, `Pod`. */
  readonly tables: Readonly<Record<string, JobTable>>;
  /** What other systems call so has another name here: the sentence that says which. */
  readonly instead: Readonly<Partial<Record<OperationName, string>>>;
  /** How its pods leave a Kubernetes node. */
  readonly departure?: Departure;
}

/** In the order of a menu. */
const names: readonly OperationName[] = ['rerun', 'suspend', 'unsuspend', 'resubmit', 'workers', 'schedule', 'stop'];

/** Those of other systems; a job has the true meaning of one, or says under which name it is found. */
const elsewhere: readonly OperationName[] = ['restart', 'drain', 'rebalance', 'scale', 'configure', 'replace'];

/** Group and kind of what is operated: of its resource, else of its workload; `Pod` where there is neither. */
export function kindOf({ resource, workloads: [workload] }: DataCluster): string {
  if (resource) return `${resource.group}/${resource.customKind}`;
  return workload ? `apps/${workload.kind}` : 'Pod';
}

/** The same of the plan: its anchor is what was operated when it was made. */
export function plannedKindOf({ target: { anchor } }: Plan): string {
  const [group, version] = anchor.apiVersion.split('/');
  return version === undefined ? anchor.kind : `${group}/${anchor.kind}`;
}

/** The operations of a system of jobs, from its tables. */
export function jobOperations({ tables, instead, departure }: JobSystem): SystemOperations {
  const tableOf = (kind: string): JobTable => (Object.hasOwn(tables, kind) ? (tables[kind] ?? {}) : {});
  const unknown = (name: OperationName, kind: string): ClusterProblem => {
    const [own = kind] = kind.split('/').toReversed();
    return new ClusterProblem('invalid', instead[name] ?? `There is no operation ${name} for a ${own}.`);
  };
  const planAs = async <Name extends OperationName>(
    name: Name,
    wish: Wishes[Name] & OperationWish,
    ports: PlanningPorts,
  ): Promise<Plan> => {
    const kind = kindOf(ports.data);
    const operation: JobTable[Name] = tableOf(kind)[name];
    if (!operation) throw unknown(name, kind);
    const { refusal } = operation.offer(ports.data);
    if (refusal !== undefined) throw new ClusterProblem('invalid', refusal);
    return operation.plan(wish, ports);
  };
  return {
    ...(departure ? { departure } : {}),
    offers: (data) => {
      const table = tableOf(kindOf(data));
      return [...names, ...elsewhere].flatMap((operation): readonly Offer[] => {
        const found = table[operation];
        if (found) return [{ operation, ...found.offer(data) }];
        const refusal = instead[operation];
        return refusal === undefined ? [] : [{ operation, ...outOfPlace(refusal) }];
      });
    },
    plan: (wish, ports) => planAs(wish.operation, wish, ports),
    undertake: (plan, ports) => {
      const kind = plannedKindOf(plan);
      const operation = tableOf(kind)[plan.operation];
      if (!operation) throw unknown(plan.operation, kind);
      return { procedure: operation.procedure(plan, ports), close: () => Promise.resolve() };
    },
  };
}
