import type { JudgedCluster, JudgedMember } from '#core/live/view.ts';
import { element, type DetailElement } from '#core/live/detail/html.ts';
import { figure, plural, svg } from '#core/live/detail/parts.ts';
import { clean, durationText, levelWords } from '#core/live/detail/words.ts';

const LEFT = 190;
const WIDTH = 420;
const ROW = 20;
const MOST_ROWS = 120;

interface Span {
  readonly member: JudgedMember;
  readonly from: number;
  /** Undefined while it runs. */
  readonly to: number | undefined;
  readonly end: string;
}

/** Driver and executors of a Spark application over time: when each ran, and how it ended. */
export function executorsView({ members }: JudgedCluster, now: number): readonly DetailElement[] {
  const all = members.flatMap(spansOf).toSorted((a, b) => a.from - b.from);
  const spans = all.slice(-MOST_ROWS);
  if (spans.length === 0) return [element('p', {}, 'No pod of it has started.')];
  const start = Math.min(...spans.map(({ from }) => from));
  const length = Math.max(1000, now - start);
  const rows = spans.map((span, index) =>
    spanRow(span, index * ROW, (at) => LEFT + ((at - start) / length) * WIDTH, now),
  );
  const running = spans.filter(({ to }) => to === undefined).length;
  const label = `${plural(spans.length, 'run')} of drivers and executors in the last ${durationText(length)}, ${running} going on. Pods that are gone are not drawn.`;
  const scroll = element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Executors over time' },
    svg(LEFT + WIDTH + 10, spans.length * ROW + 4, label, rows),
  );
  return [
    figure(
      label,
      scroll,
      element(
        'details',
        {},
        element('summary', {}, 'The same as a list'),
        element(
          'ul',
          {},
          spans.map((span) => element('li', {}, spanText(span, now))),
        ),
      ),
    ),
  ];
}

function spanRow(span: Span, y: number, place: (at: number) => number, now: number): readonly DetailElement[] {
  const { member, from, to } = span;
  const x = place(from);
  return [
    element('text', { class: 'label', x: 0, y: y + 13 }, shorten(clean(member.member.name))),
    element(
      'rect',
      {
        class: `span ${to === undefined ? member.health.level : endLevel(span)}`,
        x,
        y: y + 3,
        width: Math.max(2, place(to ?? now) - x),
        height: ROW - 7,
      },
      element('title', {}, spanText(span, now)),
    ),
  ];
}

function spanText({ member, from, to, end }: Span, now: number): string {
  const { name, role } = member.member;
  const ran = durationText((to ?? now) - from);
  return to === undefined
    ? `${role} ${clean(name)}: has been running for ${ran}`
    : `${role} ${clean(name)}: ran ${ran}, ${end}`;
}

function endLevel({ end }: Span): string {
  return end.startsWith('completed') ? 'done' : 'unhealthy';
}

/** The run that goes on, and those whose end Kubernetes still knows. */
function spansOf(member: JudgedMember): readonly Span[] {
  const { pod, container } = member.member;
  const state = pod?.states.find(({ name }) => name === container) ?? pod?.states.find(({ isInit }) => !isInit);
  if (state === undefined) return [];
  const ends = [state.lastEnd, state.ended].flatMap((end) => {
    if (end?.startedAt === undefined || end.finishedAt === undefined) return [];
    const how =
      end.exitCode === 0
        ? 'completed'
        : `ended with exit code ${end.exitCode}${end.reason === '' ? '' : ` (${clean(end.reason)})`}`;
    return [{ member, from: end.startedAt, to: end.finishedAt, end: how }];
  });
  return state.runningSince === undefined
    ? ends
    : [...ends, { member, from: state.runningSince, to: undefined, end: '' }];
}

const BOX = 92;
const BOX_HEIGHT = 46;
const PER_ROW = 6;

/** The replicas of a training job by their type, each with its restarts and its last end. */
export function replicasView({ members }: JudgedCluster): readonly DetailElement[] {
  const groups = [...new Set(members.map(({ member }) => member.group || member.role))];
  return groups.map((group) => {
    const own = members.filter(({ member }) => (member.group || member.role) === group).slice(0, MOST_ROWS);
    const restarts = own.map(restartsOf);
    const all = restarts.reduce((sum, count) => sum + count, 0);
    const label = `${clean(group)}: ${plural(own.length, 'replica')}, ${plural(all, 'restart')}.`;
    const boxes = own.map((member, index) => replicaBox(member, index));
    const rows = Math.ceil(own.length / PER_ROW);
    return figure(
      label,
      svg(Math.min(PER_ROW, own.length) * BOX, rows * (BOX_HEIGHT + 8), label, boxes),
      element('ul', {}, own.map(replicaItem)),
    );
  });
}

function replicaBox(judged: JudgedMember, index: number): DetailElement {
  const x = 1 + (index % PER_ROW) * BOX;
  const y = 1 + Math.floor(index / PER_ROW) * (BOX_HEIGHT + 8);
  const { member, health } = judged;
  const middle = x + (BOX - 8) / 2;
  return element(
    'g',
    {},
    element(
      'rect',
      { class: `box ${health.level}`, x, y, width: BOX - 8, height: BOX_HEIGHT },
      element('title', {}, replicaText(judged)),
    ),
    element(
      'text',
      { x: middle, y: y + 18, 'text-anchor': 'middle', 'aria-hidden': 'true' },
      `${levelWords[health.level].sign} ${member.index ?? '?'}`,
    ),
    element(
      'text',
      { class: 'label', x: middle, y: y + 36, 'text-anchor': 'middle', 'aria-hidden': 'true' },
      plural(restartsOf(judged), 'restart'),
    ),
  );
}

function replicaItem(judged: JudgedMember): DetailElement {
  return element('li', { 'data-key': clean(judged.member.name) }, replicaText(judged));
}

/** What the sentence of its health says already is not said again. */
function replicaText(judged: JudgedMember): string {
  const { member, health } = judged;
  const sentence = clean(health.sentence) || levelWords[health.level].word;
  const last = stateOf(judged)?.lastEnd;
  const end = last === undefined ? '' : `last ended with exit code ${last.exitCode}${reasonText(last.reason)}`;
  const parts = [
    sentence,
    sentence.includes('restart') ? '' : plural(restartsOf(judged), 'restart'),
    sentence.includes('exit code') ? '' : end,
  ];
  return `${clean(member.name)}: ${parts.filter((part) => part !== '').join(', ')}`;
}

function reasonText(reason: string): string {
  return reason === '' ? '' : ` (${clean(reason)})`;
}

function stateOf({
  member: { pod, container },
}: JudgedMember): NonNullable<JudgedMember['member']['pod']>['states'][number] | undefined {
  return pod?.states.find(({ name }) => name === container) ?? pod?.states.find(({ isInit }) => !isInit);
}

export function restartsOf(judged: JudgedMember): number {
  return stateOf(judged)?.restarts ?? 0;
}

/** Names of executors are long and differ at their end. */
function shorten(name: string): string {
  return name.length <= 28 ? name : `${name.slice(0, 10)}…${name.slice(-17)}`;
}
