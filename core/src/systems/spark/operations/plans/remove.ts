import type { JsonObject } from '#core/json.ts';
import { anewSteps, deleteStep, type DeletionSketch } from '#core/operations/jobs/jobSteps.ts';
import { acceptsAnew } from '#core/operations/jobs/planJob.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { RerunWish, StopWish } from '#core/operations/wishes.ts';
import {
  AND_KILL,
  consequence,
  examine,
  killsNow,
  ownRight,
  planOperated,
  type Examined,
} from '#core/systems/spark/operations/plans/parts.ts';
import { PICKED_UP } from '#core/systems/spark/operations/steps/sparkPorts.ts';

/** The resource is deleted, and what runs of it ends. @throws ClusterProblem */
export async function planStop(wish: StopWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  const { target, kind } = examined;
  const kills = killsNow(examined);
  return planOperated(
    { ...examined, target: { ...target, anchorGoes: true } },
    {
      operation: wish.operation,
      title: `Stop ${target.name}${kills ? AND_KILL : ''}`,
      isOperatorNeeded: kind.flavour === 'apache-spark-operator',
      preconditions: [consequence(examined, 'stop', kills)],
      rights: [ownRight(examined, 'delete')],
      undoing: 'it may be made anew as soon as it is gone',
      steps: [deleteStep(deletionOf(examined, kills))],
      risks: ['It is gone for good: only a manifest kept elsewhere makes it anew.'],
      isTyped: true,
    },
    ports,
  );
}

/** How it is deleted, be it made anew or not. */
function deletionOf({ target: { anchor }, kind }: Examined, isKillAgreed: boolean): DeletionSketch {
  return {
    name: `${anchor.kind} ${anchor.name}`,
    gate: 'the operator is there where it has to release it, and nothing runs that the plan has not told of',
    effect: `the ${kind.noun} is deleted, and its pods go with it`,
    parameters: { isKillAgreed },
  };
}

/** Of the Apache operator: deleted and created anew as it is. @throws ClusterProblem */
export async function planRecreatingRerun(wish: RerunWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  const kills = killsNow(examined);
  return planRecreation(
    {
      operation: wish.operation,
      title: `Rerun ${examined.target.name}${kills ? AND_KILL : ''}`,
      preconditions: [consequence(examined, 'rerun', kills)],
      patch: {},
      kills,
    },
    examined,
    ports,
  );
}

export interface Recreation {
  readonly operation: 'rerun' | 'resubmit';
  readonly title: string;
  /** Those that tell what it is for. */
  readonly preconditions: readonly Precondition[];
  /** What is edited between; nothing secret. */
  readonly patch: JsonObject;
  readonly kills: boolean;
}

/** @throws ClusterProblem */
export async function planRecreation(
  { operation, title, preconditions, patch, kills }: Recreation,
  examined: Examined,
  ports: PlanningPorts,
): Promise<Plan> {
  const { target, now } = examined;
  const accepted = await acceptsAnew(ports.cluster, { target, object: now.object }, patch, ports.id);
  return planOperated(
    { ...examined, target: { ...target, anchorGoes: true } },
    {
      operation,
      title,
      // An edit has a check of its own that it is accepted.
      preconditions: [...preconditions, { ...accepted, id: 'creatable' }],
      rights: [],
      undoing: 'it may be made anew by that tool before it is made by us; then it runs as written there',
      steps: anewSteps({
        ...deletionOf(examined, kills),
        changes: patch,
        goal: PICKED_UP,
        done: `the ${examined.kind.operator} says a state of the new object`,
        expectedMs: 20_000,
      }),
      risks: [
        'The history of the object goes with it: states, attempts, events.',
        'A run that is cancelled after the deletion makes the object anew all the same.',
      ],
      isTyped: kills,
    },
    ports,
  );
}
