import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type AccessQuestion, type Clock, type Cluster } from '#core/live/ports.ts';
import { objectsOf, scalarText, textAt, valueAt, type JsonObject } from '#core/json.ts';
import { parseQuantity } from '#core/kubernetes/quantity.ts';
import { keepersOf, type Keeper } from '#core/operations/keepers.ts';
import { MemberPods } from '#core/operations/memberPods.ts';
import { containersOf, patchTemplate } from '#core/operations/podTemplate.ts';
import { readRoom, type Room } from '#core/operations/podRoom.ts';
import { setAddress, setReplicas, readScaledSet } from '#core/operations/scaledSet.ts';
import { readStatefulSet, setOnDelete, type StatefulSetNow } from '#core/operations/statefulSetNow.ts';
import type { ReplaceWish } from '#core/operations/wishes.ts';
import type { DiskRoom } from '#core/systems/cassandra/nodetool/diskRoom.ts';
import type { RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { RingNow } from '#core/systems/cassandra/operations/ringNow.ts';
import type { RangesOf } from '#core/systems/cassandra/operations/safety.ts';
import { fateOf, lossesWithout, type PodFate } from '#core/systems/cassandra/operations/replace/deadNode.ts';
import type { MeantNode } from '#core/systems/cassandra/operations/replace/findDead.ts';
import { firstBootOf, type FirstBoot } from '#core/systems/cassandra/operations/replace/firstBoot.ts';
import {
  readClaims,
  signsOfLoss,
  type ClaimNow,
  type Sign,
} from '#core/systems/cassandra/operations/replace/lostVolume.ts';
import { dataDirectory, disksOf } from '#core/systems/cassandra/operations/dataDisk.ts';

/** Everything that was found out about a dead node. */
export interface DeadExamination {
  readonly wish: ReplaceWish;
  readonly data: DataCluster;
  readonly meant: MeantNode;
  readonly reading: RingReading;
  /** Who could not be asked and why, a sentence each. */
  readonly problems: readonly string[];
  readonly ranges: RangesOf;
  readonly fate: PodFate;
  readonly claims: readonly ClaimNow[];
  readonly signs: readonly Sign[];
  /** Of the others that run. */
  readonly disks: ReadonlyMap<string, DiskRoom | undefined>;
  readonly missingRights: readonly string[];
  /** Of its StatefulSet; undefined for a node that has none. */
  readonly set: SetOfDead | undefined;
}

export interface SetOfDead {
  readonly now: StatefulSetNow;
  readonly keepers: readonly Keeper[];
  readonly room: Room;
  /** Undefined where the container of the template is not found. */
  readonly boot: FirstBoot | undefined;
  /** Bytes that a new claim asks for. */
  readonly newSize: number | undefined;
  /** Why the server would not take what is to be written; undefined when it would. */
  readonly refusal: string | undefined;
}

export interface DeadPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
}

export const claimNames = ({ workload, pod }: MeantNode): readonly string[] =>
  pod === '' ? [] : (workload?.claimTemplates ?? []).map((template) => `${template}-${pod}`);

/** The one that runs Cassandra, also of a pod that is not there. */
export const containerOf = ({ members }: DataCluster, { member }: MeantNode): string =>
  member !== undefined && member.container !== ''
    ? member.container
    : (members.find(({ container }) => container !== '')?.container ?? '');

const isOperated = ({ flavour }: DataCluster): boolean => flavour !== 'kubernetes';

/** @throws ClusterProblem */
export async function examineDead(
  found: Pick<DeadExamination, 'wish' | 'data' | 'meant' | 'reading' | 'problems'>,
  { cluster, clock }: DeadPorts,
): Promise<DeadExamination> {
  const { data, meant, reading } = found;
  const nodes = data.members.map(({ name, container }) => ({ pod: name, container, hostId: '' }));
  const ring = new RingNow(cluster, clock, data.namespace, nodes);
  const pods = new MemberPods(data.members.flatMap(({ pod }) => pod ?? []));
  const others = data.members.filter(({ name }) => name !== meant.pod && reading.ring.observers.includes(name));
  const names = claimNames(meant);
  const claims = await readClaims(cluster, data.namespace, names);
  const unsettled = lossesWithout(meant.node.hostId, reading).map(({ keyspace }) => keyspace);
  const pod = meant.member?.pod;
  const state = pod ? await ring.stateOf(pod) : ({ kind: 'not running' } as const);
  return {
    ...found,
    ranges: await ring.ranges(pods, unsettled),
    fate: fateOf(meant.pod, pod, containerOf(data, meant), state, clock.now()),
    claims,
    signs: await signsOfLoss(cluster, names, claims),
    disks: await disksOf(others, new Map(others.map((one) => [one.name, dataDirectory(one)])), cluster),
    missingRights: await missingRights(found, cluster),
    set: isOperated(data) ? undefined : await examineSet(found, names, cluster),
  };
}

type Found = Pick<DeadExamination, 'wish' | 'data' | 'meant' | 'reading'>;

async function examineSet(found: Found, names: readonly string[], cluster: Cluster): Promise<SetOfDead | undefined> {
  const { data, meant } = found;
  if (!meant.workload) return undefined;
  const { name } = meant.workload.meta;
  const object = await cluster.get(setAddress(data.namespace, name));
  const now = await readStatefulSet(cluster, data.namespace, name);
  const boot = bootOf(found, object);
  const field = found.wish.how === 'remove' ? ['spec', 'replicas'] : ['spec', 'template', 'spec', 'containers'];
  return {
    now,
    keepers: keepersOf(object, ...field),
    // A pod that is there has its place in the quotas, and so has the one that is made for it.
    room: await readRoom(cluster, object, meant.member?.pod ? 0 : 1, names),
    boot,
    newSize: newSizeOf(object),
    refusal: await refusalOf(found, object, now, boot, cluster),
  };
}

function bootOf({ data, meant, reading }: Found, object: JsonObject): FirstBoot | undefined {
  const container = containerOf(data, meant);
  const raw = containersOf(object).find((one) => textAt(one, 'name') === container);
  const live = meant.workload?.containers.find(({ name }) => name === container);
  if (!raw || !live) return undefined;
  const service = meant.workload?.serviceName ?? '';
  const up = data.members.filter(({ name }) => name !== meant.pod && reading.ring.observers.includes(name));
  const services = [service, ...data.services.map(({ meta }) => meta.name)].filter((name) => name !== '');
  return firstBootOf(raw, live, {
    pod: meant.pod,
    address: meant.node.addresses[0] ?? '',
    services,
    others: service === '' ? [] : up.map(({ name }) => `${name}.${service}`),
  });
}

/** The server tries it without effect. */
async function refusalOf(
  { wish, data, meant }: Found,
  object: JsonObject,
  { workload }: StatefulSetNow,
  boot: FirstBoot | undefined,
  cluster: Cluster,
): Promise<string | undefined> {
  try {
    if (wish.how === 'replace') {
      await setOnDelete(cluster, workload, { dryRun: true });
      if (boot) await patchTemplate(cluster, object, containerOf(data, meant), boot.wanted, { dryRun: true });
    } else if (isWanted(meant)) {
      const set = await readScaledSet(cluster, data.namespace, workload.meta.name);
      await setReplicas(cluster, set, set.replicas - 1, { dryRun: true });
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind === 'unreachable') throw error;
    return error.message;
  }
}

/** Its StatefulSet would make its pod again. */
export function isWanted({ workload, ordinal }: MeantNode): boolean {
  return workload !== undefined && ordinal < (workload.firstOrdinal ?? 0) + workload.replicas;
}

/** No other pod of its StatefulSet has a higher number. */
export function isLast({ workload, ordinal }: MeantNode): boolean {
  return workload !== undefined && ordinal === (workload.firstOrdinal ?? 0) + workload.replicas - 1;
}

function newSizeOf(object: JsonObject): number | undefined {
  const sizes = objectsOf(valueAt(object, 'spec', 'volumeClaimTemplates')).flatMap((claim) => {
    const size = parseQuantity(scalarText(valueAt(claim, 'spec', 'resources', 'requests', 'storage')))?.value;
    return size === undefined ? [] : [size];
  });
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}

async function missingRights({ wish, data, meant }: Found, cluster: Cluster): Promise<readonly string[]> {
  const { namespace } = data;
  const right = (verb: string, group: string, resource: string): AccessQuestion => ({
    verb,
    group,
    resource,
    namespace,
  });
  const patch = right('patch', 'apps', 'statefulsets');
  const questions = [
    right('create', '', 'pods/exec'),
    ...(wish.how === 'remove' && isWanted(meant) ? [patch] : []),
    ...(isOperated(data) ? [right('create', 'control.k8ssandra.io', 'cassandratasks')] : []),
    ...(wish.how === 'replace' && !isOperated(data)
      ? [
          patch,
          right('get', '', 'persistentvolumeclaims'),
          right('delete', '', 'persistentvolumeclaims'),
          right('delete', '', 'pods'),
          right('create', '', 'pods/eviction'),
        ]
      : []),
  ];
  const answers = await Promise.all(questions.map(async (asked) => ({ asked, answer: await cluster.can(asked) })));
  return answers.flatMap(({ asked: { verb, resource }, answer }) =>
    answer.isAllowed ? [] : [`No right to ${verb} ${resource} in ${namespace}`],
  );
}
