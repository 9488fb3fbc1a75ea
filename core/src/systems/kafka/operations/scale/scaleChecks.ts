import type { DataCluster } from '#core/live/model.ts';
import { podTrouble } from '#core/live/podTrouble.ts';
import type { Precondition } from '#core/operations/model.ts';
import type { KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import { keeperSentences, type Keeper } from '#core/operations/keepers.ts';
import { rightsToKeep } from '#core/systems/kafka/operations/restartChecks.ts';
import type { Room } from '#core/operations/podRoom.ts';
import type { Place, ScaleGroup } from '#core/systems/kafka/operations/scale/scaleGroup.ts';

/** Everything that was found out about another number of brokers. */
export interface ScaleExamination {
  readonly data: DataCluster;
  readonly group: ScaleGroup;
  readonly from: number;
  readonly to: number;
  /** Those that come or go. */
  readonly places: readonly Place[];
  /** Of those that go, brokers that no controller knows: they have never started, and hold nothing. */
  readonly strangers: readonly number[];
  readonly state: KafkaState;
  /** Racks by broker, of those that tell one. */
  readonly racks: ReadonlyMap<number, string>;
  /** Settings of the brokers about controllers and replicas, where they tell them. */
  readonly settings: ReadonlyMap<string, string>;
  readonly room: Room;
  readonly keepers: readonly Keeper[];
  readonly isSettled: boolean;
  /** Pods take a newer template than those that are there. */
  readonly hasPendingTemplate: boolean;
  readonly losesClaims: boolean;
  /** Why the server would not take the new size; undefined when it would. */
  readonly refusal: string | undefined;
  readonly missingRights: readonly string[];
  readonly now: number;
}

type Check = (examination: ScaleExamination) => Precondition | undefined;

/** In the order in which they are shown; what a check has nothing to say about is left out. */
const forBoth: readonly Check[] = [sizeTaken, sizeIsOurs, numbersKnown];

export const checksUp: readonly Check[] = [
  rightsToKeep,
  ...forBoth,
  podsReady,
  registered,
  noRollout,
  onlyBrokers,
  numbersFree,
  storageThere,
  claimsNew,
  withinQuota,
  nodesThere,
  racksEven,
  templateSame,
];

/** Besides what the moves of the evacuation want. */
export const checksDown: readonly Check[] = [
  ...forBoth,
  podsReady,
  registered,
  noRollout,
  noVoters,
  racksLeft,
  factorsKept,
  volumesKept,
];

export function examineScale(checks: readonly Check[], examination: ScaleExamination): readonly Precondition[] {
  return checks.flatMap((check) => check(examination) ?? []);
}

function sizeTaken({ refusal, group, to }: ScaleExamination): Precondition {
  const id = { id: 'size', title: 'The server would take the new size' };
  const { name } = group.workload.meta;
  if (refusal === undefined)
    return { ...id, state: 'holds', evidence: [`${name} with ${to} replicas: tried without effect`] };
  return {
    ...id,
    state: 'fails',
    evidence: [refusal],
    fix: 'Ask for the right to patch StatefulSets, or see what refuses it.',
  };
}

function sizeIsOurs({ room, keepers, group }: ScaleExamination): Precondition {
  const id = { id: 'size-owner', title: 'Nobody else sets the size' };
  const { name } = group.workload.meta;
  const autoscalers = (room.autoscalers ?? []).map(
    (one) => `HorizontalPodAutoscaler ${one} sets the size of ${name} by itself`,
  );
  if (autoscalers.length > 0)
    return {
      ...id,
      state: 'fails',
      evidence: autoscalers,
      fix: 'Change its limits instead, or take it away: it knows nothing of what brokers hold.',
    };
  const evidence = keeperSentences(keepers, name);
  const fix = 'Write the new size where it comes from as well, and pause its synchronisation until then.';
  if (evidence.length > 0)
    return { ...id, state: keepers.some(({ when }) => when === 'at once') ? 'consent' : 'warns', evidence, fix };
  if (room.autoscalers === undefined)
    return { ...id, state: 'unknown', evidence: ['HorizontalPodAutoscalers may not be listed'] };
  return { ...id, state: 'holds', evidence: [`No autoscaler is about ${name}, and no other manager has its size`] };
}

function numbersKnown({ places, group }: ScaleExamination): Precondition | undefined {
  if (places.every(({ nodeId }) => nodeId >= 0)) {
    const evidence = [places.map(({ pod, nodeId }) => `${pod} is broker ${nodeId}`).join(', ')];
    return { id: 'numbers', title: 'It is known which brokers they are', state: 'holds', evidence };
  }
  const evidence = [`The numbers of the brokers of ${group.workload.meta.name} do not follow the ordinals of its pods`];
  return {
    id: 'numbers',
    title: 'It is known which brokers they are',
    state: 'fails',
    evidence,
    fix: 'Ask the cluster again, or scale it by hand.',
  };
}

function podsReady({ data, now, places }: ScaleExamination): Precondition {
  const id = { id: 'pods', title: 'Every other pod is ready' };
  const others = data.members.filter(({ name }) => places.every(({ pod }) => pod !== name));
  const unready = others.filter(({ pod }) => pod?.isReady !== true || pod.meta.deletedAt !== undefined);
  if (unready.length === 0)
    return { ...id, state: 'holds', evidence: [`${others.length} of ${others.length} are ready`] };
  const evidence = unready.map(
    ({ name, pod }) => `${name} ${(pod && podTrouble(pod, now)?.sentence) ?? 'is not there'}`,
  );
  return { ...id, state: 'fails', evidence, fix: 'Repair them first.' };
}

/** One that goes need not be there: it may be the one that did not start. */
function registered({ data, state, places }: ScaleExamination): Precondition {
  const id = { id: 'registered', title: 'Every broker is registered and not fenced' };
  const brokers = data.members.filter(
    ({ role, name }) => role !== 'controller' && places.every(({ pod }) => pod !== name),
  );
  const absent = brokers.filter(({ index }) => index === undefined || !state.brokers.includes(index));
  if (absent.length === 0)
    return { ...id, state: 'holds', evidence: [`${brokers.length} brokers: ${state.brokers.join(', ')}`] };
  const evidence = [`Not among the live brokers: ${absent.map(({ name }) => name).join(', ')}`];
  return { ...id, state: 'fails', evidence, fix: 'Bring them back first.' };
}

function noRollout({ isSettled, group }: ScaleExamination): Precondition {
  const id = { id: 'rollout', title: 'No rollout is under way' };
  if (isSettled)
    return { ...id, state: 'holds', evidence: [`The pods of ${group.workload.meta.name} have its newest template`] };
  const evidence = [`${group.workload.meta.name} is being rolled out by its controller`];
  return { ...id, state: 'fails', evidence, fix: 'Wait until it is over.' };
}

const VOTERS = 'controller.quorum.voters';

/** With a list of voters in every node's settings, a controller that is not in it and those that do not have it do not fit together. */
function onlyBrokers({ group, settings, state }: ScaleExamination): Precondition {
  const id = { id: 'role', title: 'The new nodes are brokers only' };
  if (!group.isCombined)
    return { ...id, state: 'holds', evidence: [`${group.workload.meta.name} runs no controllers`] };
  const { name } = group.workload.meta;
  const voters = settings.get(VOTERS);
  const isDynamic = settings.get('controller.quorum.bootstrap.servers') !== undefined && voters === undefined;
  if (isDynamic && state.quorum) {
    const evidence = [
      `The pods of ${name} are controllers too; new ones follow the quorum and are no voters until somebody adds them`,
    ];
    return { ...id, state: 'consent', evidence, fix: 'Agree to it, or run brokers in a StatefulSet of their own.' };
  }
  const why =
    voters === undefined
      ? 'and it is not known whether the voters are a fixed list'
      : `and ${VOTERS} is the fixed list ${voters}`;
  const evidence = [`The pods of ${name} are controllers too, ${why}`];
  return { ...id, state: 'fails', evidence, fix: 'Run the new brokers in a StatefulSet of their own.' };
}

function numbersFree({ places, data, group }: ScaleExamination): Precondition | undefined {
  const others = data.members.filter((member) => !group.members.includes(member));
  const taken = others.filter(({ index }) => index !== undefined && places.some(({ nodeId }) => nodeId === index));
  if (taken.length === 0) return undefined;
  const evidence = taken.map(({ name, index }) => `${name} is node ${index} already`);
  const fix = 'Give this StatefulSet numbers of its own.';
  return { id: 'numbers-free', title: 'The numbers of the new nodes are free', state: 'fails', evidence, fix };
}

function storageThere({ room, group }: ScaleExamination): Precondition {
  const id = { id: 'storage', title: 'There is a storage class for the new volumes' };
  if (group.workload.claimTemplates.length === 0) {
    const evidence = ['The pods have no volumes of their own: a broker comes back empty'];
    return { ...id, state: 'consent', evidence, fix: 'Give the StatefulSet volumeClaimTemplates.' };
  }
  if (room.storage === undefined) return { ...id, state: 'unknown', evidence: ['Storage classes may not be listed'] };
  if (room.storage.length === 0) return { ...id, state: 'holds', evidence: ['Every claim has one'] };
  return { ...id, state: 'fails', evidence: room.storage, fix: 'Make it first.' };
}

/** A volume that is left of an earlier broker has its data and its identity. */
function claimsNew({ room }: ScaleExamination): Precondition | undefined {
  if (room.claims.length === 0) return undefined;
  const evidence = room.claims.map((name) => `PersistentVolumeClaim ${name} is left of an earlier broker`);
  const fix = 'Delete it first for a broker that begins empty; one of another cluster does not start with it.';
  return { id: 'old-volumes', title: 'The new brokers begin with empty volumes', state: 'warns', evidence, fix };
}

function withinQuota({ room }: ScaleExamination): Precondition {
  const id = { id: 'quota', title: 'The quotas of the namespace have room' };
  if (room.quotas === undefined) return { ...id, state: 'unknown', evidence: ['Quotas may not be listed'] };
  if (room.quotas.length === 0) return { ...id, state: 'holds', evidence: ['None keeps the pods from being made'] };
  return { ...id, state: 'fails', evidence: room.quotas, fix: 'Ask for more, or scale up by less.' };
}

function nodesThere({ room, to, group }: ScaleExamination): Precondition {
  const id = { id: 'nodes', title: 'Kubernetes nodes could take the pods' };
  const { nodes, most } = room;
  if (nodes === undefined) return { ...id, state: 'unknown', evidence: ['Nodes may not be listed'] };
  if (most && most.pods < to) {
    const evidence = [`${group.workload.meta.name} can have ${most.pods} pods at most: ${most.because}`];
    return { ...id, state: 'fails', evidence, fix: 'Add Kubernetes nodes first.' };
  }
  if (nodes.length === 0)
    return { ...id, state: 'fails', evidence: ['None is ready and takes them'], fix: 'Add Kubernetes nodes first.' };
  return {
    ...id,
    state: 'holds',
    evidence: [`${nodes.length} are ready and take them; whether they have the memory shows when the pods are made`],
  };
}

function racksEven({ racks, state, places }: ScaleExamination): Precondition | undefined {
  const names = new Set(racks.values());
  if (names.size < 2) return undefined;
  const count = state.brokers.length + places.length;
  if (count % names.size === 0) return undefined;
  const evidence = [
    `${count} brokers cannot be spread evenly over ${names.size} racks (${[...names].toSorted().join(', ')})`,
  ];
  const fix = `Add as many that it is a multiple of ${names.size}.`;
  return { id: 'racks', title: 'Racks stay even', state: 'warns', evidence, fix };
}

function templateSame({ hasPendingTemplate, group }: ScaleExamination): Precondition | undefined {
  if (!hasPendingTemplate) return undefined;
  const evidence = [
    `${group.workload.meta.name} has a new template, which the new pods take and the others do not have yet`,
  ];
  return {
    id: 'template',
    title: 'New pods are as the others',
    state: 'warns',
    evidence,
    fix: 'Restart those that are pending first.',
  };
}

function noVoters({ state, places }: ScaleExamination): Precondition {
  const id = { id: 'voters', title: 'None of them is a voter of the controller quorum' };
  if (!state.quorum) return { ...id, state: 'holds', evidence: ['The controllers are in ZooKeeper'] };
  const voters = places.filter(({ nodeId }) => state.quorum?.voters.some((one) => one.id === nodeId) === true);
  if (voters.length === 0) return { ...id, state: 'holds', evidence: [`${state.quorum.voters.length} voters stay`] };
  const evidence = voters.map(({ pod, nodeId }) => `${pod} is the voter ${nodeId}`);
  return {
    ...id,
    state: 'fails',
    evidence,
    fix: 'Take it out of the quorum first, which is possible with a dynamic quorum only.',
  };
}

/** With fewer racks than min ISR and one, the loss of one rack stops writes. */
function racksLeft({ racks, state, places }: ScaleExamination): Precondition | undefined {
  const before = new Set(racks.values());
  if (before.size < 2) return undefined;
  const leaving = new Set(places.map(({ nodeId }) => nodeId));
  const after = new Set([...racks].filter(([id]) => !leaving.has(id)).map(([, rack]) => rack));
  const needed = Math.max(0, ...state.partitions.map(({ minIsr }) => minIsr ?? 0)) + 1;
  const id = { id: 'racks', title: 'Enough racks are left' };
  const evidence = [
    `${after.size} of ${before.size} racks are left, and min.insync.replicas wants ${needed - 1} and one to lose`,
  ];
  if (after.size >= needed || after.size === before.size) return { ...id, state: 'holds', evidence };
  return { ...id, state: 'fails', evidence, fix: 'Keep brokers in every rack.' };
}

const FACTORS = [
  'default.replication.factor',
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
];
/** What scaling asks the brokers for. */
export const SETTINGS_TO_READ: readonly string[] = [...FACTORS, VOTERS, 'controller.quorum.bootstrap.servers'];

/** Topics that are made later need as many brokers as well. */
function factorsKept({ settings, state, places }: ScaleExamination): Precondition | undefined {
  const left = state.brokers.filter((id) => places.every(({ nodeId }) => nodeId !== id)).length;
  const above = FACTORS.filter((name) => Number(settings.get(name) ?? 0) > left);
  if (above.length === 0) return undefined;
  const evidence = above.map(
    (name) => `${name} is ${settings.get(name)}, and ${left} brokers are left: new topics could not be made`,
  );
  return {
    id: 'factors',
    title: 'New topics find enough brokers',
    state: 'fails',
    evidence,
    fix: 'Lower it first, or keep more brokers.',
  };
}

function volumesKept({ losesClaims, group, places }: ScaleExamination): Precondition {
  const id = { id: 'volumes', title: 'The volumes are kept' };
  if (!losesClaims)
    return {
      ...id,
      state: 'holds',
      evidence: [`The claims of ${places.map(({ pod }) => pod).join(', ')} stay where they are`],
    };
  const evidence = [
    `${group.workload.meta.name} deletes claims when it gets smaller (persistentVolumeClaimRetentionPolicy)`,
  ];
  return {
    ...id,
    state: 'consent',
    evidence,
    fix: 'Agree to it: the brokers hold nothing by then; or set whenScaled to Retain.',
  };
}
