import type { Precondition } from '#core/operations/model.ts';
import type { KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import { fileValue, entryText, type BrokerSettings } from '#core/systems/kafka/operations/configure/brokerSettings.ts';
import { delicacyOf } from '#core/systems/kafka/operations/configure/delicateSettings.ts';
import type { FoundPlaces, PlacedWish } from '#core/systems/kafka/operations/configure/findPlaces.ts';
import type { Findings, FoundEffect } from '#core/systems/kafka/operations/configure/findEffects.ts';
import { isSameValue } from '#core/systems/kafka/operations/configure/settingTexts.ts';
import { rightsToKeep } from '#core/systems/kafka/operations/restartChecks.ts';
import { keeperSentences } from '#core/operations/keepers.ts';

export interface ConfigureExamination extends Findings {
  readonly state: KafkaState;
  /** Brokers the wish is about. */
  readonly wanted: readonly number[];
  /** Undefined when nothing has to be written. */
  readonly places: FoundPlaces | undefined;
  readonly missingRights: readonly string[];
}

type Check = (examination: ConfigureExamination) => Precondition | undefined;

/** In the order in which they are shown; what a check has nothing to say about is left out. */
const checks: readonly Check[] = [
  rightsToKeep,
  brokersTell,
  settingsChange,
  settingsRefused,
  settingsUnknown,
  settingsDelicate,
  ownValues,
  fileSaysOther,
  placesKnown,
  placesTaken,
  templatesTaken,
  keptElsewhere,
  controllersToo,
  sumsInTemplate,
  nobodyReloads,
];

export function examineConfigure(examination: ConfigureExamination): readonly Precondition[] {
  return checks.flatMap((check) => check(examination) ?? []);
}

function brokersTell({ wanted, silent, state, effects }: ConfigureExamination): Precondition {
  const id = { id: 'registered', title: 'Every broker is registered and tells its settings' };
  const absent = wanted.filter((broker) => !state.brokers.includes(broker));
  const evidence = [
    ...absent.map((broker) => `Broker ${broker} is not among the live ones`),
    ...silent.map(({ nodeId, reason }) => `Broker ${nodeId} does not tell: ${reason}`),
  ];
  if (evidence.length === 0)
    return { ...id, state: 'holds', evidence: [`${wanted.length} brokers: ${wanted.join(', ')}`] };
  // One that is down may need just this change; a restart deals with it first.
  const isOnlyRestart = effects.every(({ effect }) => effect.kind !== 'dynamic');
  const isOne = new Set([...absent, ...silent.map(({ nodeId }) => nodeId)]).size === 1;
  if (isOnlyRestart && isOne) return { ...id, state: 'warns', evidence, fix: 'It is dealt with first.' };
  return { ...id, state: 'fails', evidence, fix: 'Repair it first: what it does not tell cannot be verified.' };
}

function settingsChange({ effects, brokers }: ConfigureExamination): Precondition {
  const id = { id: 'settings', title: 'What changes, and when it takes effect' };
  return { ...id, state: 'holds', evidence: effects.flatMap((found) => sentenceOf(found, brokers)) };
}

function sentenceOf({ wish, effect }: FoundEffect, brokers: readonly BrokerSettings[]): readonly string[] {
  const { name, value } = wish;
  const goal = value === null ? 'is taken away' : `becomes ${value}`;
  const now = valuesNow(name, brokers);
  if (effect.kind === 'nothing') return [`${name} stays as it is: ${effect.why}`];
  if (effect.kind === 'restart') return [`${name} ${goal} once brokers are restarted; ${now}`];
  if (effect.kind !== 'dynamic') return [];
  const [first] = effect.changes;
  const scope =
    first?.place === 'all'
      ? 'for all brokers'
      : `for broker ${[...new Set(effect.changes.map(({ place }) => place))].join(', ')}`;
  const stages = first && first.stages.length > 1 ? `, by way of ${first.stages.slice(0, -1).join(', ')}` : '';
  return [`${name} ${goal} at once ${scope}${stages}; ${now}`];
}

/** `broker 0, 1 and 2 have 8 (the default)`, by value. */
function valuesNow(name: string, brokers: readonly BrokerSettings[]): string {
  const groups = new Map<string, number[]>();
  for (const { nodeId, entries } of brokers) {
    const entry = entries.get(name);
    const text = entry ? entryText(entry) : 'not known';
    groups.set(text, [...(groups.get(text) ?? []), nodeId]);
  }
  const texts = [...groups].map(([text, ids]) => (groups.size === 1 ? text : `broker ${ids.join(', ')}: ${text}`));
  return `now ${texts.join('; ')}`;
}

function settingsRefused({ effects }: ConfigureExamination): Precondition | undefined {
  const refused = effects.flatMap(({ wish, effect }) =>
    effect.kind === 'refused' ? [{ name: wish.name, effect }] : [],
  );
  if (refused.length === 0) return undefined;
  return {
    id: 'refused',
    title: 'Every setting may be changed so',
    state: 'fails',
    evidence: refused.map(({ name, effect }) => `${name} ${effect.why}`),
    fix: [...new Set(refused.map(({ effect }) => effect.fix))].join(' '),
  };
}

function settingsUnknown({ effects }: ConfigureExamination): Precondition | undefined {
  const unknown = effects.filter(({ effect }) => effect.kind === 'unknown').map(({ wish }) => wish.name);
  if (unknown.length === 0) return undefined;
  return {
    id: 'unknown',
    title: 'The brokers know every setting',
    state: 'consent',
    evidence: [
      `No broker knows ${unknown.join(', ')}; only a plug-in could, once it is written and brokers are restarted`,
    ],
    fix: 'Compare the names with the documentation, and agree to it.',
  };
}

function settingsDelicate({ effects }: ConfigureExamination): Precondition | undefined {
  const delicate = effects.flatMap(({ wish, effect }) => {
    const found = effect.kind === 'nothing' || effect.kind === 'refused' ? undefined : delicacyOf(wish.name);
    return found?.verdict === 'consent' ? [{ name: wish.name, found }] : [];
  });
  if (delicate.length === 0) return undefined;
  return {
    id: 'delicate',
    title: 'Nobody is locked out and nothing is lost',
    state: 'consent',
    evidence: delicate.map(({ name, found }) => `${name} ${found.why}`),
    fix: [...new Set(delicate.map(({ found }) => found.fix))].join(' '),
  };
}

function ownValues({ effects }: ConfigureExamination): Precondition | undefined {
  const evidence = effects.flatMap(({ wish, effect }) => {
    if (wish.broker !== undefined || effect.kind !== 'dynamic') return [];
    const taken = effect.changes.filter(
      ({ place, stages, before }) => place !== 'all' && stages.at(-1) === null && before !== undefined,
    );
    return taken.map(
      ({ place, before }) => `Broker ${place} has ${wish.name}=${before} of its own, which is taken away`,
    );
  });
  if (evidence.length === 0) return undefined;
  const fix = 'Name the broker to change it for that one only.';
  return { id: 'own-values', title: 'No broker has a value of its own', state: 'warns', evidence, fix };
}

/** What is set at runtime wins over the file for ever, also over what somebody writes there later. */
function fileSaysOther({ effects, brokers }: ConfigureExamination): Precondition | undefined {
  const evidence = effects.flatMap(({ wish, effect }) => {
    if (effect.kind !== 'dynamic' || wish.value === null) return [];
    const files = brokers.map(({ entries }) => fileValue(entries.get(wish.name)));
    const others = new Set(
      files.filter((value) => value !== undefined && !isSameValue(value, wish.value ?? undefined)),
    );
    return others.size === 0
      ? []
      : [`The brokers' file says ${wish.name}=${[...others].join(' or ')}, which does not count from now on`];
  });
  if (evidence.length === 0) return undefined;
  const fix = 'Write it there too, so that both say the same, or take it away at runtime once it is written.';
  return { id: 'file', title: 'The file of the brokers says the same', state: 'warns', evidence, fix };
}

function placesKnown({ places }: ConfigureExamination): Precondition | undefined {
  const wrong = (places?.placed ?? []).filter(({ place }) => place.kind === 'fixed');
  if (wrong.length === 0) return undefined;
  return {
    id: 'places',
    title: 'It is known where the settings are written',
    state: 'fails',
    evidence: wrong.map(whyNot),
    fix: 'Change it where it comes from, and restart the brokers safely after that.',
  };
}

function whyNot({ wish, workload, place }: PlacedWish): string {
  return `${wish.name} of ${workload}: ${place.kind === 'fixed' ? place.why : ''}`;
}

/** With RollingUpdate the controller would restart the pods of a changed template at once, going by readiness alone. */
function templatesTaken({ places }: ConfigureExamination): Precondition | undefined {
  if (!places || places.templates.length === 0) return undefined;
  const id = { id: 'template-change', title: 'The pod template may be changed, and pods are restarted by us alone' };
  const refused = places.templates.filter(({ refusal }) => refusal !== undefined);
  if (refused.length > 0) {
    const evidence = refused.map(({ workload, refusal }) => `${workload}: ${refusal}`);
    return { ...id, state: 'fails', evidence, fix: 'Ask for the right to patch StatefulSets, or see what refuses it.' };
  }
  const evidence = places.templates.map(({ workload, strategy }) =>
    strategy.first.length === 0
      ? `${workload} is at OnDelete already; tried without effect`
      : `${workload} is at OnDelete from the first change to the last restart; tried without effect`,
  );
  return { ...id, state: 'holds', evidence };
}

function placesTaken({ places }: ConfigureExamination): Precondition | undefined {
  if (!places || places.changes.length === 0) return undefined;
  const id = { id: 'written', title: 'The server would take the changed ConfigMaps' };
  const refused = places.changes.filter(({ refusal }) => refusal !== undefined);
  if (refused.length === 0)
    return {
      ...id,
      state: 'holds',
      evidence: places.changes.map(({ configMap }) => `${configMap}: tried without effect`),
    };
  const evidence = refused.map(({ configMap, refusal }) => `${configMap}: ${refusal}`);
  return { ...id, state: 'fails', evidence, fix: 'Ask for the right, or see what refuses it.' };
}

function keptElsewhere({ places }: ConfigureExamination): Precondition | undefined {
  const kept = [
    ...(places?.changes ?? []).map(({ configMap, keepers }) => ({ what: `ConfigMap ${configMap}`, keepers })),
    ...(places?.templates ?? []).map(({ workload, keepers }) => ({ what: `StatefulSet ${workload}`, keepers })),
  ];
  const evidence = kept.flatMap(({ what, keepers }) => keeperSentences(keepers, what));
  if (evidence.length === 0) return undefined;
  const isAtOnce = kept.some(({ keepers }) => keepers.some(({ when }) => when === 'at once'));
  const fix = 'Make the same change where it comes from, and pause its synchronisation until the run is over.';
  return {
    id: 'kept',
    title: 'What is written is kept here only',
    state: isAtOnce ? 'consent' : 'warns',
    evidence,
    fix,
  };
}

/** What is set at runtime reaches them; what is read at the start does not. */
function controllersToo({ places }: ConfigureExamination): Precondition | undefined {
  if (!places || places.controllers.length === 0) return undefined;
  const evidence = places.controllers.map(
    (name) => `${name} runs controllers with settings of their own, which stay as they are`,
  );
  const fix = 'Write there as well what is about controllers.';
  return { id: 'controllers', title: 'Brokers and controllers agree', state: 'warns', evidence, fix };
}

function sumsInTemplate({ places }: ConfigureExamination): Precondition | undefined {
  if (!places || places.checksums.length === 0) return undefined;
  return {
    id: 'checksums',
    title: 'The template does not know what is in the ConfigMap',
    state: 'warns',
    evidence: places.checksums.map(
      (text) => `${text} stays as it is now; the next deployment that makes it anew restarts the pods by itself`,
    ),
    fix: 'Set updateStrategy to OnDelete before that deployment, and restart safely.',
  };
}

function nobodyReloads({ places }: ConfigureExamination): Precondition | undefined {
  if (!places || places.reloaded.length === 0) return undefined;
  return {
    id: 'reloader',
    title: 'Nobody restarts the pods when the ConfigMap changes',
    state: 'fails',
    evidence: places.reloaded.map(
      (name) => `Reloader would restart the pods of ${name} at once, whether or not the brokers are in sync`,
    ),
    fix: 'Take its annotation away first, or have it pause.',
  };
}
