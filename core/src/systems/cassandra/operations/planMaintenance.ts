import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, PlannedStep } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { targetOf } from '#core/operations/target.ts';
import type { DrainWish } from '#core/operations/wishes.ts';
import { examineRest, examineRing } from '#core/systems/cassandra/operations/examination.ts';
import {
  consentParameters,
  gateWords,
  placeText,
  preconditionsOf,
  requireMembers,
  stepParameters,
} from '#core/systems/cassandra/operations/planRestart.ts';
import { nodeParameters } from '#core/systems/cassandra/operations/restartOf.ts';

/** Two to three seconds were measured under load, and as many until peers say so. */
const EXPECTED_MS = 10_000;

/**
 * A plan that drains one node and leaves it.
 * @throws ClusterProblem when no node can be asked, or when it is not one node that is to be drained
 */
export async function planCassandraDrain(wish: DrainWish, { data, ...ports }: PlanningPorts): Promise<Plan> {
  if (wish.how !== 'maintenance')
    throw new ClusterProblem(
      'invalid',
      `A node of Cassandra leads nothing and cannot be told to ${wish.how}; drain it for maintenance.`,
    );
  requireMembers(data, wish.members);
  const [name, ...others] = wish.members;
  const member = data.members.find((one) => one.name === name);
  if (!member || others.length > 0)
    throw new ClusterProblem(
      'invalid',
      'One node at a time is drained for maintenance: the others have to be up meanwhile.',
    );
  const { reading, problems } = await examineRing(data, ports);
  const node = reading.ring.nodes.find((one) => one.member === name);
  if (node?.verdict === 'drained')
    throw new ClusterProblem('invalid', `${member.name} is drained already; a restart brings it back.`);
  const level = 'fully replicated';
  const target = await targetOf(data, ports.cluster, reading.clusterNames[0]);
  const examination = await examineRest({ data, members: [member], level, reading, problems }, target, ports);
  const preconditions = preconditionsOf(examination);
  const step: PlannedStep = {
    id: member.name,
    title: `Drain ${member.name}${placeText(node)} and leave it`,
    member: member.name,
    gate: gateWords(level),
    effect: `${member.name} closes its connections, writes everything to disk, and is down for its peers; its pod stays`,
    done: 'its Mode is DRAINED, and every other node sees it down',
    undo: `restart ${member.name}: nothing else brings it back`,
    expectedMs: EXPECTED_MS,
    parameters: stepParameters(member, data, reading.ring),
  };
  return {
    format: 1,
    id: ports.id,
    operation: 'drain',
    title: `Drain of ${member.name} of Cassandra ${data.name} for maintenance`,
    target,
    madeAt: ports.clock.now(),
    parameters: { how: wish.how, level, ...consentParameters(examination), ...nodeParameters(data, reading.ring) },
    preconditions,
    steps: [step],
    risks: [
      'It stays away until somebody restarts it. Others keep writes for it for three hours as a rule; after that it has to be repaired.',
      'No other node may go meanwhile: with two away, ranges lose their QUORUM.',
      'Its own nodetool status, and probes that ask it, go on saying that it is up; a liveness probe that asks for CQL restarts it.',
    ],
    needsTypedName: preconditions.some(({ state }) => state === 'consent'),
  };
}
