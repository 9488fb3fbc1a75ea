import type { PlannedStep } from '#core/operations/model.ts';
import { textIn, textsIn } from '#core/operations/stepParameters.ts';

/** A step that has an operator restart one rack. */
export interface RackStep {
  readonly id: string;
  /** As the operator calls it. */
  readonly rack: string;
  /** Empty where the resource is one datacenter. */
  readonly datacenter: string;
  /** Name and uid of its StatefulSet. */
  readonly workload: string;
  readonly workloadUid: string;
  readonly pods: readonly string[];
  /** Of the pods when the plan was made. */
  readonly uids: readonly string[];
}

export function rackStepOf({ id, parameters }: PlannedStep): RackStep {
  return {
    id,
    rack: textIn(parameters, 'rack'),
    datacenter: textIn(parameters, 'datacenter'),
    workload: textIn(parameters, 'workload'),
    workloadUid: textIn(parameters, 'workloadUid'),
    pods: textsIn(parameters, 'pods'),
    uids: textsIn(parameters, 'uids'),
  };
}

export const rackParameters = (rack: Omit<RackStep, 'id'>): PlannedStep['parameters'] => ({ ...rack });
