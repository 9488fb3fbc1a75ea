import { element, type DetailChild, type DetailElement } from '#core/live/detail/html.ts';
import { section } from '#core/live/detail/parts.ts';
import { clean, levelBadge, timeAgo } from '#core/live/detail/words.ts';
import { ahead } from '#core/live/durations.ts';
import type { TellingLine } from '#core/live/jobs/tellingLines.ts';
import type { StoryMoment } from '#core/live/model.ts';
import { formatTime } from '#core/time.ts';

/** What has happened and what is ahead, as a list in the order of time. */
export function storySection(moments: readonly StoryMoment[], now: number): DetailElement | undefined {
  if (moments.length === 0) return undefined;
  return section(
    'story',
    'Story',
    element(
      'ol',
      { class: 'evidence' },
      moments.map((one) => element('li', { class: one.level }, momentText(one, now))),
    ),
  );
}

function momentText({ at, level, text, source, isAhead }: StoryMoment, now: number): DetailChild {
  const when = isAhead === true && at !== undefined ? aheadTime(at, now) : timeAgo(at, now);
  // What simply happened needs no sign.
  const badge: DetailChild = level === 'done' ? '' : [levelBadge(level), ' '];
  return [
    when,
    ' ',
    badge,
    clean(text),
    source !== 'kubernetes' && element('span', { class: 'source' }, ' says the operator'),
  ];
}

function aheadTime(at: number, now: number): DetailElement {
  const exact = formatTime(at);
  return element('time', { datetime: exact, title: exact }, ahead(at - now));
}

/** The lines of the log of a failed run, as far as somebody asked for them. */
export type FailureLines =
  | { readonly kind: 'unasked'; readonly pod: string }
  | { readonly kind: 'reading'; readonly pod: string }
  | { readonly kind: 'read'; readonly pod: string; readonly lines: readonly TellingLine[]; readonly isWhole: boolean }
  | { readonly kind: 'unread'; readonly pod: string; readonly reason: string };

/** @param failure undefined where nothing failed whose log may still be there */
export function failureSection(failure: FailureLines | undefined, now: number): DetailElement | undefined {
  if (failure === undefined) return undefined;
  const pod = clean(failure.pod);
  const button = element(
    'button',
    { type: 'button', 'data-action': 'failure', 'data-key': 'failure' },
    failure.kind === 'unasked' ? 'Read the Lines That Matter' : 'Read Again',
  );
  return section('failure', 'What the log says', failureBody(failure, pod, now), failure.kind !== 'reading' && button);
}

function failureBody(failure: FailureLines, pod: string, now: number): DetailChild {
  switch (failure.kind) {
    case 'unasked':
      return element('p', {}, `The log of ${pod}, which failed, has not been read.`);
    case 'reading':
      return element('p', {}, `The log of ${pod} is being read.`);
    case 'unread':
      return element('p', { class: 'source' }, `The log of ${pod} could not be read: ${clean(failure.reason)}`);
    case 'read':
      return linesOf(failure, pod, now);
  }
}

function linesOf(
  { lines, isWhole }: Extract<FailureLines, { readonly kind: 'read' }>,
  pod: string,
  now: number,
): DetailChild {
  if (lines.length === 0) return element('p', {}, `${pod} has written nothing.`);
  return [
    element('p', {}, isWhole ? `Of the log of ${pod}:` : `Of the log of ${pod}, its last lines:`),
    element(
      'ul',
      { class: 'evidence' },
      lines.map(({ at, text }) => element('li', {}, at === undefined ? '' : [timeAgo(at, now), ' '], clean(text))),
    ),
  ];
}
