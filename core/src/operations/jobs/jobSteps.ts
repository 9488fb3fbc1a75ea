import type { JsonObject } from '#core/json.ts';
import { CREATE } from '#core/operations/jobs/createKind.ts';
import { DELETE } from '#core/operations/jobs/deleteKind.ts';
import { KEEP } from '#core/operations/jobs/keepKind.ts';
import { inverseOf, pathsOf } from '#core/operations/jobs/mergePatch.ts';
import { PATCH } from '#core/operations/jobs/patchKind.ts';
import type { PlannedStep } from '#core/operations/model.ts';
import { KIND } from '#core/operations/stepKinds.ts';

export interface PatchSketch {
  readonly id: string;
  readonly title: string;
  /** The object as the plan has seen it. */
  readonly object: JsonObject;
  /** RFC 7386. */
  readonly patch: JsonObject;
  /** Of JobPorts. */
  readonly goal: string;
  readonly effect: string;
  readonly done: string;
  readonly undo?: string;
  readonly expectedMs: number;
  readonly parameters?: PlannedStep['parameters'];
}

export function patchStep({ object, patch, goal, parameters = {}, ...words }: PatchSketch): PlannedStep {
  return {
    ...words,
    gate: `the operator is there, and ${pathsOf(patch).join(', ')} is as the plan has seen it`,
    parameters: {
      ...parameters,
      [KIND]: PATCH,
      patch: JSON.stringify(patch),
      before: JSON.stringify(inverseOf(object, patch)),
      goal,
    },
  };
}

/** The object goes for good. */
export function deleteStep(name: string, effect: string): PlannedStep {
  return {
    id: 'delete',
    title: `Delete ${name}`,
    gate: 'it is the object of the plan, and nobody has changed it since',
    effect,
    done: 'the object and its pods are gone',
    expectedMs: 45_000,
    parameters: { [KIND]: DELETE },
  };
}

export interface AnewSketch {
  /** `TFJob mnist`. */
  readonly name: string;
  /** A merge patch for what is made anew; as it is when empty. */
  readonly changes: JsonObject;
  readonly goal: string;
  /** What the deletion kills. */
  readonly effect: string;
  readonly done: string;
  readonly expectedMs: number;
}

/** Its manifest is kept, it is deleted, and it is made anew. */
export function anewSteps({ name, changes, goal, effect, done, expectedMs }: AnewSketch): readonly PlannedStep[] {
  return [
    {
      id: 'keep',
      title: `Keep the manifest of ${name}`,
      gate: 'it is the object of the plan, and nobody has changed it since',
      effect: 'a Secret holds the manifest until the job is there again',
      done: 'the Secret is there',
      undo: 'the Secret is deleted',
      expectedMs: 1000,
      parameters: { [KIND]: KEEP, changes: JSON.stringify(changes) },
    },
    deleteStep(name, effect),
    {
      id: 'create',
      title: `Make ${name} anew`,
      gate: 'no object of that name is there, and the manifest is kept',
      effect: 'the operator runs it from its beginning',
      done,
      expectedMs,
      parameters: { [KIND]: CREATE, goal },
    },
  ];
}
