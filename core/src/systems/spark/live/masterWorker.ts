import { judgeJobPod, type Judgement } from '#core/live/jobs/judgement.ts';
import { ordinalOf } from '#core/live/jobs/parts.ts';
import { selects } from '#core/live/selects.ts';
import type { DataCluster, HealthLevel, LiveMember } from '#core/live/model.ts';
import type { LiveContainer, LivePod, LiveWorkload } from '#core/live/objects.ts';
import { counted, plainText } from '#core/live/plainText.ts';
import { podTrouble } from '#core/live/podTrouble.ts';
import { absentMember, sparkMember } from '#core/systems/spark/live/pods.ts';

/** A cluster that Spark manages itself: one master or a few, and workers. */
export type StandaloneRole = 'master' | 'worker';

/** How a container tells its role: by the class or the script it starts. */
const programs: readonly { readonly role: StandaloneRole; readonly command: RegExp }[] = [
  { role: 'master', command: /\bdeploy\.master\.Master\b|\bstart-master\b/ },
  { role: 'worker', command: /\bdeploy\.worker\.Worker\b|\bstart-(?:worker|slave)\b/ },
];

const SPARK_IMAGE = /(?:^|\/)spark(?:-py|-r)?(?=[:@]|$)/;
const MASTER_PORT = 7077;

/** By its program, by the variable of Bitnami's image, or by the port of a master. Clients of a cluster match none. */
function standaloneRole({ command, variables, image, ports }: LiveContainer): StandaloneRole | undefined {
  const program = programs.find((candidate) => candidate.command.test(command));
  if (program !== undefined) return program.role;
  const mode = variables['SPARK_MODE'];
  if (mode === 'master' || mode === 'worker') return mode;
  const isClient = /(?:^|[\s/])spark-submit\s/.test(command);
  const isMaster = SPARK_IMAGE.test(image) && !isClient && ports.some(({ port }) => port === MASTER_PORT);
  return isMaster ? 'master' : undefined;
}

/** More missing pods than anybody can read are not told apart. */
const MAX_PLACES = 1_000;

/** The pods of a workload by ordinal, with the places of those that a StatefulSet lacks. */
export function standaloneMembers(
  workload: LiveWorkload,
  role: StandaloneRole,
  pods: readonly LivePod[],
  version: string,
): readonly LiveMember[] {
  const container = workload.containers.find((candidate) => standaloneRole(candidate) === role)?.name;
  const own = pods.filter(({ meta }) => selects(workload.selector, meta.labels));
  const members = own.map((pod): LiveMember => {
    const main = container ?? pod.containers[0]?.name ?? role;
    const index = workload.kind === 'StatefulSet' ? ordinalOf(/-(\d+)$/.exec(pod.meta.name)?.[1]) : undefined;
    return { ...sparkMember(pod, role, main), group: role, index };
  });
  return [...members, ...missingMembers(workload, role, members, version)].toSorted(
    (a, b) => (a.index ?? 0) - (b.index ?? 0),
  );
}

function missingMembers(
  { kind, meta, replicas }: LiveWorkload,
  role: StandaloneRole,
  present: readonly LiveMember[],
  version: string,
): readonly LiveMember[] {
  if (kind !== 'StatefulSet') return [];
  const seen = new Set(present.map(({ index }) => index));
  return Array.from({ length: Math.min(replicas, MAX_PLACES) }, (_, index) => index)
    .filter((index) => !seen.has(index))
    .map((index) => ({ ...absentMember(`${meta.name}-${index}`, role, role, version), group: role, index }));
}

/** Pods that are ready, those there should be, and what is wrong with the others. */
interface Readiness {
  readonly ready: number;
  readonly wanted: number;
  readonly trouble: string | undefined;
  /** They have only just been asked for, and nothing speaks against their coming. */
  readonly isComing: boolean;
}

/** What the pods of a new workload may need before their absence means anything, in milliseconds. */
const START_PATIENCE_MS = 60_000;

/** Without a master nothing can be submitted; without workers nothing runs. */
export function judgeMasterAndWorkers(cluster: DataCluster, now: number): Judgement {
  const masters = readinessOf(cluster, 'master', now);
  const workers = readinessOf(cluster, 'worker', now);
  const trouble = masters.trouble ?? workers.trouble;
  const text = `${describeMasters(masters)}, ${workers.ready} of ${counted(workers.wanted, 'worker')}`;
  return { level: levelOf(masters, workers), text: trouble === undefined ? text : `${text}; ${trouble}` };
}

function levelOf(masters: Readiness, workers: Readiness): HealthLevel {
  const parts = [masters, workers];
  const missing = parts.filter(({ ready, wanted }) => ready < wanted);
  if (missing.length > 0 && missing.every(({ isComing }) => isComing)) return 'working';
  if (masters.wanted > 0 && masters.ready === 0) return 'unhealthy';
  if (workers.wanted > 0 && workers.ready === 0) return 'unhealthy';
  if (masters.wanted === 0) return 'unknown';
  if (missing.length > 0) return 'warning';
  return parts.some(({ ready, wanted }) => ready > wanted) ? 'working' : 'healthy';
}

function describeMasters({ ready, wanted }: Readiness): string {
  if (wanted === 0) return 'no master is to be seen';
  if (wanted === 1) return ready === 1 ? 'master is ready' : 'master is not ready';
  return `${ready} of ${wanted} masters`;
}

function readinessOf({ members, workloads }: DataCluster, role: StandaloneRole, now: number): Readiness {
  const own = members.filter((member) => member.role === role);
  const askedBy = workloads.filter((workload) => roleOfWorkload(workload) === role);
  const asked = askedBy.reduce((sum, { replicas }) => sum + replicas, 0);
  const troubles = own.flatMap(({ name, pod }) => {
    const found = pod === undefined ? undefined : podTrouble(pod, now);
    return found === undefined ? [] : [{ ...found, sentence: `${plainText(name, 253)} ${found.sentence}` }];
  });
  const ready = own.filter(({ pod }) => pod?.isReady === true && pod.meta.deletedAt === undefined).length;
  const isNew = ({ meta: { createdAt } }: LiveWorkload): boolean =>
    createdAt !== undefined && now - createdAt < START_PATIENCE_MS;
  return {
    ready,
    wanted: Math.max(asked, asked === 0 ? own.length : 0),
    trouble: troubles[0]?.sentence,
    isComing: askedBy.length > 0 && askedBy.every(isNew) && troubles.every(({ level }) => level === 'working'),
  };
}

/** The operators name their StatefulSets by the role; others are known by what they start. */
export function roleOfWorkload({ containers, meta, templateLabels }: LiveWorkload): StandaloneRole | undefined {
  const label = templateLabels['spark-role'];
  if (label === 'master' || label === 'worker') return label;
  for (const container of containers) {
    const role = standaloneRole(container);
    if (role !== undefined) return role;
  }
  const isOwned = meta.owners.some(({ kind }) => kind === 'SparkCluster');
  return isOwned ? ordinaryRole(meta.name) : undefined;
}

function ordinaryRole(name: string): StandaloneRole | undefined {
  return name.endsWith('-master') ? 'master' : name.endsWith('-worker') ? 'worker' : undefined;
}

/** A master or worker, for the row of its own. */
export function judgeStandaloneMember(member: LiveMember, now: number): Judgement {
  return judgeJobPod(member, now) ?? { level: 'unhealthy', text: 'has no pod' };
}
