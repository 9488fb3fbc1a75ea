import { textAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { renderedObjects, type RenderedObject } from '#core/live/helm/renderedObjects.ts';
import { releaseChanges, releaseDrift, type ObjectChange } from '#core/live/helm/releaseChanges.ts';
import { isBuiltIn } from '#core/live/helm/threeWay.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import {
  acceptedCheck,
  outsideCheck,
  pendingCheck,
  readableCheck,
  storageCheck,
} from '#core/operations/helmRollback/checks.ts';
import { findHeldSets, type FoundSets, type HeldSet } from '#core/operations/helmRollback/heldSets.ts';
import { marked } from '#core/operations/helmRollback/marks.ts';
import { planMembers, type MemberParts } from '#core/operations/helmRollback/memberParts.ts';
import { handOverSteps, holdSteps, restoreSteps, writingSteps } from '#core/operations/helmRollback/steps.ts';
import { readRevision, storedRevisions, type ReleaseStored } from '#core/operations/helmRollback/storedReleases.ts';
import { chooseRevisions } from '#core/operations/helmRollback/target.ts';
import { chooseWay, hooksCheck, type Way } from '#core/operations/helmRollback/way.ts';
import type { OperationTarget, Plan, PlannedChange } from '#core/operations/model.ts';
import type { SystemTable } from '#core/operations/systemOperations.ts';
import { journalCheck, missingJournalRights } from '#core/operations/target.ts';
import type { RollbackWish } from '#core/operations/wishes.ts';

export interface RollbackPlanningPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** A new id for the plan. */
  readonly id: string;
  /** Every data cluster that is known of the Kubernetes cluster. */
  readonly clusters: readonly DataCluster[];
}

/**
 * A plan that rolls a Helm release back: StatefulSets of data clusters whose pod template changes are held, Helm writes, and then their
 * members are restarted one at a time by the safe restart of their own system. Every precondition is checked now.
 * @throws ClusterProblem when the cluster cannot be asked, or when there is no such release or revision
 */
export async function planRollback(
  wish: RollbackWish,
  ports: RollbackPlanningPorts & { readonly systems: SystemTable },
): Promise<Plan> {
  const { cluster, clock, id } = ports;
  const found = await findRelease(wish, cluster);
  const { way, changes } = found;
  const sets = await findHeldSets(changes, { ...ports, keepsStrategy: way.way === 'written' });
  const members = await planMembers(sets.held, ports);
  const target = await targetOf(wish, found.current, cluster);
  const [from, to] = [found.current.stored.revision, found.target.stored.revision];
  const preconditions = [
    pendingCheck(found.current.stored, clock.now()),
    way.precondition,
    ...found.checks,
    hooksCheck(found.target.content),
    ...sets.preconditions,
    ...members.preconditions,
    journalCheck(await missingJournalRights(target, cluster)),
  ];
  return {
    format: 1,
    id,
    operation: 'rollback',
    title: `Rollback of the Helm release ${wish.release} from revision ${from} to ${to}`,
    target,
    madeAt: clock.now(),
    parameters: {
      from,
      to,
      way: way.way,
      helm: way.version,
      driver: found.current.stored.driver,
      held: sets.held.map((one) => `${one.namespace}/${one.name}`),
    },
    preconditions,
    steps: stepsOf(wish, { from, to, way }, sets, members),
    risks: risksOf(changes, sets.held),
    needsTypedName: true,
    changes: changes.flatMap(shownChange),
    ...(members.parts.length > 0 ? { parts: members.parts } : {}),
  };
}

interface FoundRelease {
  readonly current: ReleaseStored;
  readonly target: ReleaseStored;
  readonly way: Way;
  readonly changes: readonly ObjectChange[];
  readonly checks: Plan['preconditions'];
}

async function findRelease({ release, namespace, to }: RollbackWish, cluster: Cluster): Promise<FoundRelease> {
  const { helm } = cluster;
  if (!helm) throw new ClusterProblem('invalid', 'Helm releases cannot be read here.');
  const revisions = await storedRevisions(cluster, { namespace, name: release });
  const chosen = chooseRevisions(revisions, { name: release, to });
  const [current, target] = [
    await readRevision(cluster, namespace, chosen.current, helm),
    await readRevision(cluster, namespace, chosen.target, helm),
  ];
  const { resources } = await cluster.resources();
  const [old, wanted] = [current, target].map(({ content }) =>
    renderedObjects(content.manifest, { namespace }, resources),
  );
  const manifests = [old ?? NO_MANIFEST, wanted ?? NO_MANIFEST] as const;
  const changes = await releaseChanges(
    manifests[0].objects,
    marked(manifests[1].objects, { release, namespace }),
    cluster,
  );
  return {
    current,
    target,
    way: chooseWay(await helm.program(), target.content, textAt(target.json, 'apply_method')),
    changes,
    checks: [
      await storageCheck(namespace, current.stored, cluster),
      readableCheck(manifests, changes),
      await acceptedCheck(changes, cluster),
      outsideCheck(await releaseDrift(manifests[0].objects, cluster), changes),
    ],
  };
}

const NO_MANIFEST: { readonly objects: readonly RenderedObject[]; readonly problems: readonly string[] } = {
  objects: [],
  problems: [],
};

/** Journal and lock are kept beside the newest revision, whose Secret outlives the rollback. */
async function targetOf(
  { release, namespace }: RollbackWish,
  { stored }: ReleaseStored,
  cluster: Cluster,
): Promise<OperationTarget> {
  return {
    context: cluster.context.name,
    clusterIdentity: await cluster.identity(),
    namespace,
    system: 'helm',
    key: `helm/${namespace}/${release}`,
    name: release,
    anchor: {
      apiVersion: 'v1',
      kind: stored.driver === 'secret' ? 'Secret' : 'ConfigMap',
      name: stored.name,
      uid: stored.uid,
    },
    systemIdentity: undefined,
  };
}

function stepsOf(
  { release }: RollbackWish,
  { from, to, way }: { readonly from: number; readonly to: number; readonly way: Way },
  { held }: FoundSets,
  { steps }: MemberParts,
): Plan['steps'] {
  return [
    ...held.flatMap(holdSteps),
    ...writingSteps({ release, from, to, way: way.way }, way.version),
    ...held.flatMap(handOverSteps),
    ...steps,
    ...held.flatMap(restoreSteps),
  ];
}

function risksOf(changes: readonly ObjectChange[], held: readonly HeldSet[]): readonly string[] {
  const touched = changes.filter(({ how }) => how === 'changed' || how === 'created' || how === 'deleted');
  const custom = touched.filter(({ old, target }) => !isBuiltIn((target ?? old)?.object ?? {}));
  return [
    'CustomResourceDefinitions in the folder crds of a chart are never touched by Helm: they stay as they are now.',
    'What operators and programs did because of the newer revision, data included, is not undone.',
    ...(custom.length === 0
      ? []
      : [
          `What follows from ${custom.map(({ title }) => title).join(', ')} is done by the operator of that kind, in its own order.`,
        ]),
    ...(touched.some(isRolledAlone)
      ? ['Deployments and DaemonSets that change are rolled by their own controllers, going by readiness.']
      : []),
    ...(held.length === 0
      ? []
      : [
          'ConfigMaps and Secrets are changed before the members are restarted; a member that restarts by itself meanwhile reads the new ones with its old template.',
          'A member that does not come back ends the run there: one is out, and the others keep the newer template until somebody resumes it.',
        ]),
    'When Helm fails half-way, it marks the revision as failed and leaves what it has changed; roll back again, or upgrade.',
  ];
}

/** Only the pods of StatefulSets are held. */
function isRolledAlone({ old, target }: ObjectChange): boolean {
  const kind = (target ?? old)?.kind;
  return kind === 'Deployment' || kind === 'DaemonSet';
}

/** As many fields of an object, and as many objects, as somebody reads and a journal has room for. */
const MOST_FIELDS = 20;

function shownChange({ title, how, fields }: ObjectChange): readonly PlannedChange[] {
  if (how === 'same') return [];
  const more = fields.length - MOST_FIELDS;
  const shown = more > 0 ? [...fields.slice(0, MOST_FIELDS), `and ${more} more`] : fields;
  return [{ title, how, fields: shown }];
}
