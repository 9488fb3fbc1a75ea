import type { LivePod } from '#core/live/objects.ts';
import type { Answer, RunRecord, RunState } from '#core/operations/model.ts';
import type { DrainRun, Part } from '#core/operations/nodeDrain/drainRun.ts';
import { OtherNodes } from '#core/operations/nodeDrain/elsewhere.ts';
import { pods as podKind } from '#core/operations/nodeDrain/kinds.ts';
import { ENDS } from '#core/operations/nodeDrain/departure/steps.ts';
import { CLUSTER, NEW_NAMES, STEP } from '#core/operations/nodeDrain/steps.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

/**
 * Moves a member of a data cluster by the restart of its own system, which knows when it may go and when it is back. What is added is
 * where: it leaves only a cordoned node and only when another one would take it, and it is back when its pod is elsewhere. Nothing is
 * added to steps of a system that take nobody out.
 */
export function memberKind(run: DrainRun): StepKind {
  const inPart = (context: StepContext): InPart => find(run, context);
  return {
    async isDone(context) {
      const { part, own } = inPart(context);
      if (!isFollowed(context)) return part.procedure.isDone(own);
      const pod = await memberPod(run, part, context);
      return pod !== undefined && isElsewhere(run, pod) && part.procedure.isDone(own);
    },
    hasActed: (context) => asked(inPart(context), 'hasActed'),
    prepare: (context) => asked(inPart(context), 'prepare'),
    async gate(context) {
      const { part, own } = inPart(context);
      if (context.step.parameters[ENDS] === true) return (await run.closed()) ?? part.procedure.gate(own);
      if (!takesOut(context)) return part.procedure.gate(own);
      return (await run.closed()) ?? (await noPlace(run, part, context)) ?? part.procedure.gate(own);
    },
    act: (context) => asked(inPart(context), 'act'),
    async awaited(context) {
      const { part, own } = inPart(context);
      const answer = await part.procedure.awaited(own);
      return answer.kind === 'yes' && isFollowed(context) ? moved(run, part, context, answer) : answer;
    },
    finish: (context) => asked(inPart(context), 'finish'),
    canAbort(context) {
      const { part, own } = inPart(context);
      return part.procedure.canAbort?.(own) ?? false;
    },
    async abort(context) {
      const { part, own } = inPart(context);
      return (await part.procedure.abort?.(own)) ?? [];
    },
    leave: (state, record) => leaveParts(run, state, record),
  };
}

/** Followed by its name. What comes back under another one, or not at all, is for its own system to tell. */
const isFollowed = (context: StepContext): boolean => takesOut(context) && context.step.parameters[NEW_NAMES] !== true;

const takesOut = ({ step }: StepContext): boolean => step.member !== undefined;

interface InPart {
  readonly part: Part;
  /** The step as the part knows it. */
  readonly own: StepContext;
}

function find({ parts }: DrainRun, { step, memory, memories = {} }: StepContext): InPart {
  const key = String(step.parameters[CLUSTER]);
  const part = parts.get(key);
  const own = part?.plan.steps.find(({ id }) => id === step.parameters[STEP]);
  if (part && own) return { part, own: { step: own, memory, memories: memoriesOf(part, key, memories) } };
  throw new Error(`The plan has no data cluster for its step ${step.id}.`);
}

/** What the steps of the part remembered, by its own ids. */
function memoriesOf(
  { plan }: Part,
  key: string,
  memories: NonNullable<StepContext['memories']>,
): NonNullable<StepContext['memories']> {
  return Object.fromEntries(plan.steps.map(({ id }) => [id, memories[`${key}/${id}`] ?? {}]));
}

function asked<Method extends 'hasActed' | 'prepare' | 'act' | 'finish'>(
  { part, own }: InPart,
  method: Method,
): ReturnType<Part['procedure'][Method]>;
function asked({ part: { procedure }, own }: InPart, method: 'hasActed' | 'prepare' | 'act' | 'finish'): unknown {
  return procedure[method](own);
}

function memberPod(run: DrainRun, { plan }: Part, { step }: StepContext): Promise<LivePod | undefined> {
  return run.pod(plan.target.namespace, step.member ?? '');
}

function isElsewhere({ nodeName }: DrainRun, { node }: LivePod): boolean {
  return node !== '' && node !== nodeName;
}

/** Undefined when some node would take the pod, or when that cannot be told. */
async function noPlace(run: DrainRun, { plan }: Part, { step }: StepContext): Promise<Answer | undefined> {
  const { namespace } = plan.target;
  const name = step.member ?? '';
  const live = await run.pod(namespace, name);
  if (!live || live.node !== run.nodeName) return undefined;
  const raw = await run.cluster.get({ ...podKind, namespace, name });
  const place = await new OtherNodes(run.cluster, run.nodeName).for({ live, raw });
  if (place.kind !== 'nowhere') return undefined;
  const reasons = place.reasons.join(', ');
  return { kind: 'wait', waitingFor: `another node for ${name}: ${reasons}`, measure: [reasons], isNear: false };
}

async function moved(run: DrainRun, part: Part, context: StepContext, back: Answer): Promise<Answer> {
  const pod = await memberPod(run, part, context);
  const name = context.step.member ?? '';
  if (!pod) return { kind: 'wait', waitingFor: `${name} to be created again`, measure: ['absent'], isNear: false };
  if (isElsewhere(run, pod)) return back;
  const open = await run.closed();
  const why = open?.kind === 'stop' ? ` ${open.reason}` : '';
  const reason = `${name} is whole again, and on ${run.nodeName} as before.${why}`;
  return { kind: 'stop', reason, fix: 'See what lets it run there, and plan the drain again.' };
}

/** Each part puts back what it changed for its own sake, from the steps that are its own. */
async function leaveParts({ plan, parts }: DrainRun, state: RunState, record: RunRecord): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const [key, { plan: own, procedure }] of parts) {
    const ids = new Map(
      plan.steps
        .filter(({ parameters }) => parameters[CLUSTER] === key)
        .map(({ id, parameters }) => [id, String(parameters[STEP])]),
    );
    const steps = record.steps.flatMap((step) => {
      const id = ids.get(step.id);
      return id === undefined ? [] : [{ ...step, id }];
    });
    if (steps.length > 0) notes.push(...((await procedure.leave?.(state, { ...record, plan: own, steps })) ?? []));
  }
  return notes;
}
