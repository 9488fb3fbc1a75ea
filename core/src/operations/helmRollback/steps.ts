import { textsOf } from '#core/json.ts';
import type { HeldSet } from '#core/operations/helmRollback/heldSets.ts';
import { isPartitionHold } from '#core/operations/helmRollback/holds.ts';
import type { Plan, PlannedStep } from '#core/operations/model.ts';
import { describeStrategy, isHeld } from '#core/operations/statefulSetNow.ts';
import { KIND } from '#core/operations/stepKinds.ts';
import { RESTORE } from '#core/operations/updateStrategy.ts';

export { KIND };

/** The kinds of step of a rollback. */
export const HOLD = 'hold';
export const HELM = 'helm';
export const RECORD = 'record';
export const OBJECTS = 'objects';
export const COMPLETE = 'complete';
export const HAND_OVER = 'hand-over';
export const MEMBER = 'member';

/** Parameters of a member's step: key of its data cluster, and id of the step in that part. */
export const CLUSTER = 'cluster';
export const STEP = 'step';

/** What a plan says of its release. */
export interface RollbackPlan {
  readonly release: string;
  readonly namespace: string;
  readonly from: number;
  readonly to: number;
  readonly way: 'helm' | 'written';
  readonly driver: 'secret' | 'configmap';
  /** StatefulSets that are held, each as `namespace/name`. */
  readonly held: readonly string[];
}

export function rollbackOf({ target, parameters }: Plan): RollbackPlan {
  return {
    release: target.name,
    namespace: target.namespace,
    from: Number(parameters['from']),
    to: Number(parameters['to']),
    way: parameters['way'] === 'written' ? 'written' : 'helm',
    driver: parameters['driver'] === 'configmap' ? 'configmap' : 'secret',
    held: textsOf(parameters['held']),
  };
}

/** How long Helm may take for its hooks and for what it asks the server. */
export const HELM_TIMEOUT_MS = 300_000;
const QUICK_MS = 5000;

export function holdSteps({ namespace, name, uid, now, hold }: HeldSet): readonly PlannedStep[] {
  const { strategy } = hold;
  if (strategy === undefined) return [];
  const before = describeStrategy(now.strategy);
  return [
    {
      id: `hold-${name}`,
      title: `Keep ${name} from replacing pods by itself`,
      gate: `the StatefulSet is the one of the plan, its strategy is ${before}, and no rollout is under way`,
      effect: `updateStrategy becomes ${describeStrategy(strategy)}, which outlives what Helm writes`,
      done: 'its controller has seen it',
      undo: `the strategy of before is put back (${before}), unless pods of an older template are left`,
      expectedMs: QUICK_MS,
      parameters: {
        [KIND]: HOLD,
        namespace,
        workload: name,
        uid,
        before: JSON.stringify(now.strategy),
        hold: JSON.stringify(strategy),
      },
    },
  ];
}

export function handOverSteps({ namespace, name, uid, hold: { strategy } }: HeldSet): readonly PlannedStep[] {
  if (strategy === undefined || isHeld(strategy) || !isPartitionHold(strategy)) return [];
  return [
    {
      id: `hand-over-${name}`,
      title: `Let pods of ${name} come back with the new template`,
      gate: 'it is still held, and its controller has seen the new template',
      effect: 'updateStrategy becomes OnDelete, so that a pod takes the new template when it is restarted',
      done: 'its controller has seen it',
      expectedMs: QUICK_MS,
      parameters: { [KIND]: HAND_OVER, namespace, workload: name, uid, hold: JSON.stringify(strategy) },
    },
  ];
}

export function restoreSteps({ namespace, name, uid, hold: { after } }: HeldSet): readonly PlannedStep[] {
  if (isHeld(after)) return [];
  const words = describeStrategy(after);
  return [
    {
      id: `restore-${name}`,
      title: `Put back the update strategy of ${name}`,
      gate: 'no pod is of an older template, and the controller has seen the newest one',
      effect: `updateStrategy becomes ${words}; with older pods left it stays OnDelete`,
      done: 'its controller has seen it',
      expectedMs: QUICK_MS,
      parameters: {
        [KIND]: RESTORE,
        namespace,
        workload: name,
        uid,
        before: JSON.stringify(after),
        pendingOnly: false,
      },
    },
  ];
}

export function writingSteps(
  { release, from, to, way }: Pick<RollbackPlan, 'release' | 'from' | 'to' | 'way'>,
  program: string,
): readonly PlannedStep[] {
  const next = from + 1;
  if (way === 'helm')
    return [
      {
        id: 'helm',
        title: `helm rollback ${release} ${to}`,
        gate: `revision ${from} is still the newest, and what is to be held is held`,
        effect: `${['helm', program].join(' ').trim()} makes revision ${next} of revision ${to}, runs its hooks and patches the objects`,
        done: `revision ${next} is deployed`,
        expectedMs: 30_000,
        parameters: { [KIND]: HELM },
      },
    ];
  return [
    {
      id: 'record',
      title: `Begin revision ${next}`,
      gate: `revision ${from} is still the newest, and what is to be held is held`,
      effect: `revision ${next} is written as Helm writes it: revision ${to} again, pending-rollback`,
      done: 'it is stored',
      expectedMs: QUICK_MS,
      parameters: { [KIND]: RECORD },
    },
    {
      id: 'objects',
      title: `Bring the objects to revision ${to}`,
      gate: `revision ${next} is pending and ours, and what is to be held is held`,
      effect: 'objects are created, patched three ways and deleted as listed',
      done: 'every object is as listed',
      expectedMs: 15_000,
      parameters: { [KIND]: OBJECTS },
    },
    {
      id: 'complete',
      title: `Mark revision ${next} as deployed`,
      gate: `revision ${next} is pending and ours`,
      effect: `revisions that were deployed become superseded, revision ${next} becomes deployed`,
      done: `revision ${next} is deployed`,
      expectedMs: QUICK_MS,
      parameters: { [KIND]: COMPLETE },
    },
  ];
}
