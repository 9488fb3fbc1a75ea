import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { KIND, ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import { journalCheck, missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { RebalanceWish } from '#core/operations/wishes.ts';
import { dataDirectory, disksOf } from '#core/systems/cassandra/operations/dataDisk.ts';
import { RingDoor } from '#core/systems/cassandra/operations/door.ts';
import { examineRing } from '#core/systems/cassandra/operations/examination.ts';
import { placeText, requireMembers } from '#core/systems/cassandra/operations/planRestart.ts';
import type { RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { nodeParameters } from '#core/systems/cassandra/operations/restartOf.ts';
import { restartOrder } from '#core/systems/cassandra/operations/restartOrder.ts';
import { ringPreconditions } from '#core/systems/cassandra/operations/ringPreconditions.ts';
import { foresee } from '#core/systems/cassandra/operations/tending/foresight.ts';
import { reapersOf } from '#core/systems/cassandra/operations/tending/reaper.ts';
import { otherKubernetes, ringTargetOf } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { shownShares } from '#core/systems/cassandra/operations/tending/skew.ts';
import { tendChecks } from '#core/systems/cassandra/operations/tending/tendChecks.ts';
import { TendStep } from '#core/systems/cassandra/operations/tending/tendStep.ts';
import { isTendingMode, verbs, type Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';
import { freeDisks, type WorkAhead } from '#core/systems/cassandra/operations/tending/workAhead.ts';

const TEND = 'tend';

/**
 * A plan that goes over nodes one by one with a command of nodetool: cleanup, repair, rebuild, or maintenance of their files.
 * @throws ClusterProblem when no node can be asked, or when the wish is not one for Cassandra
 */
export async function planCassandraRebalance(wish: RebalanceWish, { data, ...ports }: PlanningPorts): Promise<Plan> {
  const verb = verbOf(wish);
  requireMembers(data, wish.members ?? []);
  const { cluster, clock, id } = ports;
  const { reading, problems } = await examineRing(data, ports);
  const members = chosen(data, wish, verb, reading);
  const target = await targetOf(data, cluster, reading.clusterNames[0]);
  const directories = new Map(members.map((member) => [member.name, dataDirectory(member)]));
  const source = verb.mode === 'rebuild' ? (wish.source ?? '') : '';
  const disks = verb.room === 'none' ? new Map<string, undefined>() : await disksOf(members, directories, cluster);
  const door = new RingDoor(cluster, new Map(members.map(({ name, container }) => [name, container])));
  const wanted = { data, members, verb, reading, isExact: wish.exact === true };
  const foresight = await foresee(wanted, { cluster, door, directories, disks });
  const found = {
    verb,
    members,
    reading,
    source,
    disks,
    ...foresight,
    reapers: verb.mode === 'repair' ? await reapersOf(data, cluster) : [],
  };
  const preconditions = [
    journalCheck(await missingJournalRights(target, cluster)),
    await execCheck(cluster, data.namespace),
    ...ringChecks(data, members, reading, problems, clock.now()),
    ...tendChecks(found),
  ];
  return {
    format: 1,
    id,
    operation: 'rebalance',
    title: `${verb.title} the nodes of Cassandra ${data.name}, one after the other`,
    target,
    madeAt: clock.now(),
    parameters: { mode: verb.mode, source, ...nodeParameters(data, reading.ring) },
    preconditions,
    steps: members.map((member) => {
      const work = foresight.works.find(({ pod }) => pod === member.name);
      return stepFor(member, { verb, source, directory: directories.get(member.name) ?? '', work }, reading);
    }),
    risks: verb.risks,
    needsTypedName: preconditions.some(({ state }) => state === 'consent'),
    preview: [...shownShares(reading.ring), ...freeDisks(foresight.works)],
  };
}

/** What goes over the nodes of a plan, on whatever machine. */
export function cassandraRebalanceOf(plan: Plan, ports: UndertakingPorts): Procedure {
  const target = ringTargetOf(plan, ports);
  return new ProcedureOfKinds({ [TEND]: new TendStep(target) }, () => otherKubernetes(target));
}

function verbOf({ mode, source, reassignment, exact }: RebalanceWish): Verb {
  if (reassignment !== undefined || !isTendingMode(mode))
    throw new ClusterProblem(
      'invalid',
      `Tokens of Cassandra stay where they are, so nothing is moved; choose one of ${Object.keys(verbs).join(', ')}.`,
    );
  if (exact === true && mode !== 'cleanup')
    throw new ClusterProblem('invalid', 'Files are looked at before a cleanup only.');
  if (mode === 'rebuild' && (source ?? '') === '')
    throw new ClusterProblem('invalid', 'A rebuild must be told the datacenter that the data comes from.');
  if (mode === 'rebuild' && !/^[\w.-]+$/.test(source ?? ''))
    throw new ClusterProblem('invalid', 'The name of a datacenter has letters, digits, dots, dashes and underscores.');
  return verbs[mode];
}

/** Datacenter by datacenter, rack by rack. */
function chosen(
  data: DataCluster,
  { members: only, source }: RebalanceWish,
  { mode }: Verb,
  { ring }: RingReading,
): readonly LiveMember[] {
  const isSource = ({ name }: LiveMember): boolean =>
    mode === 'rebuild' && ring.nodes.some(({ member, datacenter }) => member === name && datacenter === source);
  const wanted = data.members.filter((member) => (only?.includes(member.name) ?? true) && !isSource(member));
  if (wanted.length === 0) throw new ClusterProblem('absent', `No node of ${data.name} is to be gone over.`);
  return restartOrder(wanted, ring);
}

const SHOWN = new Set(['pods', 'ring', 'schema', 'nothing-moves']);

/** The questions of a restart that are asked here as well: nobody goes away, so that QUORUM is none of them. */
export function ringChecks(
  data: DataCluster,
  members: readonly LiveMember[],
  reading: RingReading,
  problems: readonly string[],
  now: number,
): readonly Precondition[] {
  const nothing = {
    handoffs: [],
    placements: [],
    refusals: [],
    missingRights: [],
    missingJournalRights: [],
    disks: new Map(),
  };
  const level = 'fully replicated';
  const up = new Set(reading.ring.nodes.flatMap(({ member, verdict }) => (verdict === 'up' ? (member ?? []) : [])));
  // Nobody goes away, so that a node which was drained is finished first by nobody: asked for one that is up, it counts against it.
  const first = data.members.find(({ name }) => up.has(name));
  const asked = first ? [first] : members;
  const examination = { data, members: asked, level, reading, problems, ranges: new Map(), now, ...nothing } as const;
  return ringPreconditions.map((check) => check(examination)).filter(({ id }) => SHOWN.has(id));
}

export async function execCheck(cluster: Cluster, namespace: string): Promise<Precondition> {
  const id = { id: 'rights', title: 'Commands may be run in the pods' };
  const question = { verb: 'create', group: '', resource: 'pods/exec', namespace } as const;
  const { isAllowed } = await cluster.can(question);
  if (isAllowed) return { ...id, state: 'holds', evidence: ['pods/exec may be created'] };
  return {
    ...id,
    state: 'fails',
    evidence: [`No right to create pods/exec in ${namespace}`],
    fix: 'Ask for the right.',
  };
}

interface StepWanted {
  readonly verb: Verb;
  readonly source: string;
  readonly directory: string;
  readonly work: WorkAhead | undefined;
}

function stepFor(
  { name }: LiveMember,
  { verb, source, directory, work }: StepWanted,
  { ring }: RingReading,
): PlannedStep {
  const node = ring.nodes.find(({ member }) => member === name);
  const stop = verb.stop === undefined ? {} : { undo: 'cancelled meanwhile, its compactions are stopped by their ids' };
  return {
    id: name,
    title: `${verb.title} ${name}${placeText(node)}`,
    gate: 'every node is up and normal for every other, on one schema; nothing joins, leaves, streams or is repaired',
    effect: `nodetool ${verb.args(source).join(' ')}: ${verb.effect}`,
    done: `the command ended well on ${name}`,
    ...stop,
    expectedMs: work?.expectedMs ?? verb.expectedMs,
    parameters: { [KIND]: TEND, pod: name, mode: verb.mode, source, directory },
  };
}
