import { listAt, objectAt, textAt, timeAt } from '#core/json.ts';
import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import type { JournalContents } from '#core/operations/configMapJournal.ts';
import type { RunRecord } from '#core/operations/model.ts';
import { textIn } from '#core/operations/stepParameters.ts';

/** When something was begun, by the name of the pod; milliseconds since 1970. */
export type TimesByPod = ReadonlyMap<string, number>;

/**
 * When the volume of each node was claimed, which is a moment before it joined: pods and processes are made anew by every restart, claims are
 * not. A node that was replaced looks as if it had joined then.
 */
export function claimedAt({ members, claims }: DataCluster): TimesByPod {
  return new Map(
    members.flatMap((member) => {
      const wanted = dataClaim(member);
      const claim = claims.find(({ meta }) => meta.name === wanted);
      return claim?.meta.createdAt === undefined ? [] : [[member.name, claim.meta.createdAt] as const];
    }),
  );
}

/** The claim that is mounted first in its container. */
function dataClaim({ pod, container }: LiveMember): string | undefined {
  const claims = new Map(
    pod?.volumes.flatMap(({ source, name, target }) => (source === 'claim' ? [[name, target] as const] : [])),
  );
  const mounts = pod?.containers.find(({ name }) => name === container)?.mounts ?? [];
  const mounted = mounts.find(({ volume }) => claims.has(volume));
  return mounted && claims.get(mounted.volume);
}

/** Nodes that have joined in runs of ours, which added them one by one. */
export function addedAt(journal: JournalContents | undefined): TimesByPod {
  return latest(runsOf(journal).flatMap(joinsOf));
}

/** The last cleanup of each node that ended well and is written down: by us, or by an operator that was asked by a CassandraTask. */
export function cleanedAt(data: DataCluster, journal: JournalContents | undefined): TimesByPod {
  const pods = data.members.map(({ name }) => name);
  return latest([...runsOf(journal).flatMap(ofRun), ...data.customs.flatMap((task) => ofTask(task, pods))]);
}

const runsOf = (journal: JournalContents | undefined): readonly RunRecord[] =>
  journal === undefined ? [] : [...(journal.current ? [journal.current] : []), ...journal.history];

type Moments = readonly (readonly [pod: string, at: number])[];

function latest(moments: Moments): TimesByPod {
  const found = new Map<string, number>();
  for (const [pod, at] of moments) found.set(pod, Math.max(at, found.get(pod) ?? 0));
  return found;
}

function joinsOf({ plan, steps }: RunRecord): Moments {
  const from = plan.parameters['from'];
  const to = plan.parameters['to'];
  const isUp = typeof from === 'number' && typeof to === 'number' && to > from;
  if (plan.operation !== 'scale' || !isUp) return [];
  return plan.steps.flatMap(({ id, parameters }) => {
    const at = steps.find((step) => step.id === id)?.doneAt;
    return at === undefined ? [] : [[textIn(parameters, 'pod'), at] as const];
  });
}

function ofRun({ plan, steps }: RunRecord): Moments {
  if (plan.operation !== 'rebalance' || plan.parameters['mode'] !== 'cleanup') return [];
  return plan.steps.flatMap(({ id, parameters }) => {
    const record = steps.find((step) => step.id === id);
    const at = record?.phase === 'done' ? record.actedAt : undefined;
    return at === undefined ? [] : [[textIn(parameters, 'pod'), at] as const];
  });
}

/** `Complete` is also true when pods failed. A task for one keyspace says nothing of the others. */
function ofTask({ customKind, group, spec, status }: LiveCustom, pods: readonly string[]): Moments {
  if (customKind !== 'CassandraTask' || group !== 'control.k8ssandra.io') return [];
  const job = listAt(spec, 'jobs').find((one) => textAt(one, 'command') === 'cleanup');
  const startedAt = timeAt(status, 'startTime');
  if (job === undefined || startedAt === undefined || textAt(job, 'args', 'keyspace_name') !== '') return [];
  const told = Object.entries(objectAt(status, 'podStatuses'));
  if (told.length > 0)
    return told.flatMap(([pod, state]) => (textAt(state, 'status') === 'COMPLETED' ? [[pod, startedAt] as const] : []));
  const isOfAll = textAt(job, 'args', 'rack') === '' && textAt(job, 'args', 'pod_name') === '';
  const hasFailed = Number(objectAt(status)['failed'] ?? 0) > 0;
  if (timeAt(status, 'completionTime') === undefined || hasFailed || !isOfAll) return [];
  return pods.map((pod) => [pod, startedAt] as const);
}
