import { objectAt, textAt, textMapOf, valueAt } from '#core/json.ts';
import { encodeRelease, storedLabels, storedName } from '#core/live/helm/encode.ts';
import { fieldChanges } from '#core/live/helm/fieldChanges.ts';
import { releaseChanges, type ObjectChange } from '#core/live/helm/releaseChanges.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { holds } from '#core/operations/helmRollback/holds.ts';
import type { RollbackRun } from '#core/operations/helmRollback/rollbackRun.ts';
import { COMPLETE, OBJECTS, RECORD } from '#core/operations/helmRollback/steps.ts';
import { addressOf, storageOf, type ReleaseStored } from '#core/operations/helmRollback/storedReleases.ts';
import type { Answer } from '#core/operations/model.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { formatTime } from '#core/time.ts';

/**
 * A rollback without the program, in the order of Helm:
 *
 * 1. `record`: the revision after the newest is created as pending-rollback, with chart, values, manifest, hooks and labels of the one it
 *    goes back to. A revision of that number that is there already is either this very rollback or stops it, so that it is made once.
 * 2. `objects`: what the manifest has is created or patched three ways, what only the older manifest had is deleted, unless it says that it
 *    is to be kept. Update strategies of StatefulSets that are held stay as they are.
 * 3. `complete`: every revision that is deployed becomes superseded, and then the new one deployed.
 *
 * An object that the server refuses ends it as in Helm: the revision is marked as failed and the one before as superseded.
 * Source: Rollback in pkg/action, update in pkg/kube and the drivers in pkg/storage of Helm 3.22.
 */
export function writtenKinds(
  run: RollbackRun,
): Readonly<Record<typeof RECORD | typeof OBJECTS | typeof COMPLETE, StepKind>> {
  return { [RECORD]: recordKind(run), [OBJECTS]: objectsKind(run), [COMPLETE]: completeKind(run) };
}

function recordKind(run: RollbackRun): StepKind {
  const isMade = async (): Promise<boolean> => {
    const made = await run.made();
    return made !== undefined && run.isOurs(made);
  };
  return {
    isDone: isMade,
    hasActed: isMade,
    prepare: () => Promise.resolve({}),
    gate: async () =>
      (await run.overtaken()) ??
      (await run.unheld()) ?? { kind: 'yes', evidence: `revision ${run.release.from} is the newest` },
    act: () => tried(createRevision(run)),
    awaited: async () =>
      (await isMade()) ? yes(`revision ${run.next} is stored`) : waiting(`revision ${run.next} to be stored`),
    finish: () => Promise.resolve([]),
  };
}

async function createRevision(run: RollbackRun): Promise<void> {
  const { from, to, namespace, release, driver } = run.release;
  const revisions = await run.revisions();
  const [current, target] = [from, to].map((number) => revisions.find(({ revision }) => revision === number));
  if (!current || !target) throw new ClusterProblem('absent', `Revision ${to} or ${from} is no longer kept.`);
  const [now, then] = [await run.read(current), await run.read(target)];
  const at = run.clock.now();
  const info = {
    first_deployed: valueAt(now.json, 'info', 'first_deployed'),
    last_deployed: formatTime(at),
    deleted: '',
    description: `Rollback to ${to}`,
    status: 'pending-rollback',
    ...('notes' in objectAt(then.json, 'info') ? { notes: textAt(then.json, 'info', 'notes') } : {}),
  };
  const json = { ...then.json, name: release, namespace, version: run.next, info };
  const labels = {
    release,
    revision: run.next,
    status: 'pending-rollback',
    before: target.labels,
    at,
    how: 'createdAt',
  } as const;
  await run.cluster.create(storageOf(driver), {
    apiVersion: 'v1',
    kind: driver === 'secret' ? 'Secret' : 'ConfigMap',
    metadata: { namespace, name: storedName(release, run.next), labels: storedLabels(labels) },
    ...(driver === 'secret' ? { type: 'helm.sh/release.v1' } : {}),
    data: { release: encodeRelease(json, run.helm.deflate, driver) },
  });
}

/** Writes status and description of a revision. @throws ClusterProblem */
async function updateRevision(
  run: RollbackRun,
  one: ReleaseStored,
  status: string,
  description?: string,
): Promise<void> {
  const { release, namespace, driver } = run.release;
  const info = { ...objectAt(one.json, 'info'), status, ...(description === undefined ? {} : { description }) };
  const { revision } = one.stored;
  const before = textMapOf(valueAt(one.object, 'metadata', 'labels'));
  const labels = { release, revision, status, before, at: run.clock.now(), how: 'modifiedAt' } as const;
  await run.cluster.replace(addressOf(namespace, one.stored), {
    ...one.object,
    metadata: { ...objectAt(one.object, 'metadata'), labels: storedLabels(labels) },
    data: { release: encodeRelease({ ...one.json, info }, run.helm.deflate, driver) },
  });
}

/** Undefined when the new revision is ours and not yet complete. */
async function notOurs(run: RollbackRun): Promise<Answer | undefined> {
  const made = await run.made();
  if (made && run.isOurs(made) && made.stored.status === 'pending-rollback') return undefined;
  const state = made ? `is ${made.stored.status}` : 'is gone';
  return { kind: 'stop', reason: `Revision ${run.next} ${state}.`, fix: 'Look at the history of the release.' };
}

function objectsKind(run: RollbackRun): StepKind {
  const left = async (): Promise<readonly ObjectChange[]> => {
    const { old, wanted } = await run.manifests();
    const changes = (await releaseChanges(old, wanted, run.cluster)).map((change) => withheld(change));
    return changes.filter(({ how }) => how !== 'same' && how !== 'kept');
  };
  const isComplete = async (): Promise<boolean> => (await run.made())?.stored.status === 'deployed';
  const isDone = async (): Promise<boolean> => (await isComplete()) || (await left()).length === 0;
  return {
    isDone,
    hasActed: isDone,
    prepare: () => Promise.resolve({}),
    gate: async () =>
      (await notOurs(run)) ?? (await run.unheld()) ?? { kind: 'yes', evidence: `revision ${run.next} is begun` },
    act: async () => writeObjects(run, await left()),
    awaited: () => Promise.resolve(yes('every object is written')),
    finish: () => Promise.resolve([]),
  };
}

/** The strategy of a StatefulSet that is held is put back by its own step. */
function withheld(change: ObjectChange): ObjectChange {
  const { how, after, live } = change;
  const strategy = objectAt(live, 'spec', 'updateStrategy');
  if (how !== 'changed' || !after || !live || textAt(live, 'kind') !== 'StatefulSet' || !holds(strategy)) return change;
  const kept = { ...after, spec: { ...objectAt(after, 'spec'), updateStrategy: strategy } };
  const fields = fieldChanges(live, kept);
  return { ...change, after: kept, fields, how: fields.length === 0 ? 'same' : 'changed' };
}

async function writeObjects(run: RollbackRun, changes: readonly ObjectChange[]): Promise<ActOutcome> {
  for (const change of changes) {
    const outcome = await tried(writeObject(change, run.cluster));
    if (outcome.kind === 'acted') continue;
    if (outcome.kind === 'again') return outcome;
    const reason = `Rollback "${run.release.release}" failed: ${change.title}: ${messageText(outcome.reason, 300)}`;
    await markFailed(run, reason);
    return { kind: 'stop', reason: `${reason}.`, fix: 'Mend what it says, and roll back again.' };
  }
  return { kind: 'acted' };
}

async function writeObject(
  { how, target, old, live, after, fields, title }: ObjectChange,
  cluster: Cluster,
): Promise<void> {
  const address = (target ?? old)?.address;
  if (!address || how === 'unknown') throw new ClusterProblem('invalid', `${title}: ${fields.join(', ')}`);
  if (how === 'created' && after) await cluster.create(address, after);
  else if (how === 'changed' && after) await cluster.replace(address, after);
  else if (how === 'deleted') await cluster.delete(address, { uid: textAt(live, 'metadata', 'uid') });
}

async function markFailed(run: RollbackRun, description: string): Promise<void> {
  const made = await run.made();
  const current = (await run.revisions()).find(({ revision }) => revision === run.release.from);
  if (current) await updateRevision(run, await run.read(current), 'superseded');
  if (made) await updateRevision(run, made, 'failed', description);
}

function completeKind(run: RollbackRun): StepKind {
  const isDone = async (): Promise<boolean> => {
    const made = await run.made();
    return made !== undefined && run.isOurs(made) && ['deployed', 'superseded'].includes(made.stored.status);
  };
  return {
    isDone,
    hasActed: isDone,
    prepare: () => Promise.resolve({}),
    gate: async () => (await notOurs(run)) ?? { kind: 'yes', evidence: `revision ${run.next} is begun` },
    act: () => tried(complete(run)),
    awaited: async () => ((await isDone()) ? yes(`revision ${run.next} is deployed`) : waiting(`revision ${run.next}`)),
    finish: () =>
      Promise.resolve([
        `Revision ${run.next} of ${run.release.release} was written as Helm writes it, without the program`,
      ]),
  };
}

async function complete(run: RollbackRun): Promise<void> {
  for (const stored of await run.revisions()) {
    if (stored.status === 'deployed' && stored.revision !== run.next)
      await updateRevision(run, await run.read(stored), 'superseded');
  }
  const made = await run.made();
  if (made) await updateRevision(run, made, 'deployed');
}

async function tried(write: Promise<void>): Promise<ActOutcome> {
  try {
    await write;
    return { kind: 'acted' };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'conflict')
      return { kind: 'again', waitingFor: `what somebody else has changed: ${error.message}` };
    if (error.kind !== 'forbidden' && error.kind !== 'invalid' && error.kind !== 'absent') throw error;
    return { kind: 'stop', reason: error.message, fix: 'See what refuses it, and resume.' };
  }
}

const yes = (evidence: string): Answer => ({ kind: 'yes', evidence });

function waiting(waitingFor: string): Answer {
  return { kind: 'wait', waitingFor, measure: [], isNear: true };
}
