import { sizeText } from '#core/live/sizes.ts';
import type { LiveMember } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { keeperSentences, keepersOf } from '#core/operations/keepers.ts';
import type { Precondition } from '#core/operations/model.ts';
import type { ScaledSet } from '#core/operations/scaledSet.ts';
import type { DiskRoom } from '#core/systems/cassandra/nodetool/diskRoom.ts';
import {
  fieldText,
  type CustomSizes,
  type SizeField,
} from '#core/systems/cassandra/operations/operated/customSizes.ts';
import type { Scaling } from '#core/systems/cassandra/operations/operated/operators.ts';
import type { RackSet } from '#core/systems/cassandra/operations/operated/rackRounds.ts';
import { named, type RingReading } from '#core/systems/cassandra/operations/reading.ts';

/** The server tries it without effect, its webhooks included, and their words are passed on. */
export async function sizeTaken(sizes: CustomSizes, now: ScaledSet, to: number): Promise<Precondition> {
  const id = { id: 'size', title: 'The server takes the new size' };
  try {
    await sizes.write(now, to, { dryRun: true });
    return { ...id, state: 'holds', evidence: [`${sizes.text} was tried without effect`] };
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind === 'unreachable') throw error;
    const evidence = [`${sizes.text}: ${error.message}`];
    return { ...id, state: 'fails', evidence, fix: 'Ask for the right to patch it, or see to what refuses it.' };
  }
}

/** Managers of a field inside a list are not told apart, so only those of the whole object count there. */
export function keptElsewhere(field: SizeField, { object }: ScaledSet): Precondition {
  const id = { id: 'keepers', title: 'Nobody else keeps the size' };
  const isInList = field.path.some((part) => part.includes('='));
  const keepers = keepersOf(object, ...(isInList ? [] : field.path));
  const evidence = keeperSentences(keepers, fieldText(field));
  if (evidence.length === 0)
    return { ...id, state: 'holds', evidence: [`No deployment tool has written ${fieldText(field)}`] };
  // Whoever keeps manifests can be stopped for as long as it takes, which only people know.
  const fix =
    'Change it there as well, and pause its synchronisation until then: a size that is put back half-way leaves nodes behind.';
  return { ...id, state: 'consent', evidence, fix };
}

export async function operatorRest(sizes: CustomSizes, title: string): Promise<Precondition> {
  const id = { id: 'operator-rest', title: `${title} is at rest` };
  const unrest = await sizes.unrest();
  if (!unrest) return { ...id, state: 'holds', evidence: ['By its own account'] };
  if (unrest.kind === 'busy')
    return {
      ...id,
      state: 'fails',
      evidence: [unrest.text],
      fix: 'Wait until it is over: it must not be told another size meanwhile.',
    };
  return { ...id, state: 'fails', evidence: [unrest.text], fix: unrest.fix };
}

/** StatefulSets that somebody has scaled by hand get cass-operator stuck: it starts the pods, and then wants them to leave. */
export function notByHand(racks: readonly RackSet[], expected: readonly number[], field: SizeField): Precondition {
  const id = { id: 'by-hand', title: 'The StatefulSets have the sizes that the operator gives them' };
  const other = racks.filter(({ replicas }, place) => replicas !== expected[place]);
  if (other.length === 0)
    return { ...id, state: 'holds', evidence: [racks.map(({ set, replicas }) => `${set} has ${replicas}`).join(', ')] };
  const evidence = other.map(
    ({ set, replicas }) =>
      `${set} has ${replicas} replicas, and ${expected[racks.findIndex((one) => one.set === set)] ?? 0} by ${fieldText(field)}`,
  );
  const fix = 'Somebody has scaled a StatefulSet by hand, or the operator is not done. Bring that in order first.';
  return { ...id, state: 'fails', evidence, fix };
}

/** cass-operator asks each other pod whether it could hold everything that the leaving one has, and refuses otherwise. */
export function roomOnEach(
  { ring }: RingReading,
  pods: readonly string[],
  staying: readonly LiveMember[],
  disks: ReadonlyMap<string, DiskRoom | undefined>,
): Precondition {
  const id = { id: 'disk', title: 'Each of the others could hold all that one node leaves, as cass-operator wants' };
  const bytes = Math.max(
    0,
    ...ring.nodes.map(({ member, loadBytes = 0 }) => (member !== undefined && pods.includes(member) ? loadBytes : 0)),
  );
  const rooms = staying.map(({ name }) => ({ name, free: disks.get(name)?.free }));
  const untold = rooms.filter(({ free }) => free === undefined).map(({ name }) => name);
  if (untold.length > 0) return { ...id, state: 'unknown', evidence: [`${named(untold)} did not tell`] };
  const full = rooms.filter(({ free = 0 }) => free < bytes);
  const most = `${sizeText(bytes)} at most`;
  if (full.length === 0) return { ...id, state: 'holds', evidence: [`${most}, and each has more free`] };
  const evidence = [most, ...full.map(({ name, free = 0 }) => `${name} has ${sizeText(free)} free`)];
  return {
    ...id,
    state: 'fails',
    evidence,
    fix: 'Give them larger volumes first: the operator refuses, and is stuck with a size it cannot reach.',
  };
}

export function claimsCheck({ claims }: Scaling, names: readonly string[], title: string): Precondition {
  const id = { id: 'volumes', title: 'What becomes of the volumes' };
  if (claims === 'kept')
    return {
      ...id,
      state: 'holds',
      evidence: [`${title} keeps PersistentVolumeClaim ${named(names, 6)}; delete it yourself`],
    };
  return {
    ...id,
    state: 'consent',
    evidence: [`${title} deletes PersistentVolumeClaim ${named(names, 6)} by itself once the node has left`],
    fix: 'What the node held is with the others by then; snapshots on its volume are lost.',
  };
}

/** Which pods are seeds is written by the operator into labels, at a time that nobody tells. */
export function seedsUnknown(): Precondition {
  return {
    id: 'bootstrap',
    title: 'New nodes are sent what they own before they serve',
    state: 'unknown',
    evidence: [
      'cass-operator chooses the seeds by labels of pods; the report tells when a new node holds clearly too little',
    ],
  };
}
