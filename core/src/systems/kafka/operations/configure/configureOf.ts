import type { Plan } from '#core/operations/model.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import { readValues } from '#core/systems/kafka/operations/configure/changeLists.ts';
import { SET, TEMPLATE, WRITE } from '#core/systems/kafka/operations/configure/configureSteps.ts';
import { RestartWith } from '#core/systems/kafka/operations/configure/restartWith.ts';
import { BEFORE, SetSettings, WANTED } from '#core/systems/kafka/operations/configure/setSettings.ts';
import { TemplateStep } from '#core/systems/kafka/operations/configure/templateStep.ts';
import { WriteSettings } from '#core/systems/kafka/operations/configure/writeSettings.ts';
import { HELD_RESTART, HeldRestart } from '#core/operations/heldRestart.ts';
import { otherKubernetes } from '#core/systems/kafka/operations/kafkaIdentity.ts';
import type { KafkaUndertakingPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { kafkaRestartOf, RESTART } from '#core/systems/kafka/operations/restartOf.ts';
import { updateStrategyKinds } from '#core/operations/updateStrategy.ts';
import { numbersIn } from '#core/operations/stepParameters.ts';

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
