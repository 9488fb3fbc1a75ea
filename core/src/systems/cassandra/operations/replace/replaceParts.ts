import type { PlannedStep } from '#core/operations/model.ts';
import type { VariableChange } from '#core/operations/podTemplate.ts';
import { textIn, textsIn, numberIn, type StepValues } from '#core/operations/stepParameters.ts';

/** What a step about a dead node says. */
export interface ReplaceParts {
  /** Empty for a node that belongs to no pod. */
  readonly pod: string;
  /** Its Host ID. */
  readonly dead: string;
  /** As the others know it. */
  readonly address: string;
  /** What has to be typed before the point of no return: its pod, or its Host ID. */
  readonly typed: string;
  readonly workload: string;
  readonly uid: string;
  readonly container: string;
  readonly claims: readonly string[];
  /** Variables of the container while the pod is made anew, and as they are otherwise. */
  readonly wanted: readonly VariableChange[];
  readonly before: readonly VariableChange[];
  /** `spec.replicas` before the step and after it, where it takes the pod away. */
  readonly from: number;
  readonly to: number;
  /** The step that is begun only once the node has joined. */
  readonly next: string;
  /** Other members. */
  readonly others: readonly string[];
  /** Keyspaces whose loss of QUORUM was agreed to. */
  readonly consented: readonly string[];
}

export function replacePartsOf({ parameters }: PlannedStep): ReplaceParts {
  const text = (name: string): string => textIn(parameters, name);
  return {
    pod: text('pod'),
    dead: text('dead'),
    address: text('address'),
    typed: text('typed'),
    workload: text('workload'),
    uid: text('uid'),
    container: text('container'),
    claims: textsIn(parameters, 'claims'),
    wanted: readChanges(parameters, 'wanted'),
    before: readChanges(parameters, 'before'),
    from: numberIn(parameters, 'from'),
    to: numberIn(parameters, 'to'),
    next: text('next'),
    others: textsIn(parameters, 'others'),
    consented: textsIn(parameters, 'consented'),
  };
}

/** `NAME=value`, or `NAME` alone for one that is not there. */
export function writeChanges(changes: readonly VariableChange[]): readonly string[] {
  return changes.map(({ variable, value }) => (value === null ? variable : `${variable}=${value}`));
}

function readChanges(values: StepValues, name: string): readonly VariableChange[] {
  return textsIn(values, name).map((text) => {
    const at = text.indexOf('=');
    return at < 0 ? { variable: text, value: null } : { variable: text.slice(0, at), value: text.slice(at + 1) };
  });
}
