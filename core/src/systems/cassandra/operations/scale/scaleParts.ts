import type { Answer, PlannedStep } from '#core/operations/model.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';
import { numberIn, textIn, textsIn } from '#core/operations/stepParameters.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { named, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { strangerIn } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { measureOf, reasonsToWait } from '#core/systems/cassandra/operations/tending/tendGate.ts';

/** What a step of scaling says. */
export interface ScaleParts {
  readonly workload: string;
  readonly uid: string;
  /** `spec.replicas` before the step and after it. */
  readonly from: number;
  readonly to: number;
  readonly pod: string;
  /** Of the node that goes; empty for one that comes. */
  readonly hostId: string;
  /** Every pod that has a node of the ring at the gate. */
  readonly present: readonly string[];
  /** Those of them that are still there when the whole plan is done. */
  readonly staying: readonly string[];
  readonly claims: readonly string[];
}

export function scalePartsOf({ parameters }: PlannedStep): ScaleParts {
  return {
    workload: textIn(parameters, 'workload'),
    uid: textIn(parameters, 'uid'),
    from: numberIn(parameters, 'from'),
    to: numberIn(parameters, 'to'),
    pod: textIn(parameters, 'pod'),
    hostId: textIn(parameters, 'hostId'),
    present: textsIn(parameters, 'present'),
    staying: textsIn(parameters, 'staying'),
    claims: textsIn(parameters, 'claims'),
  };
}

/** The ring is whole as far as the step counts on it: nothing is added to or taken from any other. */
export async function wholeRing(
  target: RingTarget,
  { pod: name, present }: Pick<ScaleParts, 'pod' | 'present'>,
  pods: FoundPods,
): Promise<{ readonly answer: Answer; readonly reading?: RingReading }> {
  const unready = present.filter((name) => {
    const pod = pods.of(name);
    return pod?.isReady !== true || pod.meta.deletedAt !== undefined;
  });
  if (unready.length > 0) return { answer: waiting(`${named(unready)} to be ready`, unready, false) };
  const reading = await target.ring.confirmed(pods, name);
  const stranger = strangerIn(target, reading);
  if (stranger) return { answer: stranger };
  const reasons = reasonsToWait(reading, present);
  if (reasons.length > 0)
    return { answer: waiting(`the ring: ${named(reasons)}`, [...reasons, ...measureOf(reading)], false) };
  const evidence = `every node sees the ${reading.ring.nodes.length} nodes up and normal, and nothing moves`;
  return { answer: { kind: 'yes', evidence }, reading };
}
