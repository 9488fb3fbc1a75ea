import { duration } from '#core/live/durations.ts';
import { podTrouble } from '#core/live/podTrouble.ts';
import type { Precondition } from '#core/operations/model.ts';
import { oneSchema } from '#core/systems/cassandra/ringChecks.ts';
import type { CqlWord } from '#core/systems/cassandra/operations/cqlDoor.ts';
import type { Examination } from '#core/systems/cassandra/operations/examination.ts';
import { USUAL_WINDOW_MS } from '#core/systems/cassandra/operations/handoff.ts';
import {
  excusedMembers,
  lossesOf,
  movementObstacles,
  viewObstacles,
  type Departure,
} from '#core/systems/cassandra/operations/obstacles.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';
import { loginReplicas, type QuorumLoss } from '#core/systems/cassandra/operations/safety.ts';

/** Questions to the ring itself, in the order in which they are shown. */
export const ringPreconditions: readonly ((examination: Examination) => Precondition)[] = [
  podsReady,
  everyNodeUp,
  schemaAgreed,
  nothingMoves,
  compactionsQuiet,
  quorumKept,
  loginsKept,
  hintsYoung,
  hintsKept,
];

/** The one that goes first: alone it may be away already. */
function firstToGo({ members, data, level }: Examination): Departure {
  const target = members[0]?.name ?? '';
  return { target, members: data.members.map(({ name }) => name), level, consented: new Set() };
}

function isDrainedFirst({ reading: { ring }, members }: Examination): boolean {
  return ring.nodes.some(({ member, verdict }) => member === members[0]?.name && verdict === 'drained');
}

function podsReady(examination: Examination): Precondition {
  const { data, reading, now } = examination;
  const id = { id: 'pods', title: 'Every pod is ready' };
  const unready = data.members.filter(({ pod }) => pod?.isReady !== true || pod.meta.deletedAt !== undefined);
  if (unready.length === 0) return holds(id, `${data.members.length} of ${data.members.length} are ready`);
  const evidence = unready.map(
    ({ name, pod }) => `${name} ${(pod && podTrouble(pod, now)?.sentence) ?? 'is not there'}`,
  );
  const { target, level } = firstToGo(examination);
  const excused = excusedMembers(reading.ring, target, level);
  const isFine = unready.every(({ name }) => excused.has(name) || (name === target && isDrainedFirst(examination)));
  if (isFine) return { ...id, state: 'warns', evidence, fix: 'One that is drained is finished first.' };
  return { ...id, state: 'fails', evidence, fix: 'Repair them first.' };
}

function everyNodeUp(examination: Examination): Precondition {
  const id = { id: 'ring', title: 'Every node is up and normal for every other node' };
  const { reading, problems } = examination;
  const departure = firstToGo(examination);
  const against = viewObstacles(departure, reading).map(({ text }) => text);
  const { nodes, observers } = reading.ring;
  if (against.length > 0) {
    const fix =
      'Bring back what is away, or wait until it has joined or left. A node that calls itself up may still be drained.';
    return { ...id, state: 'fails', evidence: [...against.slice(0, 8), ...problems.slice(0, 4)], fix };
  }
  const excused = [...excusedMembers(reading.ring, departure.target, departure.level)];
  const evidence = [
    ...excused.map((name) => `${name} is down for every other node, and put up with as long as QUORUM is kept`),
    ...(isDrainedFirst(examination)
      ? [`${departure.target} is drained: it calls itself up, its peers see it down, and only a restart brings it back`]
      : []),
  ];
  if (evidence.length > 0) return { ...id, state: 'warns', evidence, fix: 'What is drained is finished first.' };
  return holds(id, `${observers.length} views of ${nodes.length} nodes agree`);
}

/** The ports are asked themselves; where they cannot be, that is no reason to stop, but a gate then rests on less. */
export function portsAnswer({ ports }: Examination): readonly Precondition[] {
  if (!ports) return [];
  const id = { id: 'cql', title: 'The CQL port of every node answers' };
  const told = (kind: CqlWord['kind']): readonly string[] =>
    ports.flatMap(({ member, word }) =>
      word.kind === kind ? [word.kind === 'open' ? word.evidence : `${member}: ${word.why}`] : [],
    );
  const [closed, unknown, open] = [told('closed'), told('unknown'), told('open')];
  if (closed.length > 0) {
    const fix = 'See why it serves no clients; the one that goes first may be drained already.';
    return [{ ...id, state: 'warns', evidence: closed.slice(0, 6), fix }];
  }
  if (unknown.length > 0) {
    const fix = 'Whether CQL is open is then what nodetool says. A tunnel needs the right to create pods/portforward.';
    return [{ ...id, state: 'unknown', evidence: unknown.slice(0, 3), fix }];
  }
  return [{ ...id, state: 'holds', evidence: open.slice(0, 6) }];
}

function schemaAgreed(examination: Examination): Precondition {
  const id = { id: 'schema', title: 'All nodes have one version of the schema' };
  const { ring } = examination.reading;
  const down = new Set(
    ring.nodes.filter(({ verdict }) => verdict === 'drained' || verdict === 'down').flatMap((one) => one.addresses),
  );
  const live = new Set(ring.nodes.flatMap((one) => one.addresses).filter((address) => !down.has(address)));
  const schemaUnknown = ring.schemaUnknown.filter((address) => live.has(address));
  const { against } = oneSchema({ ...ring, schemaUnknown });
  if (against.length === 0) return holds(id, ring.schemas[0]?.version ?? '');
  const versions = ring.schemas.map(({ version, addresses }) => `${version}: ${addresses.join(', ')}`);
  const fix = 'Wait until changes of the schema have reached everybody; a restart in between may make two of them.';
  return { ...id, state: 'fails', evidence: [...against, ...versions.slice(0, 4)], fix };
}

function nothingMoves({ reading, data }: Examination): Precondition {
  const id = { id: 'nothing-moves', title: 'No data moves between nodes, and nothing is repaired' };
  const rolling = data.workloads.filter(
    ({ updateStrategy, readyReplicas, replicas, updatedReplicas }) =>
      updateStrategy !== 'OnDelete' && readyReplicas < replicas && updatedReplicas < replicas,
  );
  const evidence = [
    ...movementObstacles(reading).map(({ text }) => text),
    ...rolling.map(({ kind, meta }) => `${kind} ${meta.name} is rolling`),
  ];
  if (evidence.length === 0) return holds(id, 'No streams, no validation, no rollout');
  return { ...id, state: 'fails', evidence: evidence.slice(0, 8), fix: 'Wait until it is over: it would break off.' };
}

function compactionsQuiet({ reading }: Examination): Precondition {
  const id = { id: 'compactions', title: 'No node is in the middle of long work of its own' };
  const running = reading.answers.flatMap(({ member, compactions }) =>
    (compactions?.running ?? [])
      .filter(({ type }) => !/^(?:Validation|Anticompaction)/.test(type))
      .map(({ type, keyspace, table }) => `${member}: ${type} of ${keyspace}.${table}`),
  );
  if (running.length === 0) return holds(id, 'No compaction or cleanup runs');
  const fix = 'It begins anew after the restart; a cleanup has to be asked for again.';
  return { ...id, state: 'warns', evidence: [named(running, 5)], fix };
}

function quorumKept(examination: Examination): Precondition {
  const id = { id: 'quorum', title: 'Every range keeps a QUORUM of its replicas' };
  const { reading } = examination;
  if (!reading.keyspaces) {
    const evidence = ['Versions before 4.0 do not tell how keyspaces are replicated'];
    return { ...id, state: 'consent', evidence, fix: 'See that every keyspace has three replicas or more.' };
  }
  const { unavoidable, broken } = quorumFindings(examination);
  if (broken.length > 0) {
    const evidence = broken.map(({ keyspace, text }) => `${keyspace}: ${text}`);
    return { ...id, state: 'fails', evidence: evidence.slice(0, 8), fix: 'Bring back the nodes that are down first.' };
  }
  if (unavoidable.length === 0) {
    return holds(id, `${reading.keyspaces.length} keyspaces, over all and in each datacenter`);
  }
  return {
    ...id,
    state: 'consent',
    evidence: unavoidable.map(
      ({ keyspace, text }) =>
        `Requests to ${keyspace} at QUORUM fail while a replica is away, whoever restarts it: ${text}`,
    ),
    fix: 'Give them three replicas in each datacenter and repair them, or agree to it.',
  };
}

/** Losses that no order avoids, one for each keyspace; and those that come from who is away already. */
export function quorumFindings({ members, data, level, reading, ranges }: Omit<Examination, 'placements'>): {
  readonly unavoidable: readonly QuorumLoss[];
  readonly broken: readonly QuorumLoss[];
} {
  const all = data.members.map(({ name }) => name);
  const unavoidable = new Map<string, QuorumLoss>();
  const broken = new Map<string, QuorumLoss>();
  for (const { name } of members) {
    const departure = { target: name, members: all, consented: new Set<string>() };
    const alone = lossesOf({ ...departure, level: 'fully replicated' }, reading);
    for (const loss of alone) unavoidable.set(loss.keyspace, loss);
    for (const loss of lossesOf({ ...departure, level }, reading, ranges)) broken.set(loss.keyspace, loss);
  }
  for (const keyspace of unavoidable.keys()) broken.delete(keyspace);
  return { unavoidable: [...unavoidable.values()], broken: [...broken.values()] };
}

function loginsKept({ reading }: Examination): Precondition {
  const id = { id: 'logins', title: 'Logins are possible while a node is away' };
  const replicas = loginReplicas(reading.keyspaces ?? []);
  if (replicas === undefined)
    return { ...id, state: 'unknown', evidence: ['How system_auth is replicated is not known'] };
  if (replicas > 1) return holds(id, `system_auth has ${replicas} replicas`);
  return {
    ...id,
    state: 'warns',
    evidence: [`system_auth has ${replicas} replica: where logins are wanted, some fail while it is away`],
    fix: 'Set its replication to three in each datacenter, and repair it.',
  };
}

function hintsYoung({ reading: { ring }, handoffs, now }: Examination): Precondition {
  const id = { id: 'hints', title: 'No node still misses writes from an earlier absence' };
  const windowMs = Math.min(...handoffs.map((handoff) => handoff.windowMs ?? USUAL_WINDOW_MS), USUAL_WINDOW_MS);
  const up = new Map(ring.nodes.filter(({ verdict }) => verdict === 'up').map((node) => [node.hostId, node.member]));
  const kept = ring.hints.filter(({ hostId, files }) => files > 0 && up.has(hostId));
  const told = kept.map(({ holder, hostId, files, oldestAt }) => {
    const age = oldestAt === undefined ? '' : `, the oldest ${duration(now - oldestAt)} old`;
    return `${holder} keeps ${files} files for ${up.get(hostId) ?? hostId}${age}`;
  });
  const isOld = kept.some(({ oldestAt }) => oldestAt !== undefined && now - oldestAt > windowMs);
  if (kept.length === 0) return holds(id, 'No node keeps writes for another that is up');
  if (!isOld) return { ...id, state: 'warns', evidence: told.slice(0, 6), fix: 'They are sent by themselves.' };
  const fix = 'A node was away for longer than writes are kept: repair it first, or agree that it lacks some.';
  return { ...id, state: 'consent', evidence: told.slice(0, 6), fix };
}

function hintsKept({ handoffs }: Examination): Precondition {
  const id = { id: 'handoff', title: 'Writes are kept for a node that is away' };
  const off = handoffs.filter(({ isOn }) => isOn === false).map(({ member }) => member);
  if (off.length > 0) {
    const evidence = [`Hinted handoff is off on ${named(off, 5)}`];
    return {
      ...id,
      state: 'warns',
      evidence,
      fix: 'Repair every node after its restart, or `nodetool enablehandoff`.',
    };
  }
  const told = handoffs.filter(({ isOn }) => isOn === true);
  if (told.length === 0) return { ...id, state: 'unknown', evidence: ['No node told'] };
  const windows = told.map(({ windowMs }) => windowMs ?? USUAL_WINDOW_MS);
  return holds(id, `On ${told.length} nodes, for ${duration(Math.min(...windows))} at least`);
}

function holds(id: { readonly id: string; readonly title: string }, evidence: string): Precondition {
  return { ...id, state: 'holds', evidence: [evidence] };
}
