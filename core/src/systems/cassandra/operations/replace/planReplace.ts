import type { DataCluster } from '#core/live/model.ts';
import { objectOf } from '#core/json.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { HeldRestart } from '#core/operations/heldRestart.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { KIND, ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import { journalCheck, missingJournalRights, targetOf } from '#core/operations/target.ts';
import { strategySteps, updateStrategyKinds } from '#core/operations/updateStrategy.ts';
import type { ReplaceWish } from '#core/operations/wishes.ts';
import { examineRing } from '#core/systems/cassandra/operations/examination.ts';
import { placeText, stepParameters } from '#core/systems/cassandra/operations/planRestart.ts';
import { deadChecks } from '#core/systems/cassandra/operations/replace/deadChecks.ts';
import {
  examineDead,
  isLast,
  isWanted,
  type DeadExamination,
} from '#core/systems/cassandra/operations/replace/examineDead.ts';
import { meantNode } from '#core/systems/cassandra/operations/replace/findDead.ts';
import { deadParameters, planParameters, REPLACE_MS } from '#core/systems/cassandra/operations/replace/planParts.ts';
import { REMOVE, RemoveStep } from '#core/systems/cassandra/operations/replace/removeStep.ts';
import { removeChecks, replaceChecks } from '#core/systems/cassandra/operations/replace/replaceChecks.ts';
import { writeChanges } from '#core/systems/cassandra/operations/replace/replaceParts.ts';
import { REPLACE, ReplaceStep } from '#core/systems/cassandra/operations/replace/replaceStep.ts';
import { USUAL_TEMPLATE, UsualTemplateStep } from '#core/systems/cassandra/operations/replace/usualTemplateStep.ts';
import { WITHOUT_POD, WithoutPodStep } from '#core/systems/cassandra/operations/replace/withoutPodStep.ts';
import { cassandraRestartOf } from '#core/systems/cassandra/operations/restartOf.ts';
import { otherKubernetes, ringTargetOf } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

const RESTART = 'restart-held';

const REMOVE_MS = 600_000;
const RESTART_MS = 80_000;
const TEMPLATE_MS = 5000;
const WITHOUT_POD_MS = 30_000;

/** Why dead nodes are not replaced by us; undefined when a plan can be made. Contacts nothing. */
export function replaceRefusal({ flavour, name, resource, workloads }: DataCluster): string | undefined {
  if (flavour !== 'kubernetes' || resource !== undefined)
    return `${name} is run by an operator (${flavour}), which would put back what is done to its pods and claims. Replace the node by the operator's own way.`;
  if (workloads.some(({ kind }) => kind === 'StatefulSet')) return undefined;
  return `${name} is no StatefulSet, whose pods alone keep their names and volumes.`;
}

/**
 * A plan that replaces a node that is lost for good, or removes it.
 * @throws ClusterProblem when no node can be asked, or when it cannot be told which node is meant
 */
export async function planCassandraReplace(wish: ReplaceWish, { data, ...ports }: PlanningPorts): Promise<Plan> {
  const { reading, problems } = await examineRing(data, ports);
  const meant = meantNode(wish, data, reading.ring);
  const target = await targetOf(data, ports.cluster, reading.clusterNames[0]);
  const found = await examineDead({ wish, data, meant, reading, problems }, ports);
  const checks = [...deadChecks, ...(wish.how === 'replace' ? replaceChecks : removeChecks)];
  const preconditions = [
    journalCheck(await missingJournalRights(target, ports.cluster)),
    ...checks.flatMap((check): readonly Precondition[] => {
      const one = check(found);
      return one ? [one] : [];
    }),
  ];
  const what = meant.pod === '' ? meant.node.hostId : meant.pod;
  return {
    format: 1,
    id: ports.id,
    operation: 'replace',
    title:
      wish.how === 'replace'
        ? `Replace the dead node ${what} of Cassandra ${data.name}`
        : `Remove the dead node ${what} from Cassandra ${data.name}`,
    target,
    madeAt: ports.clock.now(),
    parameters: planParameters(found),
    preconditions,
    steps: wish.how === 'replace' ? replaceSteps(found) : removeSteps(found),
    risks: risks[wish.how],
    needsTypedName: true,
  };
}

/** What replaces or removes the node of a plan, on whatever machine. What is left of an early end is put back in the order of the kinds. */
export function cassandraReplaceOf(plan: Plan, ports: UndertakingPorts): Procedure {
  const target = ringTargetOf(plan, ports);
  const { cluster, namespace } = target;
  const level = plan.parameters['level'] === 'min-ISR safe' ? 'min-ISR safe' : 'fully replicated';
  const kinds = {
    [REPLACE]: new ReplaceStep(target, level),
    [USUAL_TEMPLATE]: new UsualTemplateStep(target),
    [RESTART]: new HeldRestart({ cluster, namespace, restart: cassandraRestartOf(plan, ports) }),
    ...updateStrategyKinds({ cluster, namespace }),
    [WITHOUT_POD]: new WithoutPodStep(target),
    [REMOVE]: new RemoveStep(target),
  };
  return new ProcedureOfKinds(kinds, () => otherKubernetes(target));
}

function replaceSteps(found: DeadExamination): readonly PlannedStep[] {
  const { meant, set } = found;
  if (!set?.boot) throw new ClusterProblem('invalid', `The StatefulSet of ${meant.pod} has no container of Cassandra.`);
  const { pod } = meant;
  const { name } = set.now.workload.meta;
  const { first, last } = strategySteps(set.now, { pendingOnly: false });
  const parameters = {
    ...deadParameters(found),
    wanted: writeChanges(set.boot.wanted),
    before: writeChanges(set.boot.before),
    next: `template-${name}`,
  };
  const replace: PlannedStep = {
    id: `replace-${pod}`,
    title: `Replace ${pod}${placeText(meant.node)}`,
    member: pod,
    gate: `nothing of ${pod} runs, every other node sees it down, and the others are whole; then its name is typed once more`,
    effect: `${name} says whom ${pod} replaces, then the claims and the pod of ${pod} are deleted for good; it begins anew and is sent its data`,
    done: `${pod} is up for every node and serves clients, and nobody knows the dead node any more`,
    expectedMs: REPLACE_MS,
    parameters: { ...parameters, [KIND]: REPLACE },
  };
  const usual: PlannedStep = {
    id: parameters.next,
    title: `Take the option out of ${name}`,
    gate: `${pod} has joined, and ${name} is at OnDelete`,
    effect: `the template of ${name} becomes what it was`,
    done: 'its controller has seen it',
    expectedMs: TEMPLATE_MS,
    parameters: { ...parameters, [KIND]: USUAL_TEMPLATE },
  };
  return [...first, replace, usual, ...restartSteps(found), ...last];
}

/** Where the controller would restart it by itself, for having another template, it is restarted with all gates before. */
function restartSteps({ data, meant, reading, set }: DeadExamination): readonly PlannedStep[] {
  const { member, pod, ordinal } = meant;
  const strategy = objectOf(set?.now.strategy);
  const rolling = objectOf(strategy['rollingUpdate']);
  const isRestarted = strategy['type'] !== 'OnDelete' && ordinal >= Number(rolling['partition'] ?? 0);
  if (!member || !set || !isRestarted) return [];
  return [
    {
      id: `restart-${pod}`,
      title: `Restart ${pod} with the template of all`,
      member: pod,
      gate: 'every node is up and normal for every other, on one schema; nothing moves; every range keeps a QUORUM',
      effect: `${pod} is drained, its peers see it down, and its pod is evicted`,
      done: `${pod} has the template of ${set.now.workload.meta.name}, is up for every node and serves clients`,
      expectedMs: RESTART_MS,
      parameters: {
        ...stepParameters(member, data, reading.ring),
        hostId: '',
        workload: set.now.workload.meta.name,
        revision: '',
        [KIND]: RESTART,
      },
    },
  ];
}

function removeSteps(found: DeadExamination): readonly PlannedStep[] {
  const { meant, set } = found;
  const parameters = deadParameters(found);
  const what = meant.pod === '' ? meant.node.hostId : meant.pod;
  const remove: PlannedStep = {
    id: `remove-${what}`,
    title: `Remove ${what}${placeText(meant.node)} from the ring`,
    gate: 'nothing of it runs, every other node sees it down, and the others are whole; then its name is typed once more',
    effect: `nodetool removenode ${meant.node.hostId}: the others are sent the ranges that they own now`,
    done: 'nobody knows it any more',
    expectedMs: REMOVE_MS,
    parameters: { ...parameters, [KIND]: REMOVE },
  };
  if (!set || !isWanted(meant) || !isLast(meant)) return [remove];
  const { name } = set.now.workload.meta;
  const from = set.now.workload.replicas;
  const smaller: PlannedStep = {
    id: `without-${meant.pod}`,
    title: `Make ${name} smaller by ${meant.pod}`,
    member: meant.pod,
    gate: `${name} has ${from} replicas, and the node of ${meant.pod} is dead`,
    effect: `${name} gets ${from - 1} replicas`,
    done: `${meant.pod} is gone`,
    undo: `${from} replicas again`,
    expectedMs: WITHOUT_POD_MS,
    parameters: { ...parameters, from, to: from - 1, [KIND]: WITHOUT_POD },
  };
  return [smaller, remove];
}

const risks: Readonly<Record<ReplaceWish['how'], readonly string[]>> = {
  replace: [
    'The volume of the dead node is deleted with all that may still be on it. Before that the run pauses and wants the name of the pod.',
    'Until the node has joined, ranges have one replica less; another node that goes down may take their QUORUM.',
    'It is sent each range by one replica. What that one lacked it lacks too, until it is repaired.',
    'A pod that does not start, or a join that fails, ends the run there; the option stays in the template for it, and the StatefulSet at OnDelete. Resume when the reason is seen to.',
  ],
  remove: [
    'A node that was removed cannot come back with its data. Before that the run pauses and wants its name.',
    'The others are sent what they own now, and are busier and fuller.',
    'A removal that hangs is never forced from here: nodetool removenode force, and assassinate even more, drop the node without copying its ranges; both want a repair of everything after.',
  ],
};
