import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { KIND, ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';
import { readValues, type SettingValue } from '#core/systems/kafka/operations/configure/changeLists.ts';
import { SET, TEMPLATE, WRITE } from '#core/systems/kafka/operations/configure/configureSteps.ts';
import { RestartWith } from '#core/systems/kafka/operations/configure/restartWith.ts';
import { BEFORE, BROKER, SetSettings, WANTED } from '#core/systems/kafka/operations/configure/setSettings.ts';
import { TemplateStep } from '#core/systems/kafka/operations/configure/templateStep.ts';
import { WriteSettings } from '#core/systems/kafka/operations/configure/writeSettings.ts';
import { HELD_RESTART, HeldRestart } from '#core/operations/heldRestart.ts';
import { otherKubernetes } from '#core/systems/kafka/operations/kafkaIdentity.ts';
import type { KafkaUndertakingPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { kafkaRestartOf, RESTART } from '#core/systems/kafka/operations/restartOf.ts';
import { updateStrategyKinds } from '#core/operations/updateStrategy.ts';
import { numberIn, numbersIn, textsIn } from '#core/operations/stepParameters.ts';

/** The procedure of a plan that planConfigure.ts made, on whatever machine. */
export function kafkaConfigureOf(plan: Plan, ports: KafkaUndertakingPorts): Procedure {
  const { door, cluster } = ports;
  const { parameters, target } = plan;
  const brokers = numbersIn(parameters, 'brokers');
  const { namespace } = target;
  const restart = kafkaRestartOf(plan, ports);
  const values = { door, brokers, wanted: readValues(WANTED, parameters), before: readValues(BEFORE, parameters) };
  const kinds = {
    [SET]: new SetSettings({ door, kafkaClusterId: target.systemIdentity ?? '', brokers }),
    [WRITE]: new WriteSettings(cluster, namespace),
    [TEMPLATE]: new TemplateStep(cluster, namespace),
    [RESTART]: new RestartWith({ ...values, restart }),
    [HELD_RESTART]: new RestartWith({ ...values, restart: new HeldRestart({ cluster, namespace, restart }) }),
    ...updateStrategyKinds({ cluster, namespace }),
  };
  return new ProcedureOfKinds(kinds, () => otherKubernetes(cluster, target));
}

/**
 * What puts back what a run has changed: a wish for all brokers and one for each that had a value of its own, to be planned like any other.
 * Empty when it has changed nothing.
 */
export function wishesToUndo({ plan, steps }: RunRecord): readonly ConfigureWish[] {
  const wishes = new Map<number, Map<string, string | null>>();
  for (const step of plan.steps) {
    const record = steps.find(({ id }) => id === step.id);
    const kind = step.parameters[KIND];
    if (!record || record.phase === 'gate' || (kind !== SET && kind !== WRITE && kind !== TEMPLATE)) continue;
    const place = kind === SET ? numberIn(step.parameters, BROKER) : -1;
    const before = wishes.get(place) ?? new Map<string, string | null>();
    // Of a way in several steps the first tells what was before.
    for (const { name, value } of valuesBefore(record.memory)) if (!before.has(name)) before.set(name, value);
    wishes.set(place, before);
  }
  return [...wishes].flatMap(([place, settings]) => {
    const pod = textsIn(plan.parameters, 'nodes')[numbersIn(plan.parameters, 'nodeIds').indexOf(place)];
    if (settings.size === 0 || (place >= 0 && pod === undefined)) return [];
    const wish = { operation: 'configure', settings: Object.fromEntries(settings) } as const;
    return [pod === undefined ? wish : { ...wish, member: pod }];
  });
}

function valuesBefore(memory: RunRecord['steps'][number]['memory']): readonly SettingValue[] {
  return readValues(BEFORE, memory);
}
