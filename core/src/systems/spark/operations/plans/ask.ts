import type { JsonObject } from '#core/json.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { RerunWish, SuspendWish, UnsuspendWish } from '#core/operations/wishes.ts';
import { knowsSuspend } from '#core/systems/spark/operations/sparkOperator.ts';
import { valueAt } from '#core/json.ts';
import {
  AND_KILL,
  consequence,
  examine,
  killsNow,
  ownRight,
  planOperated,
  type Examined,
} from '#core/systems/spark/operations/plans/parts.ts';
import { tryPatch, type Trial } from '#core/systems/spark/operations/plans/trial.ts';
import { askParameters, RERUN_ANNOTATION, type AskWanted } from '#core/systems/spark/operations/steps/askStep.ts';

const ASKED_MS = 30_000;

/** One step that writes and waits for the operator. */
export function askStepOf(
  examined: Examined,
  words: Pick<PlannedStep, 'title' | 'effect' | 'done'>,
  wanted: Omit<AskWanted, 'generation'>,
): PlannedStep {
  return {
    id: 'ask',
    title: words.title,
    gate: `the ${examined.kind.operator} is there and between no two states, and nobody has changed the ${examined.kind.noun} since`,
    effect: words.effect,
    done: words.done,
    ...(wanted.undo === undefined ? {} : { undo: 'taken back as long as the operator is not there to begin' }),
    expectedMs: ASKED_MS,
    parameters: askParameters({ ...wanted, generation: examined.now.resource.meta.generation ?? 0 }),
  };
}

/** Of the Kubeflow operator: a harmless change of the spec. @throws ClusterProblem */
export async function planRerun(wish: RerunWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  const { target, now } = examined;
  const kills = killsNow(examined);
  const before = valueAt(now.resource.spec, 'driver', 'annotations', RERUN_ANNOTATION) ?? null;
  const annotate = (value: unknown): JsonObject => ({
    spec: { driver: { annotations: { [RERUN_ANNOTATION]: value } } },
  });
  const trial = await tryPatch(ports.cluster, target, annotate(ports.id));
  return planOperated(
    examined,
    {
      operation: wish.operation,
      title: `Rerun ${target.name}${kills ? AND_KILL : ''}`,
      preconditions: [consequence(examined, 'rerun', kills), dropped(trial)],
      rights: [ownRight(examined, 'patch')],
      undoing: 'the annotation may be taken away, which changes the spec once more and makes it run yet again',
      steps: [
        askStepOf(
          examined,
          {
            title: `Ask the ${examined.kind.operator} to run ${target.name} anew`,
            effect: `spec.driver.annotations gets ${RERUN_ANNOTATION}, which changes the spec and nothing else`,
            done: 'the operator says another submission',
          },
          {
            goal: 'rerun',
            patch: {},
            undo: annotate(before),
            isMarked: true,
            isKillAgreed: kills,
          },
        ),
      ],
      risks: [
        ...(kills
          ? [
              'What the run has written so far stays where it wrote it; a job that does not expect that may write it twice.',
            ]
          : []),
        'The operator may lose a change of the spec; then it is made once more, three times at most.',
      ],
      isTyped: kills,
    },
    ports,
  );
}

/** @throws ClusterProblem */
export async function planSuspend(wish: SuspendWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  const kills = killsNow(examined);
  return planSwitch(wish.operation, examined, ports, {
    suspend: true,
    kills,
    title: `Suspend ${examined.target.name}${kills ? AND_KILL : ''}`,
    goal: 'suspended',
    done: 'the operator says that it is suspended, and its pods are gone',
    risks: [
      'A resumed application begins from its beginning: only what it has kept in checkpoints of its own is not lost.',
    ],
  });
}

/** @throws ClusterProblem */
export async function planUnsuspend(wish: UnsuspendWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  const isOver = examined.now.under === 'over';
  return planSwitch(wish.operation, examined, ports, {
    suspend: false,
    kills: false,
    title: `Resume ${examined.target.name}`,
    goal: isOver ? 'stored' : 'resumed',
    done: isOver ? 'spec.suspend is false; it has ended and is not run' : 'the operator says a new submission',
    risks: ['It runs from its beginning.'],
  });
}

interface Switch {
  readonly suspend: boolean;
  readonly kills: boolean;
  readonly title: string;
  readonly goal: AskWanted['goal'];
  readonly done: string;
  readonly risks: readonly string[];
}

async function planSwitch(
  operation: 'suspend' | 'unsuspend',
  examined: Examined,
  ports: PlanningPorts,
  { suspend, kills, title, goal, done, risks }: Switch,
): Promise<Plan> {
  const patch = { spec: { suspend } };
  const trial = await tryPatch(ports.cluster, examined.target, patch);
  return planOperated(
    examined,
    {
      operation,
      title,
      preconditions: [consequence(examined, operation, kills), suspend ? suspendCheck(examined, trial) : trial.check],
      rights: [ownRight(examined, 'patch')],
      undoing: `spec.suspend may be ${suspend ? 'taken away' : 'set'} again`,
      steps: [
        askStepOf(
          examined,
          { title, effect: `spec.suspend becomes ${suspend}`, done },
          {
            goal,
            patch,
            undo: { spec: { suspend: !suspend } },
            isMarked: false,
            isKillAgreed: kills,
          },
        ),
      ],
      risks,
      isTyped: kills,
    },
    ports,
  );
}

/** The definition tells whether the field is kept, the version whether the operator reads it. */
function suspendCheck({ kind, operator: { version } }: Examined, { result, check }: Trial): Precondition {
  const id = { id: 'suspend-known', title: `The ${kind.operator} can suspend it` };
  if (result === undefined) return check;
  if (valueAt(result, 'spec', 'suspend') !== true) {
    const evidence = ['The definition of its kind has no spec.suspend: the server drops the field'];
    const since =
      kind.flavour === 'kubeflow-spark-operator'
        ? 'Versions since 2.4 have it.'
        : 'Version 1.0 has none; later ones do.';
    return {
      ...id,
      state: 'fails',
      evidence,
      fix: `${since} Stop Job ends it, or update the operator and its definitions.`,
    };
  }
  const known = knowsSuspend(kind, version);
  if (known === false) {
    const evidence = [`Its version is ${version}, and it reads spec.suspend since 2.4`];
    return { ...id, state: 'fails', evidence, fix: 'Stop Job ends it, or update the operator.' };
  }
  const told =
    version === ''
      ? 'The definition has the field; the version of the operator is not known'
      : `Version ${version}, and the definition has the field`;
  return { ...id, state: known === undefined && version === '' ? 'warns' : 'holds', evidence: [told] };
}

/** Where the definition drops the annotation, the operator would see no change. */
function dropped({ result, check }: Trial): Precondition {
  if (result === undefined || check.state === 'holds') return check;
  const evidence = ['The server drops spec.driver.annotations, so that the operator would see no change'];
  return { ...check, state: 'fails', evidence, fix: 'Edit and Resubmit with a change of the spec does the same.' };
}
