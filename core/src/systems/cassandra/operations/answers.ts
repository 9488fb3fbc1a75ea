import type { Answer, PlannedStep } from '#core/operations/model.ts';

/** What a step says of its node. */
export interface NodeParameters {
  readonly pod: string;
  /** Uid of the pod when the plan was made. */
  readonly before: string;
  /** Empty when it was not known. */
  readonly hostId: string;
  readonly version: string;
}

export function parametersOf({ parameters }: PlannedStep): NodeParameters {
  return {
    pod: String(parameters['pod'] ?? ''),
    before: String(parameters['before'] ?? ''),
    hostId: String(parameters['hostId'] ?? ''),
    version: String(parameters['version'] ?? ''),
  };
}

export function waiting(waitingFor: string, measure: readonly (number | string)[], isNear: boolean): Answer {
  return { kind: 'wait', waitingFor, measure, isNear };
}
