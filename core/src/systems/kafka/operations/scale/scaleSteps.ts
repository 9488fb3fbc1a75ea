import type { PlannedStep } from '#core/operations/model.ts';
import { KIND } from '#core/operations/stepKinds.ts';
import { SHRINK } from '#core/systems/kafka/operations/scale/beforeShrink.ts';
import { claimsOf, type Place, type ScaleGroup } from '#core/systems/kafka/operations/scale/scaleGroup.ts';

export const GROW = 'grow';
export const UNREGISTER = 'unregister';

const POD_MS = 45_000;
const SHRINK_MS = 60_000;
const UNREGISTER_MS = 3000;

export function growStep({ workload }: ScaleGroup, from: number, places: readonly Place[]): PlannedStep {
  const { name, uid } = workload.meta;
  const to = from + places.length;
  const pods = places.map(({ pod }) => pod);
  return {
    id: `grow-${name}`,
    title: `Add ${pods.join(', ')} (broker ${places.map(({ nodeId }) => nodeId).join(', ')})`,
    gate: `${name} has ${from} replicas and no rollout is under way, every other pod is ready and every other broker registered`,
    effect: `${name} gets ${to} replicas; the new brokers hold nothing, and nothing is moved to them`,
    done: 'every new pod is ready and its broker registered and not fenced',
    undo: 'cancelled meanwhile, the size of before is set again unless a partition was placed there; afterwards scale down',
    expectedMs: POD_MS,
    parameters: {
      [KIND]: GROW,
      workload: name,
      uid,
      from,
      to,
      pods,
      nodeIds: places.map(({ nodeId }) => nodeId),
    },
  };
}

/** The highest ordinal first, each on its own. */
export function shrinkSteps(
  group: ScaleGroup,
  from: number,
  places: readonly Place[],
  options: { readonly hasQuorum: boolean },
): readonly PlannedStep[] {
  return places
    .toReversed()
    .flatMap((place, index) => [
      shrinkStep(group, from - index, place),
      ...(options.hasQuorum ? [unregisterStep(place)] : []),
    ]);
}

function shrinkStep(group: ScaleGroup, from: number, { pod, nodeId }: Place): PlannedStep {
  const { name, uid } = group.workload.meta;
  return {
    id: `shrink-${pod}`,
    title: `Take ${pod} away (broker ${nodeId})`,
    member: pod,
    gate: `broker ${nodeId} has held nothing for 30 s, by Metadata and on its disks, and every other broker is there`,
    effect: `${name} gets ${from - 1} replicas; ${pod} ends and its volume is kept`,
    done: `${pod} is gone`,
    undo: `scale up again: ${pod} comes back with its volume`,
    expectedMs: SHRINK_MS,
    parameters: {
      [KIND]: SHRINK,
      workload: name,
      uid,
      from,
      to: from - 1,
      pod,
      nodeId,
      claims: claimsOf(group, pod),
    },
  };
}

function unregisterStep({ pod, nodeId }: Place): PlannedStep {
  return {
    id: `unregister-${nodeId}`,
    title: `Unregister broker ${nodeId}`,
    gate: `${pod} is gone and broker ${nodeId} is not among the live ones`,
    effect: `the controllers forget broker ${nodeId}; else it would stay as a fenced one`,
    done: `broker ${nodeId} is known to nobody`,
    undo: 'a broker of that number registers again when it starts',
    expectedMs: UNREGISTER_MS,
    parameters: { [KIND]: UNREGISTER, pod, nodeId },
  };
}
