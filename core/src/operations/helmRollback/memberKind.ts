import type { Cluster } from '#core/live/ports.ts';
import { CLUSTER, STEP } from '#core/operations/helmRollback/steps.ts';
import { HeldRestart } from '#core/operations/heldRestart.ts';
import type { Plan, RunRecord, RunState } from '#core/operations/model.ts';
import type { Procedure, StepContext } from '#core/operations/procedure.ts';
import { readStatefulSet } from '#core/operations/statefulSetNow.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

/** A data cluster whose members get a new template, with what restarts them. */
export interface Part {
  readonly plan: Plan;
  readonly procedure: Procedure;
}

/**
 * Restarts a member by the restart of its own system, which knows when it may go and when it is back, under the rules of a StatefulSet that
 * is held (heldRestart.ts). A member whose pod has the new template already is left alone, unless it was this run that took it out.
 */
export function memberKind(plan: Plan, parts: ReadonlyMap<string, Part>, cluster: Cluster): StepKind {
  const find = (context: StepContext): InPart => inPart(context, parts, cluster);
  return {
    async isDone(context) {
      const found = find(context);
      return (await isUntouched(context, found, cluster)) || found.kind.isDone(found.own);
    },
    hasActed(context) {
      const { kind, own } = find(context);
      return kind.hasActed(own);
    },
    prepare(context) {
      const { kind, own } = find(context);
      return kind.prepare(own);
    },
    gate(context) {
      const { kind, own } = find(context);
      return kind.gate(own);
    },
    act(context) {
      const { kind, own } = find(context);
      return kind.act(own);
    },
    awaited(context) {
      const { kind, own } = find(context);
      return kind.awaited(own);
    },
    finish(context) {
      const { kind, own } = find(context);
      return kind.finish(own);
    },
    canAbort(context) {
      const { part, own } = find(context);
      return part.procedure.canAbort?.(own) ?? false;
    },
    async abort(context) {
      const { part, own } = find(context);
      return (await part.procedure.abort?.(own)) ?? [];
    },
    leave: (state, record) => leaveParts(plan, parts, state, record),
  };
}

interface InPart {
  readonly part: Part;
  readonly kind: StepKind;
  /** The step as the part knows it, with the StatefulSet that is held. */
  readonly own: StepContext;
}

function inPart(
  { step, memory, memories = {} }: StepContext,
  parts: ReadonlyMap<string, Part>,
  cluster: Cluster,
): InPart {
  const key = String(step.parameters[CLUSTER]);
  const part = parts.get(key);
  const found = part?.plan.steps.find(({ id }) => id === step.parameters[STEP]);
  if (!part || !found) throw new Error(`The plan has no data cluster for its step ${step.id}.`);
  const isMember = step.member !== undefined;
  const held = { workload: String(step.parameters['workload']), revision: '', pod: String(step.parameters['pod']) };
  const own = isMember ? { ...found, parameters: { ...found.parameters, ...held } } : found;
  const { namespace } = part.plan.target;
  const kind = isMember ? new HeldRestart({ cluster, namespace, restart: part.procedure }) : part.procedure;
  const ids = part.plan.steps.map(({ id }) => [id, memories[`${key}/${id}`] ?? {}] as const);
  return { part, kind, own: { step: own, memory, memories: Object.fromEntries(ids) } };
}

/** Its pod has the newest template, and this run did nothing about it. */
async function isUntouched(
  { step, memory }: StepContext,
  { part, own: { step: own } }: InPart,
  cluster: Cluster,
): Promise<boolean> {
  if (step.member === undefined || Object.keys(memory).length > 0) return false;
  const { namespace } = part.plan.target;
  const { isObserved, older } = await readStatefulSet(cluster, namespace, String(own.parameters['workload']));
  return isObserved && !older.includes(step.member);
}

/** Each part puts back what it changed for its own sake, from the steps that are its own. */
async function leaveParts(
  { steps: planned }: Plan,
  parts: ReadonlyMap<string, Part>,
  state: RunState,
  record: RunRecord,
): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const [key, { plan, procedure }] of parts) {
    const own = planned.filter(({ parameters }) => parameters[CLUSTER] === key);
    const ids = new Map(own.map(({ id, parameters }) => [id, String(parameters[STEP])]));
    const steps = record.steps.flatMap((step) => {
      const id = ids.get(step.id);
      return id === undefined ? [] : [{ ...step, id }];
    });
    if (steps.length > 0) notes.push(...((await procedure.leave?.(state, { ...record, plan, steps })) ?? []));
  }
  return notes;
}
