import type { JsonObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { ObjectMeta } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { OperationTarget, Precondition } from '#core/operations/model.ts';

/** The cluster a plan is pinned to. @throws ClusterProblem when there is no object beside which a journal could be kept */
export async function targetOf(
  data: DataCluster,
  cluster: Cluster,
  systemIdentity: string | undefined,
): Promise<OperationTarget> {
  const [workload] = data.workloads;
  const anchor = data.resource
    ? {
        ...data.resource.meta,
        apiVersion: `${data.resource.group}/${data.resource.version}`,
        kind: data.resource.customKind,
      }
    : ((workload && { ...workload.meta, apiVersion: 'apps/v1', kind: workload.kind }) ?? driverOf(data));
  if (!anchor) throw new ClusterProblem('absent', `${data.name} has neither a workload nor a custom resource.`);
  const { apiVersion, kind, name, uid } = anchor;
  return {
    context: cluster.context.name,
    clusterIdentity: await cluster.identity(),
    namespace: data.namespace,
    system: data.system,
    key: data.key,
    name: data.name,
    anchor: { apiVersion, kind, name, uid },
    systemIdentity,
  };
}

/** An application that was submitted without an operator is its driver. */
function driverOf({ members }: DataCluster): (ObjectMeta & { apiVersion: string; kind: string }) | undefined {
  const pod = members.find(({ role }) => role === 'driver')?.pod;
  return pod && { ...pod.meta, apiVersion: 'v1', kind: 'Pod' };
}

/** Metadata of what is kept beside a target: it goes with the anchor, unless the run itself takes that away. */
export function ownedBy({ anchor, anchorGoes }: OperationTarget): JsonObject {
  if (anchorGoes === true) return {};
  const { apiVersion, kind, name, uid } = anchor;
  return { ownerReferences: [{ apiVersion, kind, name, uid }] };
}

/** What keeping a journal and a lock needs, and may not be done. */
export async function missingJournalRights(
  { namespace }: OperationTarget,
  cluster: Cluster,
): Promise<readonly string[]> {
  const questions = [
    { group: '', resource: 'configmaps' },
    { group: 'coordination.k8s.io', resource: 'leases' },
  ].flatMap((kind) => ['get', 'create', 'update'].map((verb) => ({ ...kind, verb, namespace })));
  const answers = await Promise.all(
    questions.map(async (question) => ({ question, answer: await cluster.can(question) })),
  );
  return answers.flatMap(({ question: { verb, resource }, answer }) =>
    answer.isAllowed ? [] : [`No right to ${verb} ${resource} in ${namespace}`],
  );
}

/** By what missingJournalRights found. */
export function journalCheck(missingRights: readonly string[]): Precondition {
  const id = { id: 'journal', title: 'The run can be written down and locked beside the workload' };
  if (missingRights.length === 0) return { ...id, state: 'holds', evidence: ['ConfigMap and Lease may be written'] };
  return {
    ...id,
    state: 'consent',
    evidence: missingRights,
    fix: 'Without them the run cannot be resumed from another machine, and nothing keeps a second one away. Ask for the rights.',
  };
}
