import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition, StepValue } from '#core/operations/model.ts';
import { missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';
import { readValues, writeValues } from '#core/systems/kafka/operations/configure/changeLists.ts';
import { examineConfigure } from '#core/systems/kafka/operations/configure/configureChecks.ts';
import {
  stepsAround,
  stepsToChangeTemplates,
  stepsToSet,
  stepsToWrite,
} from '#core/systems/kafka/operations/configure/configureSteps.ts';
import type { SettingWish } from '#core/systems/kafka/operations/configure/effects.ts';
import { findEffects, type Findings } from '#core/systems/kafka/operations/configure/findEffects.ts';
import { findPlaces, type FoundPlaces } from '#core/systems/kafka/operations/configure/findPlaces.ts';
import { BEFORE, WANTED } from '#core/systems/kafka/operations/configure/setSettings.ts';
import { readConfigureWish } from '#core/systems/kafka/operations/configure/wishOf.ts';
import type { KafkaPlanningPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { planKafkaRestart } from '#core/systems/kafka/operations/planRestart.ts';

const plainFlavours = new Set(['kubernetes', 'bitnami']);

/** Where operators read the settings of brokers, to be changed in their custom resource. */
const operatorPlaces: Readonly<Record<string, string>> = {
  strimzi:
    'spec.kafka.config of the Kafka resource; its operator sets what can be set at once and restarts for the rest',
  'confluent-for-kubernetes': 'spec.configOverrides.server of the Kafka resource',
  koperator: 'spec.readOnlyConfig and spec.clusterWideConfig of the KafkaCluster resource',
};

/** Why settings are not changed by us; undefined when a plan can be made. */
export function configureRefusal({ flavour, name }: DataCluster): string | undefined {
  if (plainFlavours.has(flavour)) return undefined;
  const place = operatorPlaces[flavour] ?? 'its custom resource';
  return `${name} is run by an operator (${flavour}), which puts back what is set behind its back. Write the settings into ${place}.`;
}

/**
 * A plan that changes settings of brokers, at once where they can and with a safe restart where they cannot.
 * @throws ClusterProblem when the brokers cannot be asked, when the wish makes no sense, or when nothing is to be done
 */
export async function planKafkaConfigure(wish: ConfigureWish, ports: KafkaPlanningPorts): Promise<Plan> {
  const { data, cluster, door, clock, id } = ports;
  const { wishes, brokers } = readConfigureWish(wish, data);
  const state = await door.state(undefined);
  const findings = oneBrokerOnly(await findEffects(door, wishes, brokers));
  const forRestart = findings.effects.filter(({ effect }) => effect.kind === 'restart' || effect.kind === 'unknown');
  const places =
    forRestart.length > 0
      ? await findPlaces(
          data,
          cluster,
          forRestart.map((one) => one.wish),
        )
      : undefined;
  const target = await targetOf(data, cluster, state.clusterId);
  const missingRights = await missingJournalRights(target, cluster);
  const own = examineConfigure({ ...findings, state, wanted: brokers, places, missingRights });
  const isWritten = places !== undefined && places.changes.length + places.templates.length > 0;
  const restart = isWritten ? await planRestartOf(places, ports) : undefined;
  const preconditions = [
    ...own,
    ...(restart?.preconditions ?? []).filter((one) => own.every((two) => two.id !== one.id)),
  ];
  const templates = places?.templates ?? [];
  const steps = [
    ...stepsToSet(findings.effects),
    ...stepsAround(restart?.steps ?? [], templates, [
      ...stepsToWrite(places?.changes ?? []),
      ...stepsToChangeTemplates(templates),
    ]),
  ];
  if (steps.length === 0 && !preconditions.some(({ state: found }) => found === 'fails'))
    throw new ClusterProblem('absent', `Nothing is to be done: ${whyNothing(own)}.`);
  return {
    format: 1,
    id,
    operation: 'configure',
    title: `Change settings of Kafka ${data.name}`,
    target,
    madeAt: clock.now(),
    parameters: parametersOf(data, restart, findings, places),
    preconditions,
    steps,
    risks: risksOf(steps, restart),
    needsTypedName: preconditions.some(({ state: found }) => found === 'consent'),
  };
}

/** What brokers read at their start is the same for all of them. */
function oneBrokerOnly(findings: Findings): Findings {
  const effects = findings.effects.map(({ wish, effect }) => {
    if (wish.broker === undefined || (effect.kind !== 'restart' && effect.kind !== 'unknown')) return { wish, effect };
    const why = 'takes effect at a restart only, and is written in one place for all brokers';
    return { wish, effect: { kind: 'refused', why, fix: 'Change it for all brokers.' } as const };
  });
  return { ...findings, effects };
}

function planRestartOf({ pods }: FoundPlaces, { data, ...ports }: KafkaPlanningPorts): Promise<Plan> {
  return planKafkaRestart(data, { operation: 'restart', level: 'fully replicated', only: pods }, ports);
}

function parametersOf(
  data: DataCluster,
  restart: Plan | undefined,
  { brokers }: Findings,
  places: FoundPlaces | undefined,
): Readonly<Record<string, StepValue>> {
  const members = data.members.filter(({ role }) => role !== 'controller');
  const written = uniqueWishes(places);
  const ran = written.map(({ name }) => ({
    name,
    value: brokers.flatMap(({ entries }) => entries.get(name)?.value ?? [])[0] ?? null,
  }));
  return {
    nodes: data.members.map(({ name }) => name),
    nodeIds: data.members.map(({ index }) => index ?? -1),
    brokers: members.map(({ index }) => index ?? -1),
    ...restart?.parameters,
    ...writeValues(WANTED, written),
    ...writeValues(BEFORE, ran),
  };
}

function uniqueWishes(places: FoundPlaces | undefined): readonly SettingWish[] {
  const wishes = places?.placed.map(({ wish }) => wish) ?? [];
  return wishes.filter(({ name }, index) => wishes.findIndex((one) => one.name === name) === index);
}

function whyNothing(preconditions: readonly Precondition[]): string {
  return preconditions.find(({ id }) => id === 'settings')?.evidence.join('; ') ?? 'no setting is to be changed';
}

function risksOf(steps: readonly PlannedStep[], restart: Plan | undefined): readonly string[] {
  const set = steps.filter(({ id }) => id.startsWith('set-'));
  const isSet = set.some(({ parameters }) => readValues(WANTED, parameters).some(({ value }) => value !== null));
  return [
    ...(isSet ? ['What is set at runtime wins over the file of the brokers until it is taken away again.'] : []),
    ...(restart
      ? [
          'A broker that does not start with the new settings ends the run there; the values of before are offered as a plan.',
          'A run that is cancelled between two restarts leaves brokers with the old and brokers with the new values.',
          ...restart.risks,
        ]
      : []),
  ];
}
