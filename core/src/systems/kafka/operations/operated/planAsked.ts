import type { DataCluster, LiveMember } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition, StepValue } from '#core/operations/model.ts';
import { missingJournalRights, targetOf } from '#core/operations/target.ts';
import { NEW_NAMES } from '#core/operations/stepKinds.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import type { KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import type { KafkaPlanningPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { chosen, gateWords, nodeParameters, orderCheck } from '#core/systems/kafka/operations/planRestart.ts';
import { examineOperated } from '#core/systems/kafka/operations/restartChecks.ts';
import { inChosenOrder, restartOrder } from '#core/systems/kafka/operations/restartOrder.ts';
import { unavoidableTopics } from '#core/systems/kafka/operations/safety.ts';

/** What a plan of one operator's restart has of its own. */
export interface AskedWords {
  /** `Strimzi`. */
  readonly title: string;
  /** How it is asked for one pod. */
  readonly effect: (member: LiveMember) => string;
  /** Beside the name of the question being gone. */
  readonly done: string;
  readonly risks: readonly string[];
  /** The operator gives new pods new names. */
  readonly hasNewNames?: boolean;
  /** Until a pod is whole again, its own rounds included. Milliseconds. */
  readonly expectedMs: number;
}

export interface AskedFindings {
  readonly preconditions: readonly Precondition[];
  readonly parameters: Readonly<Record<string, StepValue>>;
}

/**
 * A plan in which an operator is asked for one pod after the other. `look` is what the operator itself is asked, now.
 * @throws ClusterProblem when the cluster cannot be asked, or when the wish cannot be fulfilled there
 */
export async function planAskedRestart(
  wish: RestartWish,
  ports: KafkaPlanningPorts,
  words: AskedWords,
  look: (members: readonly LiveMember[]) => Promise<AskedFindings>,
): Promise<Plan> {
  const { data, cluster, door, clock, id } = ports;
  refusePending(wish, words.title);
  const state = await door.state(undefined);
  const members = inChosenOrder(restartOrder(chosen(data, wish), state), wish.order);
  if (members.length === 0) throw new ClusterProblem('absent', `No node of ${data.name} is to be restarted.`);
  const target = await targetOf(data, cluster, state.clusterId);
  const found = await look(members);
  const examined = examineOperated({
    cluster: data,
    members,
    state,
    disks: await door.disks(),
    refusals: [],
    missingRights: await missingJournalRights(target, cluster),
    now: clock.now(),
  });
  const preconditions = [...examined, ...found.preconditions, ...orderCheck(members, wish, state)];
  return {
    format: 1,
    id,
    operation: 'restart',
    title: `Safe restart of Kafka ${data.name} by ${words.title}`,
    target,
    madeAt: clock.now(),
    parameters: { ...restartParameters(wish, data, members, state), ...found.parameters },
    preconditions,
    steps: members.map((member) => stepFor(member, wish, words)),
    risks: words.risks,
    needsTypedName: preconditions.some(({ state: verdict }) => verdict === 'consent'),
  };
}

export function restartParameters(
  { level }: RestartWish,
  data: DataCluster,
  members: readonly LiveMember[],
  state: KafkaState,
): Readonly<Record<string, StepValue>> {
  const ids = members.map(({ index }) => index ?? -1);
  return { level, consented: unavoidableTopics(ids, state), ...nodeParameters(data) };
}

/** An operator rolls a changed template by itself, so nothing is ever pending that a restart could choose. */
export function refusePending({ pendingOnly }: RestartWish, title: string): void {
  if (pendingOnly !== true) return;
  throw new ClusterProblem(
    'invalid',
    `${title} restarts pods whose template has changed by itself; there are none to choose. Restart all, or name them.`,
  );
}

function stepFor(member: LiveMember, { level }: RestartWish, words: AskedWords): PlannedStep {
  const { name, index, pod, role, rack } = member;
  return {
    id: name,
    title: `Ask ${words.title} to restart ${name} (${role} ${index ?? '?'}${rack === '' ? '' : `, rack ${rack}`})`,
    member: name,
    gate: `${words.title} is alive, ready and asked for no other pod; ${gateWords(level)}`,
    effect: words.effect(member),
    done: `${words.done}, its broker is in every ISR; then it leads its partitions again`,
    undo: 'while the operator is not there, the question is taken back',
    expectedMs: words.expectedMs,
    parameters: {
      pod: name,
      nodeId: index ?? -1,
      before: pod?.meta.uid ?? '',
      ...(words.hasNewNames === true ? { [NEW_NAMES]: true } : {}),
    },
  };
}
