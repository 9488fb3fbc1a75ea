import type { Plan, Progress, RunState, StepPhase } from '#core/operations/model.ts';
import { isoTime } from '#server/cli/status/json.ts';
import type { Terminal } from '#server/cli/terminal.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** Numbers that move are told this often at most, so that a log stays readable. */
const TOLD_EVERY_MS = 2000;

const phaseWords: Readonly<Record<StepPhase, string>> = {
  gate: 'waits for its turn',
  acting: 'goes now',
  awaiting: 'is out',
  finishing: 'is back in sync',
  done: 'done',
};

/** Of steps that take nobody out. */
const plainWords: Readonly<Record<StepPhase, string>> = {
  ...phaseWords,
  awaiting: 'is awaited',
  finishing: 'has come about',
};

/** A line for every change of a run; for machines an object a line. */
export function progressWriter(plan: Plan, format: 'text' | 'json', terminal: Terminal): (progress: Progress) => void {
  return format === 'json' ? jsonWriter(terminal) : textWriter(plan, terminal);
}

function jsonWriter(terminal: Terminal): (progress: Progress) => void {
  return (progress) => {
    const { at, kind, ...rest } = progress;
    const named = 'step' in rest ? { ...rest, step: rest.step.id } : rest;
    terminal.out(`${JSON.stringify({ time: isoTime(at), type: kind, ...named })}\n`);
  };
}

function textWriter({ steps }: Plan, terminal: Terminal): (progress: Progress) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let told = '';
  return (progress) => {
    if (progress.kind === 'state') return;
    const { step, at } = progress;
    const text = textOf(progress);
    const isNumberOnly = progress.kind === 'waiting' && digitsAside(text) === digitsAside(told);
    if (text === told || (isNumberOnly && at - toldAt < TOLD_EVERY_MS)) return;
    told = text;
    toldAt = at;
    const place = steps.findIndex(({ id }) => id === step.id) + 1;
    terminal.out(`${clockTime(at)}  ${place}/${steps.length}  ${printable(step.id)}  ${printable(text)}\n`);
  };
}

function textOf(progress: Exclude<Progress, { kind: 'state' }>): string {
  if (progress.kind === 'note') return progress.text;
  if (progress.kind === 'waiting') return `waits for ${progress.waitingFor}`;
  return (progress.step.member === undefined ? plainWords : phaseWords)[progress.phase];
}

const digitsAside = (text: string): string => text.replaceAll(/\d+/g, '0');

const clockTime = (at: number): string => isoTime(at).slice(11, 19);

/** How it ended, for people. */
export function endText(state: RunState): string {
  if (state.kind === 'paused' || state.kind === 'stopped')
    return `${state.kind}: ${printable(state.reason)}\n${printable(state.fix)}\n`;
  return state.kind === 'cancelled' ? 'Cancelled between two steps: no member is out because of it.\n' : 'Done.\n';
}
