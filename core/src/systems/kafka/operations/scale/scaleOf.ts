import type { Plan } from '#core/operations/model.ts';
import type { PlanFile } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { ProcedureOfKinds, type StepKind } from '#core/operations/stepKinds.ts';
import { otherKubernetes } from '#core/systems/kafka/operations/kafkaIdentity.ts';
import type { KafkaUndertakingPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { filesOfMoves, moveKindsOf } from '#core/systems/kafka/operations/moves/movesOf.ts';
import { BeforeShrink, SHRINK } from '#core/systems/kafka/operations/scale/beforeShrink.ts';
import { GrowStep } from '#core/systems/kafka/operations/scale/growStep.ts';
import { readScaledSet } from '#core/operations/scaledSet.ts';
import { GROW, UNREGISTER } from '#core/systems/kafka/operations/scale/scaleSteps.ts';
import { ShrinkStep } from '#core/systems/kafka/operations/scale/shrinkStep.ts';
import type { ScaleTarget } from '#core/systems/kafka/operations/scale/staying.ts';
import { UnregisterStep } from '#core/systems/kafka/operations/scale/unregister.ts';
import { numberIn, numbersIn, textIn, textsIn } from '#core/operations/stepParameters.ts';

/** The procedure of a plan that planScale.ts made, on whatever machine. */
export function kafkaScaleOf(plan: Plan, ports: KafkaUndertakingPorts): Procedure {
  const { cluster } = ports;
  const { parameters, target } = plan;
  const scale: ScaleTarget = {
    ...ports,
    namespace: target.namespace,
    kafkaClusterId: target.systemIdentity ?? '',
    staying: stayingOf(plan),
  };
  const workload = textIn(parameters, 'group');
  const from = numberIn(parameters, 'from');
  const hasShrunk = async (): Promise<boolean> =>
    (await readScaledSet(cluster, target.namespace, workload)).replicas < from;
  const moves = Object.entries(moveKindsOf(plan, ports)).map(([kind, step]): readonly [string, StepKind] => [
    kind,
    new BeforeShrink(step, hasShrunk, { outlives: kind === 'cordon' }),
  ]);
  const kinds = {
    ...(isDown(plan) ? Object.fromEntries(moves) : {}),
    [GROW]: new GrowStep(scale),
    [SHRINK]: new ShrinkStep(scale),
    [UNREGISTER]: new UnregisterStep(scale),
  };
  return new ProcedureOfKinds(kinds, () => otherKubernetes(cluster, target));
}

/** Of what is moved away before brokers go. */
export function filesOfScale(plan: Plan): readonly PlanFile[] {
  return filesOfMoves(plan);
}

const isDown = ({ parameters }: Plan): boolean => numberIn(parameters, 'to') < numberIn(parameters, 'from');

/** Neither those that come nor those that go. */
function stayingOf(plan: Plan): ScaleTarget['staying'] {
  const { parameters, steps } = plan;
  const ids = numbersIn(parameters, 'nodeIds');
  const brokers = new Set(numbersIn(parameters, 'brokers'));
  const added = steps.flatMap((step) =>
    step.parameters['kind'] === GROW ? numbersIn(step.parameters, 'nodeIds') : [],
  );
  const moving = new Set([...numbersIn(parameters, 'goes'), ...added]);
  return textsIn(parameters, 'nodes').flatMap((pod, index) => {
    const nodeId = ids[index] ?? -1;
    return moving.has(nodeId) ? [] : [{ pod, nodeId, isBroker: brokers.has(nodeId) }];
  });
}
