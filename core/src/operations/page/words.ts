import { element, type DetailElement } from '#core/live/detail/html.ts';
import { plainText } from '#core/live/plainText.ts';
import type { FollowedRun } from '#core/operations/followRun.ts';
import { shareOf, stepNumber } from '#core/operations/followRun.ts';
import type { OperationTarget, Precondition, RunState, StepPhase } from '#core/operations/model.ts';
import { subjectTitle } from '#core/operations/subjectTitle.ts';
import type { ShownRun } from '#core/operations/shownRun.ts';

/** A text of a plan or a cluster as one line of plain text, with room for some sentences. */
export const clean = (text: string): string => plainText(text, 600);

interface Badge {
  readonly word: string;
  readonly sign: string;
  /** As the style sheet of pages names it: a level of health. */
  readonly look: 'healthy' | 'working' | 'unknown' | 'warning' | 'unhealthy';
}

/** Worst first, which is the order in which they are shown. */
export const verdicts: Readonly<Record<Precondition['state'], Badge>> = {
  fails: { word: 'Fails', sign: '✗', look: 'unhealthy' },
  consent: { word: 'Needs your consent', sign: '!', look: 'warning' },
  warns: { word: 'Warning', sign: '!', look: 'warning' },
  unknown: { word: 'Could not tell', sign: '?', look: 'unknown' },
  holds: { word: 'Holds', sign: '✓', look: 'healthy' },
};

export const runStates: Readonly<Record<RunState['kind'], Badge>> = {
  running: { word: 'Running', sign: '…', look: 'working' },
  paused: { word: 'Paused', sign: '!', look: 'warning' },
  stopped: { word: 'Stopped', sign: '✗', look: 'unhealthy' },
  cancelled: { word: 'Cancelled', sign: '–', look: 'unknown' },
  done: { word: 'Done', sign: '✓', look: 'healthy' },
};

export const phases: Readonly<Record<StepPhase | 'planned', Badge>> = {
  planned: { word: 'To come', sign: '·', look: 'unknown' },
  gate: { word: 'Waits to act', sign: '…', look: 'working' },
  acting: { word: 'Acts', sign: '…', look: 'working' },
  awaiting: { word: 'Has acted', sign: '…', look: 'working' },
  finishing: { word: 'Closing work', sign: '…', look: 'working' },
  done: { word: 'Done', sign: '✓', look: 'healthy' },
};

export function badge({ word, sign, look }: Badge): DetailElement {
  return element('span', { class: `badge ${look}` }, element('span', { 'aria-hidden': 'true' }, sign), ` ${word}`);
}

/** `Kafka orders in namespace shop of demo`. */
export function placeText(target: OperationTarget): string {
  const { system, name, namespace, context } = target;
  const where = system === 'kubernetes' ? '' : ` in namespace ${clean(namespace)}`;
  return `${subjectTitle(target)} ${clean(name)}${where} of context ${clean(context)}`;
}

/** How far a run is, in a few words for a row or a status bar: `running here, step 2 of 5`. */
export function progressText(run: ShownRun): string {
  const { state } = run.record;
  const { done, all } = shareOf(run.record);
  if (state.kind !== 'running') return `${state.kind}, ${done} of ${all} steps`;
  const how = run.place === 'here' ? wishWords[run.wish] : 'running elsewhere';
  return `${how}, ${stepText(run)}`;
}

export function stepText(run: FollowedRun): string {
  return `step ${stepNumber(run)} of ${run.record.plan.steps.length}`;
}

const wishWords: Readonly<Record<ShownRun['wish'], string>> = {
  run: 'running here',
  pause: 'pausing',
  cancel: 'cancelling',
  detach: 'leaving',
};
