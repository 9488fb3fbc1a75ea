import type { Plan, Progress, RunRecord, StepPhase, StepRecord } from '#core/operations/model.ts';

/** A run as somebody watches it: what is written down of it, and what the step under way does at this moment. */
export interface FollowedRun {
  readonly record: RunRecord;
  /** Undefined while nothing is under way, and for runs that another program runs. */
  readonly current: CurrentStep | undefined;
}

export interface CurrentStep {
  readonly id: string;
  readonly phase: StepPhase;
  /** When it came into this phase. */
  readonly since: number;
  /** What it waits for, with numbers that move; absent while it waits for nothing. */
  readonly waitingFor?: string;
}

/** A run that begins, or that goes on with an earlier one. */
export function beginToFollow(plan: Plan, runner: string, at: number, earlier?: RunRecord): FollowedRun {
  const startedAt = earlier?.startedAt ?? at;
  return {
    record: { plan, state: { kind: 'running' }, startedAt, runner, steps: earlier?.steps ?? [] },
    current: undefined,
  };
}

/** What a run is after it has told something. */
export function foldProgress(run: FollowedRun, progress: Progress): FollowedRun {
  switch (progress.kind) {
    case 'state':
      return { record: { ...run.record, state: progress.state }, current: undefined };
    case 'step':
      return {
        record: withStep(run.record, progress.step.id, progress.at, (step) => enter(step, progress.phase, progress.at)),
        current: currentOf(run, progress.step.id, progress.phase, progress.at),
      };
    case 'waiting': {
      const { step, phase, waitingFor, at } = progress;
      return { record: run.record, current: { ...currentOf(run, step.id, phase, at), waitingFor } };
    }
    case 'note':
      return {
        ...run,
        record: withStep(run.record, progress.step.id, progress.at, (step) => ({
          ...step,
          notes: [...step.notes, progress.text].slice(-KEPT_NOTES),
        })),
      };
  }
}

/** As many as the journal keeps of a step. */
const KEPT_NOTES = 20;

function currentOf({ current }: FollowedRun, id: string, phase: StepPhase, at: number): CurrentStep {
  const isSame = current?.id === id && current.phase === phase;
  return { id, phase, since: isSame ? current.since : at };
}

function enter(step: StepRecord, phase: StepPhase, at: number): StepRecord {
  const acted = phase === 'awaiting' && step.actedAt === undefined ? { actedAt: at } : {};
  return { ...step, phase, ...acted, ...(phase === 'done' ? { doneAt: at } : {}) };
}

function withStep(record: RunRecord, id: string, at: number, change: (step: StepRecord) => StepRecord): RunRecord {
  const known = record.steps.find((step) => step.id === id);
  const before: StepRecord = known ?? { id, phase: 'gate', startedAt: at, memory: {}, notes: [] };
  const others = record.steps.filter((step) => step.id !== id);
  return { ...record, steps: [...others, change(before)] };
}

/** Steps that are done, and how many there are. */
export function shareOf({ plan, steps }: RunRecord): { readonly done: number; readonly all: number } {
  const done = plan.steps.filter(({ id }) => steps.some((step) => step.id === id && step.phase === 'done')).length;
  return { done, all: plan.steps.length };
}

/** The number of the step that is under way or comes next, from 1; the last one once all are done. */
export function stepNumber(run: FollowedRun): number {
  const { plan } = run.record;
  const index = plan.steps.findIndex(({ id }) => id === run.current?.id);
  return index >= 0 ? index + 1 : Math.min(shareOf(run.record).done + 1, plan.steps.length);
}
