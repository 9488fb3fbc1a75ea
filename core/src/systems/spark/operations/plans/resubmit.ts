import { valueAt, type JsonObject } from '#core/json.ts';
import { SECRET_NAME } from '#core/live/describe/containers.ts';
import { counted, plainText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { patched } from '#core/operations/jobs/mergePatch.ts';
import { wantedChanges } from '#core/operations/jobs/wantedManifest.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { ResubmitWish, WorkersWish } from '#core/operations/wishes.ts';
import { changesBetween, fieldText, patchOf, type Change } from '#core/systems/spark/operations/differences.ts';
import {
  effectKinds,
  effectsOf,
  gravest,
  type Effect,
  type EffectKind,
} from '#core/systems/spark/operations/knowledge/editEffects.ts';
import { isDynamic } from '#core/systems/spark/operations/knowledge/verbs.ts';
import { askStepOf } from '#core/systems/spark/operations/plans/ask.ts';
import { podRight, serverStepOf, SESSIONS } from '#core/systems/spark/operations/plans/connect.ts';
import {
  AND_KILL,
  examine,
  killsNow,
  ownRight,
  planOperated,
  type Examined,
} from '#core/systems/spark/operations/plans/parts.ts';
import { planRecreation } from '#core/systems/spark/operations/plans/remove.ts';
import { revalidateStepOf } from '#core/systems/spark/operations/plans/schedule.ts';
import { tryPatch } from '#core/systems/spark/operations/plans/trial.ts';

/**
 * An edit, with what it does said before it is sent:
 *
 * 1. The manifest is laid over the object as it is; what it does not name stays, unless it was taken from the cluster as a whole.
 * 2. The server is asked without effect what it would keep of that: what it drops is no change, what its webhooks add is one.
 * 3. Each change gets its effect from the table of its kind; the gravest decides what has to be done: write it, write it and wait for the
 *    operator to submit anew, write it and delete the server pod, or delete the object and create it as edited.
 *
 * Values of fields whose names say that they are secret are refused and never shown, because journals are read by others.
 */
export async function planResubmit(wish: ResubmitWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  return planEdit(wish.operation, wantedChanges(wish.manifest, examined.now.object).patch, examined, ports);
}

/** Of a Connect server; its number of executors is a field like others. @throws ClusterProblem */
export async function planConnectWorkers(wish: WorkersWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  const { spec } = examined.now.resource;
  const { to, min, max } = wish;
  if (!isDynamic(spec)) {
    if (to !== undefined && min === undefined && max === undefined) {
      return planEdit(wish.operation, { spec: { executor: { instances: to } } }, examined, ports);
    }
    const text = `${examined.target.name} has a fixed number of executors. Give that number, or turn on spec.dynamicAllocation with Edit and Resubmit to have bounds.`;
    throw new ClusterProblem('invalid', text);
  }
  if (to !== undefined) {
    const text = `Spark chooses the number of executors of ${examined.target.name} itself (dynamic allocation). Give its bounds.`;
    throw new ClusterProblem('invalid', text);
  }
  if (valueAt(spec, 'dynamicAllocation', 'enabled') !== true) {
    const text = `Dynamic allocation of ${examined.target.name} stands in its sparkConf: change spark.dynamicAllocation.minExecutors and maxExecutors there with Edit and Resubmit.`;
    throw new ClusterProblem('invalid', text);
  }
  const bounds = {
    ...(min === undefined ? {} : { minExecutors: min }),
    ...(max === undefined ? {} : { maxExecutors: max }),
  };
  return planEdit(wish.operation, { spec: { dynamicAllocation: bounds } }, examined, ports);
}

/** What a plan has to say of an edit. */
interface Edit {
  readonly operation: 'resubmit' | 'workers';
  readonly effects: readonly Effect[];
  readonly kind: EffectKind;
  readonly patch: JsonObject;
  readonly kills: boolean;
  readonly preconditions: readonly Precondition[];
}

async function planEdit(
  operation: Edit['operation'],
  wanted: JsonObject,
  examined: Examined,
  ports: PlanningPorts,
): Promise<Plan> {
  const { now, target, kind, operator } = examined;
  const asked = changesBetween(own(now.object), own(patched(now.object, wanted)));
  if (asked.length === 0)
    throw new ClusterProblem('invalid', `Nothing of ${target.name} would be changed: it is so already.`);
  const trial = await tryPatch(ports.cluster, target, patchOf(asked));
  const kept = trial.result === undefined ? asked : changesBetween(own(now.object), own(trial.result));
  const effects = effectsOf(kind.edits, kept, operator.features);
  const gravestKind = gravest(effects);
  const kills = (gravestKind === 'rerun' || gravestKind === 'recreate') && killsNow(examined);
  const names = new Set(asked.map(({ path }) => fieldText(path)));
  const edit: Edit = {
    operation,
    effects,
    kind: gravestKind,
    // What a webhook adds is left to it.
    patch: patchOf(kept.filter(({ path }) => names.has(fieldText(path)))),
    kills,
    preconditions: [trial.check, ...droppedCheck(asked, kept), effectCheck(effects, kills, examined)],
  };
  if (gravestKind === 'recreate') {
    const title = `Edit ${target.name}, and make it anew`;
    return planRecreation({ ...edit, operation: 'resubmit', title }, examined, ports);
  }
  return kind.noun === 'Connect server'
    ? planConnectEdit(edit, examined, ports)
    : planWrittenEdit(edit, examined, ports);
}

/** What people write of an object. */
function own({ spec, metadata }: JsonObject): JsonObject {
  return { spec, metadata: { labels: valueAt(metadata, 'labels'), annotations: valueAt(metadata, 'annotations') } };
}

function droppedCheck(asked: readonly Change[], kept: readonly Change[]): readonly Precondition[] {
  const names = new Set(kept.map(({ path }) => fieldText(path)));
  const lost = asked
    .map(({ path }) => fieldText(path))
    .filter((name) => !names.has(name) && !name.startsWith('metadata'));
  if (lost.length === 0) return [];
  return [
    {
      id: 'dropped-fields',
      title: 'Every field that is changed is kept',
      state: 'warns',
      evidence: lost.map((name) => `${plainText(name)} is not kept as it is written`),
      fix: 'Look for a misspelt name, or a field of a later version: its definition may be older than the operator.',
    },
  ];
}

/** The sentence for every field, the gravest first. */
function effectCheck(effects: readonly Effect[], kills: boolean, { now, kind }: Examined): Precondition {
  const evidence = effects
    .toSorted((a, b) => rank(b) - rank(a))
    .map(({ change, text }) => `${describeChange(change)} ${text}`);
  const id = { id: 'effects', title: 'What the edit does' };
  if (effects.some(({ kind: effect }) => effect === 'refused')) {
    return { ...id, state: 'fails', evidence, fix: 'Take these fields out of the edit.' };
  }
  if (!kills) return { ...id, state: 'holds', evidence };
  const says = `The operator says ${plainText(now.state, 60)} of the ${kind.noun}: what runs is killed, and what it has done and kept nowhere is lost`;
  return {
    ...id,
    state: 'warns',
    evidence: [says, ...evidence],
    fix: 'Go on only if that may be lost; its name is asked for.',
  };
}

const rank = ({ kind }: Effect): number => effectKinds.indexOf(kind);

/** With what it was and will be, where both can be read at a glance and the name promises no secret. */
function describeChange({ path, before, after }: Change): string {
  const name = plainText(fieldText(path));
  if (SECRET_NAME.test(path.at(-1) ?? '') || !isShown(before) || !isShown(after)) return name;
  return `${name} (${shown(before)} → ${shown(after)})`;
}

const isShown = (value: unknown): boolean =>
  value === undefined || ['string', 'number', 'boolean'].includes(typeof value);
const shown = (value: unknown): string =>
  value === undefined ? 'none' : plainText(typeof value === 'string' ? value : JSON.stringify(value), 60);

/** Written once; then the operator does the rest, or nothing has to be done. */
async function planWrittenEdit(edit: Edit, examined: Examined, ports: PlanningPorts): Promise<Plan> {
  const { target, now, kind } = examined;
  const reruns = edit.kind === 'rerun';
  // A suspended application takes the edit up and stays suspended; the next submission is that of Resume Job.
  const isHeld = now.under === 'suspended' || valueAt(now.resource.spec, 'suspend') === true;
  const isRefused = kind.noun === 'schedule' && now.state === 'FailedValidation';
  return planOperated(
    examined,
    {
      operation: edit.operation,
      title: `Edit ${target.name}${reruns && !isHeld ? ' and run it as edited' : ''}${edit.kills ? AND_KILL : ''}`,
      preconditions: [...edit.preconditions, ...(isHeld && reruns ? [heldCheck()] : [])],
      rights: [ownRight(examined, 'patch')],
      undoing: 'the edit may be undone, which changes the spec once more',
      steps: [
        askStepOf(
          examined,
          {
            title: `Write the edit of ${counted(edit.effects.length, 'field')}`,
            effect: edit.effects.map(({ change }) => fieldText(change.path)).join(', '),
            done: reruns && !isHeld ? 'the operator says another submission' : 'it is written',
          },
          {
            goal: reruns && !isHeld ? 'rerun' : 'stored',
            patch: edit.patch,
            isMarked: reruns && !isHeld,
            isKillAgreed: edit.kills,
          },
        ),
        ...(isRefused ? [revalidateStepOf(examined)] : []),
      ],
      risks:
        reruns && !isHeld
          ? ['The operator may lose a change of the spec; then it is made once more, three times at most.']
          : [],
      isTyped: edit.kills,
    },
    ports,
  );
}

function heldCheck(): Precondition {
  const evidence = ['It is suspended and stays so: it runs as edited once it is resumed'];
  return { id: 'suspended', title: 'When it runs as edited', state: 'warns', evidence, fix: 'Resume Job afterwards.' };
}

/** The server heeds an edit only when it is made anew. */
async function planConnectEdit(edit: Edit, examined: Examined, ports: PlanningPorts): Promise<Plan> {
  const restarts = edit.kind === 'rerun';
  return planOperated(
    examined,
    {
      operation: edit.operation,
      title: `Edit ${examined.target.name}${restarts ? ' and restart its Connect server' : ''}`,
      preconditions: edit.preconditions,
      rights: [ownRight(examined, 'patch'), ...(restarts ? [podRight(examined)] : [])],
      undoing: 'the edit may be undone; the server pod then goes on as edited until it is made anew',
      steps: [
        askStepOf(
          examined,
          {
            title: `Write the edit of ${counted(edit.effects.length, 'field')}`,
            effect: edit.effects.map(({ change }) => fieldText(change.path)).join(', '),
            done: 'it is written; the server that runs takes no notice',
          },
          {
            goal: 'stored',
            patch: edit.patch,
            isMarked: false,
            isKillAgreed: true,
          },
        ),
        ...(restarts ? [await serverStepOf(examined, ports)] : []),
      ],
      risks: restarts ? [SESSIONS] : [],
      isTyped: restarts,
    },
    ports,
  );
}
