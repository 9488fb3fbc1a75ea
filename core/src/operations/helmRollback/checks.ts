import type { RenderedManifest } from '#core/live/helm/renderedObjects.ts';
import type { ObjectChange, ObjectDrift } from '#core/live/helm/releaseChanges.ts';
import { counted } from '#core/live/plainText.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { isPending, isStuck } from '#core/operations/helmRollback/target.ts';
import { storageOf, type StoredRevision } from '#core/operations/helmRollback/storedReleases.ts';
import type { Precondition } from '#core/operations/model.ts';
import { duration } from '#core/operations/report.ts';

/** So many of a kind are named; of the others there is a number. */
const SHOWN = 12;

/** Nobody else is at the release. Helm allows a rollback of one whose upgrade was interrupted, and it is the way out of it. */
export function pendingCheck(current: StoredRevision, now: number): Precondition {
  const id = { id: 'pending', title: 'Nothing else is under way with the release' };
  const { revision, status, modifiedAt } = current;
  if (!isPending(current)) return { ...id, state: 'holds', evidence: [`Revision ${revision} is ${status}`] };
  const since = modifiedAt === undefined ? '' : ` for ${duration(now - modifiedAt)}`;
  const evidence = [`Revision ${revision} is ${status}${since}`];
  if (status === 'uninstalling' || !isStuck(current, now))
    return {
      ...id,
      state: 'fails',
      evidence,
      fix: 'Wait until it is over; after ten minutes it counts as interrupted.',
    };
  const fix = 'Agree to it when nobody runs Helm on this release any more; the rollback ends that revision.';
  return { ...id, state: 'consent', evidence, fix };
}

/** Every object of both manifests can be read, and its kind is served: Helm stops at the first that is not. */
export function readableCheck(manifests: readonly RenderedManifest[], changes: readonly ObjectChange[]): Precondition {
  const id = { id: 'objects', title: 'Every object of both revisions can be read' };
  const problems = [
    ...manifests.flatMap((manifest) => manifest.problems),
    ...changes.filter(({ how }) => how === 'unknown').map(({ title, fields }) => `${title}: ${fields.join(', ')}`),
  ];
  if (problems.length === 0) {
    const touched = changes.filter(({ how }) => how !== 'same' && how !== 'kept').length;
    return { ...id, state: 'holds', evidence: [`${counted(touched, 'object')} of ${changes.length} will be another`] };
  }
  const fix =
    'Of a kind that the cluster no longer serves, Helm can build no manifest: map the release to the version that is served with the plugin mapkubeapis, or upgrade it. Of others, ask for the right to read them.';
  return { ...id, state: 'fails', evidence: few(problems), fix };
}

/** The server tries the changed objects without effect; what it cannot change it says. */
export async function acceptedCheck(changes: readonly ObjectChange[], cluster: Cluster): Promise<Precondition> {
  const id = { id: 'accepted', title: 'The API server takes what is changed' };
  const refused: string[] = [];
  const unknown: string[] = [];
  for (const { title, how, target, after } of changes) {
    if (how !== 'changed' || !target?.address || !after) continue;
    const problem = await tried(cluster.replace(target.address, after, { dryRun: true }));
    if (problem?.kind === 'invalid') refused.push(`${title}: ${problem.message}`);
    else if (problem) unknown.push(`${title}: ${problem.message}`);
  }
  if (refused.length > 0) {
    const fix =
      'A field that cannot be changed needs the object to be made anew, which a rollback from here does not do.';
    return { ...id, state: 'fails', evidence: few(refused), fix };
  }
  if (unknown.length > 0) return { ...id, state: 'unknown', evidence: few(unknown) };
  return { ...id, state: 'holds', evidence: ['Tried without effect'] };
}

async function tried(write: Promise<unknown>): Promise<ClusterProblem | undefined> {
  try {
    await write;
    return undefined;
  } catch (error) {
    if (error instanceof ClusterProblem) return error;
    throw error;
  }
}

/** What others have changed in the fields of the current manifest, which Helm sets again. */
export function outsideCheck(drifts: readonly ObjectDrift[], changes: readonly ObjectChange[]): Precondition {
  const id = { id: 'outside', title: 'Nobody has changed the objects outside Helm' };
  const strange = changes.filter(({ old, live }) => !old && live);
  const drifted = drifts.flatMap(({ title, how, fields }) => {
    if (how === 'missing') return [`${title} is missing and is made again if the revision has it`];
    return how === 'changed' ? [`${title}: ${fields.slice(0, 3).join('; ')}${fields.length > 3 ? '; …' : ''}`] : [];
  });
  const taken = strange.map(
    ({ title }) => `${title} is there and not of the current revision: Helm takes it over, or refuses`,
  );
  const evidence = [...drifted, ...taken];
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: [] };
  const fix = 'Of kinds of Kubernetes, what the revision sets is set back; of custom resources it stays.';
  return { ...id, state: 'warns', evidence: few(evidence), fix };
}

/** What keeping releases needs, and may not be done. */
export async function storageCheck(
  namespace: string,
  { driver }: StoredRevision,
  cluster: Pick<Cluster, 'can'>,
): Promise<Precondition> {
  const { group, plural } = storageOf(driver);
  const id = { id: 'storage', title: 'Revisions may be written' };
  const missing: string[] = [];
  for (const verb of ['create', 'update']) {
    const { isAllowed } = await cluster.can({ verb, group, resource: plural, namespace });
    if (!isAllowed) missing.push(`No right to ${verb} ${plural} in ${namespace}`);
  }
  if (missing.length === 0) return { ...id, state: 'holds', evidence: [] };
  return { ...id, state: 'fails', evidence: missing, fix: 'Ask for the right; Helm needs it too.' };
}

function few(texts: readonly string[]): readonly string[] {
  const more = texts.length - SHOWN;
  return more > 0 ? [...texts.slice(0, SHOWN), `and ${more} more`] : texts;
}
