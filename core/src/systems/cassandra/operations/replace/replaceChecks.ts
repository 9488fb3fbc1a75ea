import { sizeText } from '#core/live/sizes.ts';
import { keeperSentences } from '#core/operations/keepers.ts';
import type { Precondition } from '#core/operations/model.ts';
import { isRollingOut } from '#core/operations/statefulSetNow.ts';
import { lostBytes, type DeadCheck } from '#core/systems/cassandra/operations/replace/deadChecks.ts';
import { claimNames, isLast, isWanted } from '#core/systems/cassandra/operations/replace/examineDead.ts';
import { fewerRacks, tooFewNodes } from '#core/systems/cassandra/operations/scale/scaleDecisions.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';

/** Of a pod that is made anew. */
export const replaceChecks: readonly DeadCheck[] = [
  volumesOutlive,
  newVolumeLarge,
  isSentItsData,
  isToldWhom,
  templateOurs,
  noOtherTemplate,
  serverTakes,
  findsANode,
];

/** Of a node that does not come back. */
export const removeChecks: readonly DeadCheck[] = [podStaysAway, enoughNodes, enoughRacks, sizeOurs, serverTakes];

function volumesOutlive({ meant, claims }: Parameters<DeadCheck>[0]): Precondition {
  const id = { id: 'volumes', title: 'Its volume is its own, and is made anew' };
  const names = claimNames(meant);
  if (names.length === 0) {
    const evidence = [`${meant.workload?.meta.name ?? meant.pod} has no claim templates`];
    const fix = 'Data that goes with the pod is lost with every restart: move it to persistent volumes first.';
    return { ...id, state: 'fails', evidence, fix };
  }
  const told = claims.map(({ name, volume, size }) => {
    const which = volume === '' ? 'no volume yet' : volume;
    return `PersistentVolumeClaim ${name} (${which}${size === undefined ? '' : `, ${sizeText(size)}`}) is deleted, and made anew`;
  });
  return { ...id, state: 'holds', evidence: told.length === 0 ? [`${named(names)} is gone already`] : told };
}

function newVolumeLarge({ meant, set, reading }: Parameters<DeadCheck>[0]): Precondition {
  const id = { id: 'room', title: 'Its new volume has room for its data' };
  const local = reading.ring.nodes.filter(({ datacenter }) => datacenter === meant.node.datacenter);
  const bytes = lostBytes(meant.node, local);
  const size = set?.newSize;
  if (bytes === undefined || size === undefined)
    return { ...id, state: 'unknown', evidence: ['How much it held, or how large its volume will be, is not known'] };
  const evidence = [`it held about ${sizeText(bytes)}, and its volume will have ${sizeText(size)}`];
  if (bytes > size) return { ...id, state: 'fails', evidence, fix: 'Ask for more in the claim template first.' };
  return bytes * 2 > size ? { ...id, state: 'warns', evidence } : { ...id, state: 'holds', evidence };
}

/** A seed, and a node without auto_bootstrap, takes the tokens and gets no data: reads miss rows without a word. */
function isSentItsData({ set, meant }: Parameters<DeadCheck>[0]): Precondition {
  const id = { id: 'bootstrap', title: 'It is sent its data before it serves' };
  const doubts = set?.boot?.bootstrap ?? [];
  const seeds = set?.boot?.seeds ?? '';
  const instead =
    seeds === '' ? [] : [`${meant.pod} would find itself among its seeds; it starts with ${seeds} instead`];
  if (doubts.length === 0) {
    const usual = ['It is none of its own seeds, and auto_bootstrap is not turned off'];
    return { ...id, state: 'holds', evidence: seeds === '' ? usual : instead };
  }
  const evidence = [...instead, ...doubts.map(({ text }) => text)];
  const fix =
    'A node that is its own seed, or does not bootstrap, takes over the tokens and gets no data: take it out of the seeds, or agree and repair it after.';
  return { ...id, state: doubts.some(({ isSure }) => isSure) ? 'fails' : 'consent', evidence, fix };
}

function isToldWhom({ set, meant }: Parameters<DeadCheck>[0]): Precondition {
  const id = { id: 'option', title: 'Its process can be told whom it replaces' };
  const boot = set?.boot;
  if (!boot) {
    const evidence = [`The container of ${meant.pod} is not in the template of its StatefulSet`];
    return { ...id, state: 'fails', evidence, fix: 'Look at the template.' };
  }
  if (meant.node.addresses.length !== 1) {
    const evidence = [
      `The others know it under ${meant.node.addresses.length} addresses: ${meant.node.addresses.join(', ')}`,
    ];
    return { ...id, state: 'fails', evidence, fix: 'Wait until they agree.' };
  }
  const told = boot.wanted.map(({ variable, value }) => `${variable}=${value ?? ''}`);
  if (boot.refusals.length > 0) {
    const fix = 'Write it into the template as a literal value, or take the other option out.';
    return { ...id, state: 'fails', evidence: boot.refusals, fix };
  }
  if (boot.doubts.length === 0) return { ...id, state: 'holds', evidence: told };
  const fix = 'Without it the pod joins as another node, and the dead one has to be removed. See what the image reads.';
  return { ...id, state: 'consent', evidence: [...told, ...boot.doubts], fix };
}

function templateOurs({ set, meant }: Parameters<DeadCheck>[0]): Precondition {
  const name = meant.workload?.meta.name ?? '';
  const id = { id: 'keepers', title: 'Nobody else keeps the template' };
  const keepers = set?.keepers ?? [];
  const tools = (set?.now.gitOps ?? []).filter((who) => keepers.every((one) => one.who !== who));
  const evidence = [
    ...keeperSentences(keepers, `the template of ${name}`),
    ...keeperSentences(
      tools.map((who) => ({ who, when: 'at once' as const })),
      name,
    ),
  ];
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: ['No deployment tool'] };
  const isAtOnce = tools.length > 0 || keepers.some(({ when, isGuess }) => when === 'at once' && isGuess !== true);
  const fix = isAtOnce
    ? 'Pause its synchronisation until the run is over: it would take the option out, and let the controller restart nodes by itself.'
    : 'Deploy nothing there until the run is over.';
  return { ...id, state: isAtOnce ? 'fails' : 'consent', evidence, fix };
}

/** The controller has to be still before it is held, and whoever is made anew gets the newest template. */
function noOtherTemplate({ set, meant }: Parameters<DeadCheck>[0]): Precondition {
  const id = { id: 'template', title: 'No other change of the template is pending' };
  if (!set) return { ...id, state: 'unknown', evidence: ['It has no StatefulSet'] };
  const { name } = set.now.workload.meta;
  if (isRollingOut(set.now.workload) && set.now.older.some((pod) => pod !== meant.pod))
    return { ...id, state: 'fails', evidence: [`${name} replaces pods`], fix: 'Wait until it is over.' };
  const older = set.now.older.filter((pod) => pod !== meant.pod);
  if (older.length === 0) return { ...id, state: 'holds', evidence: [`Every other pod has the template of ${name}`] };
  const evidence = [`${named(older)} are of an older template; ${meant.pod} comes back with the newest one`];
  return { ...id, state: 'consent', evidence, fix: 'Look at what changed, and agree to it.' };
}

function serverTakes({ set, wish, meant }: Parameters<DeadCheck>[0]): Precondition | undefined {
  if (!set || (wish.how === 'remove' && !isWanted(meant))) return undefined;
  const id = { id: 'server', title: 'The server takes what is to be written' };
  if (set.refusal === undefined) return { ...id, state: 'holds', evidence: ['Tried without effect'] };
  return { ...id, state: 'fails', evidence: [set.refusal], fix: 'Ask for the right, or see what refuses it.' };
}

function findsANode({ set }: Parameters<DeadCheck>[0]): Precondition {
  const id = { id: 'placement', title: 'A Kubernetes node takes the pod, and a volume can be made' };
  const { nodes, quotas, storage } = set?.room ?? {};
  const against = [...(nodes?.length === 0 ? ['No node is ready and takes it'] : []), ...(quotas ?? [])];
  if (against.length > 0) return { ...id, state: 'fails', evidence: against, fix: 'Make room first.' };
  const fix = 'Have a volume ready for its claim: none is made for it by itself.';
  if (storage !== undefined && storage.length > 0) return { ...id, state: 'warns', evidence: storage, fix };
  if (!nodes) return { ...id, state: 'unknown', evidence: ['Nodes may not be listed'] };
  return { ...id, state: 'holds', evidence: [`${nodes.length} nodes are ready and take it`] };
}

function podStaysAway({ meant, set }: Parameters<DeadCheck>[0]): Precondition {
  const id = { id: 'pod', title: 'Its pod does not come back' };
  const name = meant.workload?.meta.name ?? '';
  if (!isWanted(meant)) {
    const evidence = [meant.pod === '' ? 'It belongs to no pod' : `${name || 'Nothing'} makes no pod ${meant.pod}`];
    return { ...id, state: 'holds', evidence };
  }
  if (isLast(meant) && set)
    return {
      ...id,
      state: 'holds',
      evidence: [`${meant.pod} is the last pod of ${name}, which is made smaller by it first`],
    };
  const evidence = [`${name} makes ${meant.pod} again, and it is not its last pod`];
  return { ...id, state: 'fails', evidence, fix: 'Replace it instead.' };
}

function enoughNodes({ meant, reading }: Parameters<DeadCheck>[0]): Precondition {
  const id = { id: 'replication', title: 'Enough nodes are left for the replicas of every keyspace' };
  const left = reading.ring.nodes.filter(({ hostId }) => hostId !== meant.node.hostId);
  if (!reading.keyspaces) return { ...id, state: 'unknown', evidence: ['Versions before 4.0 do not tell'] };
  const wide = tooFewNodes(reading.keyspaces, left);
  if (wide.length === 0) return { ...id, state: 'holds', evidence: [`${left.length} nodes are left`] };
  const fix =
    'Replace it instead, or agree: removal does not refuse, and the next node that goes takes the QUORUM with it.';
  return { ...id, state: 'consent', evidence: wide.slice(0, 8), fix };
}

function enoughRacks({ meant, reading }: Parameters<DeadCheck>[0]): Precondition | undefined {
  const left = reading.ring.nodes.filter(({ hostId }) => hostId !== meant.node.hostId);
  const evidence = fewerRacks(reading.keyspaces ?? [], reading.ring.nodes, left);
  if (evidence.length === 0) return undefined;
  const fix =
    'Two replicas of a row would be in one rack, and its loss takes both. Replace it instead, or agree to it.';
  return { id: 'racks', title: 'Enough racks are left', state: 'consent', evidence: evidence.slice(0, 6), fix };
}

function sizeOurs({ meant, set }: Parameters<DeadCheck>[0]): Precondition | undefined {
  if (!set || !isWanted(meant)) return undefined;
  const { name } = set.now.workload.meta;
  const id = { id: 'keepers', title: 'Nobody else keeps the size' };
  const autoscalers = (set.room.autoscalers ?? []).map((one) => `HorizontalPodAutoscaler ${one} sets it`);
  const evidence = [...autoscalers, ...keeperSentences(set.keepers, `the size of ${name}`)];
  if (evidence.length === 0)
    return { ...id, state: 'holds', evidence: ['Neither an autoscaler nor a deployment tool'] };
  const isAtOnce = autoscalers.length > 0 || set.keepers.some(({ when }) => when === 'at once');
  return { ...id, state: isAtOnce ? 'fails' : 'consent', evidence, fix: 'Change it there as well.' };
}
