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

export interface DeletionSketch {
  /** `TFJob mnist`. */
  readonly name: string;
  /** What goes with it, and is killed by that. */
  readonly effect: string;
  /** What is asked before, beside what is asked of every one. */
  readonly gate?: string;
  readonly parameters?: PlannedStep['parameters'];
}

const UNCHANGED = 'it is the object of the plan, and nobody has changed it since';

/** The object goes for good. */
export function deleteStep({ name, effect, gate = '', parameters = {} }: DeletionSketch): PlannedStep {
  return {
    id: 'delete',
    title: `Delete ${name}`,
    gate: `${UNCHANGED}${gate === '' ? '' : `; ${gate}`}`,
    effect,
    done: 'the object and its pods are gone',
    expectedMs: 45_000,
    parameters: { ...parameters, [KIND]: DELETE },
  };
}

export interface AnewSketch extends DeletionSketch {
  /** A merge patch for what is made anew; as it is when empty. */
  readonly changes: JsonObject;
  readonly goal: string;
  readonly done: string;
  readonly expectedMs: number;
}

/** Its manifest is kept, it is deleted, and it is made anew. */
export function anewSteps({ changes, goal, done, expectedMs, ...deletion }: AnewSketch): readonly PlannedStep[] {
  const { name } = deletion;
  return [
    {
      id: 'keep',
      title: `Keep the manifest of ${name}`,
      gate: UNCHANGED,
      effect: 'a Secret holds the manifest until the job is there again',
      done: 'the Secret is there',
      undo: 'the Secret is deleted',
      expectedMs: 1000,
      parameters: { [KIND]: KEEP, changes: JSON.stringify(changes) },
    },
    deleteStep(deletion),
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
