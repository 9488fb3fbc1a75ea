import { objectAt, type JsonObject } from '#core/json.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { anewOf, keptAddress } from '#core/operations/jobs/kept.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { RerunWish, StopWish } from '#core/operations/wishes.ts';
import {
  consequence,
  examine,
  killsNow,
  others,
  ownRight,
  planOf,
  rightsCheck,
  type Examined,
} from '#core/systems/spark/operations/plans/parts.ts';
import { DELETE } from '#core/systems/spark/operations/steps/deleteStep.ts';
import { CREATE, KEEP } from '#core/systems/spark/operations/steps/recreateSteps.ts';
import { addressOf } from '#core/operations/operated/resource.ts';

/** The resource is deleted, and what runs of it ends. @throws ClusterProblem */
export async function planStop(wish: StopWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  const { target, operator, kind } = examined;
  const kills = killsNow(examined);
  const needsOperator = kind.flavour === 'apache-spark-operator';
  return planOf(
    {
      operation: wish.operation,
      title: `Stop ${target.name}${kills ? ', and kill the run that is under way' : ''}`,
      target: { ...target, anchorGoes: true },
      parameters: operator.parameters,
      preconditions: [
        ...(needsOperator ? [operator.check] : []),
        consequence(examined, 'stop', kills),
        await rightsCheck(ports.cluster, [ownRight(examined, 'delete')]),
        ...others(examined, 'it may be made anew as soon as it is gone'),
      ],
      steps: [deleteStepOf(examined, kills)],
      risks: ['It is gone for good: only a manifest kept elsewhere makes it anew.'],
      isTyped: true,
    },
    ports,
  );
}

function deleteStepOf({ target: { anchor }, kind }: Examined, isKillAgreed: boolean): PlannedStep {
  return {
    id: 'delete',
    title: `Delete ${anchor.kind} ${anchor.name}`,
    gate: 'it is the one of the plan, nobody has changed it since, and the operator is there where it has to release it',
    effect: `the ${kind.noun} is deleted, and its pods go with it`,
    done: 'the object is gone and none of its pods is left',
    expectedMs: 45_000,
    parameters: { kind: DELETE, isKillAgreed },
  };
}

/** Of the Apache operator: deleted and created anew as it is. @throws ClusterProblem */
export async function planRecreatingRerun(wish: RerunWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  const kills = killsNow(examined);
  return planRecreation(
    {
      operation: wish.operation,
      title: `Rerun ${examined.target.name}${kills ? ', and kill the run that is under way' : ''}`,
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
  const { target, operator } = examined;
  const { anchor, namespace } = target;
  const secret = keptAddress({ target }).name;
  const secretRight = (verb: string) => ({ verb, group: '', resource: 'secrets', namespace });
  return planOf(
    {
      operation,
      title,
      target: { ...target, anchorGoes: true },
      parameters: operator.parameters,
      preconditions: [
        operator.check,
        ...preconditions,
        await rightsCheck(ports.cluster, [
          ...['delete', 'create'].map((verb) => ownRight(examined, verb)),
          ...['create', 'get', 'delete'].map(secretRight),
        ]),
        await creatable(examined, patch, ports),
        ...others(examined, 'it may be made anew by that tool before it is made by us; then it runs as written there'),
      ],
      steps: [
        {
          id: 'keep',
          title: 'Keep its manifest',
          gate: 'the object is there',
          effect: `Secret ${secret} holds the manifest until the object is there again`,
          done: 'the Secret is there',
          undo: 'the Secret is deleted when the run ends early',
          expectedMs: 2000,
          parameters: { kind: KEEP, patch: JSON.stringify(patch) },
        },
        deleteStepOf(examined, kills),
        {
          id: 'create',
          title: `Create ${anchor.kind} ${anchor.name} anew`,
          gate: 'the name is free and the manifest is kept',
          effect: 'the object is created from the kept manifest',
          done: `the ${examined.kind.operator} says a state of the new object`,
          expectedMs: 20_000,
          parameters: { kind: CREATE },
        },
      ],
      risks: [
        'The history of the object goes with it: states, attempts, events.',
        'A run that is cancelled after the deletion creates the object anew all the same.',
      ],
      isTyped: kills,
    },
    ports,
  );
}

/** The server is asked under another name, because this one is taken. */
async function creatable(
  { now, target }: Examined,
  patch: JsonObject,
  { cluster, id }: PlanningPorts,
): Promise<Precondition> {
  const about = { id: 'creatable', title: 'The server would take it anew' };
  const manifest = anewOf(now.object, { id }, patch);
  const metadata = { ...objectAt(manifest, 'metadata'), name: trialName(target.anchor.name) };
  const { name: _name, ...kind } = addressOf(target.anchor, target.namespace);
  try {
    await cluster.create(kind, { ...manifest, metadata }, { dryRun: true });
    return { ...about, state: 'holds', evidence: ['Tried without effect, under another name'] };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'unreachable' || error.kind === 'server' || error.kind === 'busy') throw error;
    const causes = error.causes.map(({ field, message }) => `${messageText(field, 120)}: ${messageText(message)}`);
    const evidence = causes.length > 0 ? causes : [messageText(error.message)];
    return {
      ...about,
      state: 'fails',
      evidence,
      fix: 'Nothing may be deleted that would not be taken again: correct it first.',
    };
  }
}

/** Of the same length, so that limits of names are tried as well. */
const trialName = (name: string): string => `${name.slice(0, -1)}${name.endsWith('x') ? 'y' : 'x'}`;
