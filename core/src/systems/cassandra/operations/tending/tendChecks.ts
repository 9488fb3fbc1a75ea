import { sizeText } from '#core/live/sizes.ts';
import type { LiveMember } from '#core/live/model.ts';
import type { Precondition } from '#core/operations/model.ts';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { DiskRoom } from '#core/systems/cassandra/nodetool/diskRoom.ts';
import { isSystemKeyspace } from '#core/systems/cassandra/replication.ts';
import type { RingView } from '#core/systems/cassandra/ring.ts';
import { named, nodeName, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { notOwnedCheck, type NodeEvidence } from '#core/systems/cassandra/operations/tending/cleanupEvidence.ts';
import { skewSentences } from '#core/systems/cassandra/operations/tending/skew.ts';
import { startAtReaper } from '#core/systems/cassandra/operations/tending/reaper.ts';
import { workUnderWay } from '#core/systems/cassandra/operations/tending/tendGate.ts';
import { neededRoom, type Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';
import { workAheadCheck, type WorkAhead } from '#core/systems/cassandra/operations/tending/workAhead.ts';

/** What was found out before nodes are gone over. */
export interface TendExamination {
  readonly verb: Verb;
  /** Those that are gone over, in their order. */
  readonly members: readonly LiveMember[];
  readonly reading: RingReading;
  /** By pod; undefined where it could not be told. */
  readonly disks: ReadonlyMap<string, DiskRoom | undefined>;
  /** Datacenter a rebuild comes from; empty for other modes. */
  readonly source: string;
  readonly reapers: readonly string[];
  /** Whether nodes hold what they do not own; of a cleanup. */
  readonly evidence: readonly NodeEvidence[];
  /** What is ahead of those that are gone over, where files are written anew. */
  readonly works: readonly WorkAhead[];
}

type Check = (examination: TendExamination) => Precondition | undefined;

const ofAll: readonly Check[] = [nothingAtWork, roomOnDisks, aheadKnown];

const ofMode: Readonly<Partial<Record<Verb['mode'], readonly Check[]>>> = {
  cleanup: [notOwned, skewKnown],
  repair: [noReaper, everyRangeReached],
  rebuild: [sourceUp, replicatedHere],
};

export function tendChecks(examination: TendExamination): readonly Precondition[] {
  const checks = [...ofAll, ...(ofMode[examination.verb.mode] ?? [])];
  return checks.flatMap((check) => check(examination) ?? []);
}

function nothingAtWork({ reading }: TendExamination): Precondition {
  const id = { id: 'work', title: 'No node is at long work of this kind' };
  const found = workUnderWay(reading);
  if (found.length === 0) return { ...id, state: 'holds', evidence: ['No cleanup, upgrade, scrub or validation runs'] };
  return { ...id, state: 'warns', evidence: found.slice(0, 6), fix: 'The run waits until it is over.' };
}

function roomOnDisks({ verb, members, reading, disks }: TendExamination): Precondition | undefined {
  if (verb.room === 'none') return undefined;
  const id = { id: 'disk', title: 'The disks have room for files that are written anew' };
  const rooms = members.map(({ name }) => {
    const load = reading.ring.nodes.find(({ member }) => member === name)?.loadBytes;
    const disk = disks.get(name);
    return { name, disk, needed: neededRoom(verb, load, disk?.largest) };
  });
  const full = rooms.filter(({ disk, needed }) => disk && needed !== undefined && disk.free < needed);
  if (full.length > 0) {
    const evidence = full.map(
      ({ name, disk, needed }) => `${name} has ${sizeText(disk?.free ?? 0)} free and may need ${sizeText(needed ?? 0)}`,
    );
    return { ...id, state: 'fails', evidence, fix: 'Clear snapshots, or give them larger volumes, first.' };
  }
  const untold = rooms.filter(({ disk, needed }) => !disk || needed === undefined).map(({ name }) => name);
  if (untold.length > 0)
    return { ...id, state: 'unknown', evidence: [`${named(untold)} did not tell`], fix: 'Look at their disks.' };
  const tightest = rooms.toSorted((a, b) => (a.disk?.free ?? 0) - (b.disk?.free ?? 0))[0];
  const evidence = `${tightest?.name ?? ''} has the least: ${sizeText(tightest?.disk?.free ?? 0)} free, ${sizeText(tightest?.needed ?? 0)} needed at most`;
  return { ...id, state: 'holds', evidence: [evidence] };
}

function aheadKnown({ works }: TendExamination): Precondition | undefined {
  return works.length === 0 ? undefined : workAheadCheck(works);
}

function notOwned({ evidence, members }: TendExamination): Precondition {
  return notOwnedCheck(
    evidence,
    members.map(({ name }) => name),
  );
}

function skewKnown({ reading: { ring } }: TendExamination): Precondition | undefined {
  const evidence = skewSentences(ring);
  if (evidence.length === 0) return undefined;
  const fix =
    'No command moves tokens of nodes that have several. Even racks, or nodes added anew with allocate_tokens_for_local_replication_factor, do.';
  return { id: 'skew', title: 'How evenly the ring is spread', state: 'holds', evidence, fix };
}

function noReaper({ reapers }: TendExamination): Precondition {
  const id = { id: 'reaper', title: 'Nobody else repairs the ring on a schedule' };
  if (reapers.length === 0)
    return { ...id, state: 'holds', evidence: ['There is no Reaper of this ring in the namespace'] };
  const fix = `Two that know nothing of each other would compare the same ranges at once. ${startAtReaper}`;
  return { ...id, state: 'fails', evidence: reapers, fix };
}

/** With -pr each node sees to its own ranges, so that all of them have to be gone over. */
function everyRangeReached({ reading: { ring }, members }: TendExamination): Precondition {
  const id = { id: 'all-ranges', title: 'The primary ranges of every node are gone over' };
  const left = ring.nodes.filter(({ member }) => members.every(({ name }) => name !== member)).map(nodeName);
  if (left.length === 0) return { ...id, state: 'holds', evidence: [`${ring.nodes.length} nodes`] };
  const evidence = [`Not those of ${named(left, 5)}`];
  return { ...id, state: 'warns', evidence, fix: 'Repair them as well, within gc_grace_seconds.' };
}

function sourceUp({ reading: { ring }, source }: TendExamination): Precondition {
  const id = { id: 'source', title: 'The source datacenter is there and up' };
  const nodes = ring.nodes.filter(({ datacenter }) => datacenter === source);
  const away = nodes.filter(({ verdict }) => verdict !== 'up');
  if (nodes.length > 0 && away.length === 0)
    return { ...id, state: 'holds', evidence: [`${nodes.length} nodes of ${source} are up`] };
  const evidence =
    nodes.length === 0 ? [`The ring has no datacenter ${source}: ${datacentersOf(ring)}`] : away.map(nodeName);
  return { ...id, state: 'fails', evidence, fix: 'Name the datacenter that has the data, and bring its nodes back.' };
}

const datacentersOf = ({ nodes }: RingView): string =>
  [...new Set(nodes.map(({ datacenter }) => datacenter))].toSorted().join(', ');

/** A datacenter without replicas owns nothing: it would be filled with nothing. */
function replicatedHere({ reading: { ring, keyspaces }, members, source }: TendExamination): Precondition {
  const id = { id: 'replication', title: 'Keyspaces have replicas in the new datacenter' };
  if (!keyspaces) return { ...id, state: 'unknown', evidence: ['Versions before 4.0 do not tell'] };
  const targets = new Set(
    ring.nodes.flatMap(({ member, datacenter }) => (members.some(({ name }) => name === member) ? [datacenter] : [])),
  );
  const without = keyspaces.filter(
    (keyspace) => isWanted(keyspace, source) && [...targets].some((target) => (keyspace.factors[target] ?? 0) === 0),
  );
  if (without.length === 0) return { ...id, state: 'holds', evidence: [[...targets].toSorted().join(', ')] };
  const evidence = without.map(({ keyspace }) => `${keyspace} has none there`);
  const isAll = without.length === keyspaces.filter((keyspace) => isWanted(keyspace, source)).length;
  const fix = 'ALTER KEYSPACE first, system_auth among them.';
  return { ...id, state: isAll ? 'fails' : 'warns', evidence: evidence.slice(0, 6), fix };
}

const isWanted = ({ keyspace, strategy, factors }: KeyspaceReplication, source: string): boolean =>
  strategy === 'NetworkTopologyStrategy' &&
  (factors[source] ?? 0) > 0 &&
  (!isSystemKeyspace(keyspace) || keyspace === 'system_auth');
