import type { DataCluster } from '#core/live/model.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import { sizeText } from '#core/live/sizes.ts';
import { keeperSentences, type Keeper } from '#core/operations/keepers.ts';
import type { Precondition } from '#core/operations/model.ts';
import type { Room } from '#core/operations/podRoom.ts';
import type { DiskRoom } from '#core/systems/cassandra/nodetool/diskRoom.ts';
import type { RingNode } from '#core/systems/cassandra/ring.ts';
import { named, nodeName, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { bootstrapDoubts, fewerRacks, tooFewNodes } from '#core/systems/cassandra/operations/scale/scaleDecisions.ts';

/** Everything that was found out about another number of nodes. */
export interface ScaleExamination {
  readonly data: DataCluster;
  readonly workload: LiveWorkload;
  readonly from: number;
  readonly to: number;
  /** Pods that come or go. */
  readonly pods: readonly string[];
  readonly reading: RingReading;
  readonly room: Room;
  /** Of those that stay, when others go; undefined where it is not told. */
  readonly disks: ReadonlyMap<string, DiskRoom | undefined>;
  readonly keepers: readonly Keeper[];
  readonly isSettled: boolean;
  readonly losesClaims: boolean;
  /** Why the server would not take the new size; undefined when it would. */
  readonly refusal: string | undefined;
}

type Check = (examination: ScaleExamination) => Precondition | undefined;

const forBoth: readonly Check[] = [sizeTaken, sizeIsOurs, noRollout];
const up: readonly Check[] = [bootstraps, claimsNew, quota, nodesThere, racksEven];
const down: readonly Check[] = [namesKnown, replication, racksLeft, roomOnOthers, claimsKept];

export function scaleChecks(examination: ScaleExamination): readonly Precondition[] {
  const checks = [...forBoth, ...(isUp(examination) ? up : down)];
  return checks.flatMap((check) => check(examination) ?? []);
}

const isUp = ({ from, to }: ScaleExamination): boolean => to > from;

const goes = ({ pods }: ScaleExamination, { member }: RingNode): boolean =>
  member !== undefined && pods.includes(member);

function sizeTaken({ refusal, workload }: ScaleExamination): Precondition {
  const id = { id: 'size', title: 'The server takes the new size' };
  if (refusal === undefined) return { ...id, state: 'holds', evidence: ['Tried without effect'] };
  const evidence = [`${workload.meta.name}: ${refusal}`];
  return { ...id, state: 'fails', evidence, fix: 'Ask for the right to patch StatefulSets, or see what refuses it.' };
}

function sizeIsOurs({ keepers, room, workload }: ScaleExamination): Precondition {
  const id = { id: 'keepers', title: 'Nobody else keeps the size' };
  const autoscalers = (room.autoscalers ?? []).map((name) => `HorizontalPodAutoscaler ${name} sets it`);
  const evidence = [...autoscalers, ...keeperSentences(keepers, `the size of ${workload.meta.name}`)];
  if (evidence.length === 0)
    return { ...id, state: 'holds', evidence: ['Neither an autoscaler nor a deployment tool'] };
  // An autoscaler goes on by itself; whoever keeps manifests can be stopped for as long as it takes, which only people know.
  if (autoscalers.length > 0)
    return { ...id, state: 'fails', evidence, fix: 'Take it away: it knows nothing of rings.' };
  const fix =
    'Change it there as well, and pause its synchronisation until then: a size that is lowered behind our back takes away nodes that have not left.';
  return { ...id, state: 'consent', evidence, fix };
}

function noRollout({ isSettled, workload }: ScaleExamination): Precondition {
  const id = { id: 'rollout', title: 'No rollout is under way' };
  if (isSettled) return { ...id, state: 'holds', evidence: [`${workload.meta.name} is settled`] };
  return { ...id, state: 'fails', evidence: [`${workload.meta.name} replaces pods`], fix: 'Wait until it is over.' };
}

function bootstraps({ workload, data, pods }: ScaleExamination): Precondition {
  const id = { id: 'bootstrap', title: 'New nodes are sent what they own before they serve' };
  const container = workload.containers.find(({ name }) => name === data.members[0]?.container);
  const services = [workload.serviceName, ...data.services.map(({ meta }) => meta.name)].filter((name) => name !== '');
  const doubts = bootstrapDoubts(container, pods, services);
  const evidence = doubts.map(({ text }) => text);
  if (doubts.length === 0)
    return { ...id, state: 'holds', evidence: ['None is among its seeds, and auto_bootstrap is not turned off'] };
  const fix =
    'A node that joins without its data answers reads with nothing: correct it, or agree and repair it after.';
  return { ...id, state: doubts.some(({ isSure }) => isSure) ? 'fails' : 'consent', evidence, fix };
}

/** The one volume that a new node cannot begin with is that of a node that has left. */
function claimsNew({ room }: ScaleExamination): Precondition {
  const id = { id: 'old-volumes', title: 'New nodes begin with empty volumes' };
  if (room.claims.length === 0) return { ...id, state: 'holds', evidence: ['Their claims are not there yet'] };
  const evidence = room.claims.map((name) => `PersistentVolumeClaim ${name} is left of an earlier node`);
  const fix =
    'Delete them: a node that was decommissioned does not start with its old data, and one that was not brings back deleted rows.';
  return { ...id, state: 'fails', evidence, fix };
}

function quota({ room }: ScaleExamination): Precondition {
  const id = { id: 'quota', title: 'The quotas of the namespace have room' };
  if (room.quotas === undefined) return { ...id, state: 'unknown', evidence: ['Quotas may not be listed'] };
  if (room.quotas.length === 0) return { ...id, state: 'holds', evidence: ['None keeps the pods from being made'] };
  return { ...id, state: 'fails', evidence: room.quotas, fix: 'Ask for more, or scale up by less.' };
}

function nodesThere({ room: { nodes, most }, to, workload }: ScaleExamination): Precondition {
  const id = { id: 'nodes', title: 'Kubernetes nodes could take the pods' };
  const fix = 'Add Kubernetes nodes first.';
  if (nodes === undefined) return { ...id, state: 'unknown', evidence: ['Nodes may not be listed'] };
  if (most && most.pods < to) {
    const evidence = [`${workload.meta.name} can have ${most.pods} pods at most: ${most.because}`];
    return { ...id, state: 'fails', evidence, fix };
  }
  if (nodes.length === 0) return { ...id, state: 'fails', evidence: ['None is ready and takes them'], fix };
  return { ...id, state: 'holds', evidence: [`${nodes.length} are ready and take them`] };
}

function racksEven({ reading: { ring }, pods }: ScaleExamination): Precondition | undefined {
  const local = ring.nodes.filter(({ isElsewhere }) => !isElsewhere);
  const racks = new Set(local.map(({ rack }) => rack));
  const count = local.length + pods.length;
  if (racks.size < 2 || count % racks.size === 0) return undefined;
  const evidence = [`${count} nodes cannot be spread evenly over ${racks.size} racks`];
  const fix = 'Nodes of a smaller rack hold more: add as many that the racks stay even.';
  return { id: 'racks', title: 'Racks stay even', state: 'warns', evidence, fix };
}

function namesKnown({ reading: { ring }, pods }: ScaleExamination): Precondition {
  const id = { id: 'host-ids', title: 'The nodes that go are known to the ring' };
  const unknown = pods.filter((pod) => !ring.nodes.some(({ member, hostId }) => member === pod && hostId !== ''));
  if (unknown.length === 0) return { ...id, state: 'holds', evidence: [`${named(pods)} by their Host IDs`] };
  return { ...id, state: 'fails', evidence: [`${named(unknown)} is not`], fix: 'Find out what runs there first.' };
}

function replication(examination: ScaleExamination): Precondition {
  const id = { id: 'replication', title: 'Enough nodes are left for the replicas of every keyspace' };
  const { ring, keyspaces } = examination.reading;
  const left = ring.nodes.filter((node) => !goes(examination, node));
  if (!keyspaces)
    return { ...id, state: 'unknown', evidence: ['Versions before 4.0 do not tell; the decommission itself refuses'] };
  const wide = tooFewNodes(keyspaces, left);
  if (wide.length === 0) return { ...id, state: 'holds', evidence: [`${left.length} nodes are left`] };
  const fix = 'Lower the replication with ALTER KEYSPACE and repair, or keep more nodes. Decommission is never forced.';
  return { ...id, state: 'fails', evidence: wide.slice(0, 8), fix };
}

function racksLeft(examination: ScaleExamination): Precondition | undefined {
  const { ring, keyspaces = [] } = examination.reading;
  const left = ring.nodes.filter((node) => !goes(examination, node));
  const evidence = fewerRacks(keyspaces, ring.nodes, left);
  if (evidence.length === 0) return undefined;
  const fix =
    'Two replicas of a row would be in one rack, and its loss takes both: keep a node in every rack, or agree to it.';
  return { id: 'racks', title: 'Enough racks are left', state: 'consent', evidence: evidence.slice(0, 6), fix };
}

/** What leaves is spread over the others of its datacenter; how evenly, their tokens decide. */
function roomOnOthers(examination: ScaleExamination): Precondition {
  const { ring } = examination.reading;
  const id = { id: 'disk', title: 'The others have room for what leaves' };
  const leaving = ring.nodes.filter((node) => goes(examination, node));
  const datacenters = new Set(leaving.map(({ datacenter }) => datacenter));
  const left = ring.nodes.filter((node) => datacenters.has(node.datacenter) && !goes(examination, node));
  const bytes = leaving.reduce((sum, { loadBytes = 0 }) => sum + loadBytes, 0);
  const rooms = left.map((node) => ({ node, free: examination.disks.get(node.member ?? '')?.free }));
  const untold = rooms.filter(({ free }) => free === undefined);
  if (untold.length > 0)
    return { ...id, state: 'unknown', evidence: [`${named(untold.map(({ node }) => nodeName(node)))} did not tell`] };
  const share = bytes / Math.max(1, left.length);
  const told = (one: (typeof rooms)[number]): string => `${nodeName(one.node)} has ${sizeText(one.free ?? 0)} free`;
  const full = rooms.filter(({ free = 0 }) => free < share);
  const spread = `${sizeText(bytes)} is spread over ${left.length} nodes`;
  if (full.length > 0)
    return { ...id, state: 'fails', evidence: [spread, ...full.map(told)], fix: 'Give them larger volumes first.' };
  const tight = rooms.filter(({ free = 0 }) => free < bytes);
  if (tight.length === 0) return { ...id, state: 'holds', evidence: [`${spread}, and each could hold all of it`] };
  return { ...id, state: 'warns', evidence: [spread, ...tight.map(told)], fix: 'Watch their disks meanwhile.' };
}

function claimsKept({ losesClaims, workload, pods }: ScaleExamination): Precondition {
  const id = { id: 'volumes', title: 'The volumes are kept' };
  if (!losesClaims)
    return { ...id, state: 'holds', evidence: [`The claims of ${named(pods)} stay; delete them yourself`] };
  const evidence = [`${workload.meta.name} deletes claims when it gets smaller (persistentVolumeClaimRetentionPolicy)`];
  return { ...id, state: 'warns', evidence, fix: 'They hold nothing that counts once the node has left.' };
}
