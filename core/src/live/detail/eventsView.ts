import type { LiveEvent } from '#core/live/objects.ts';
import { element, type DetailElement } from '#core/live/detail/html.ts';
import { figure, plural, section, svg, table } from '#core/live/detail/parts.ts';
import { clean, durationText, timeAgo } from '#core/live/detail/words.ts';

const WIDTH = 600;
const LEFT = 70;
const LANE = 26;
const MOST_ROWS = 100;
const SHORTEST_MS = 10 * 60_000;

const lanes = [
  { type: 'Warning', level: 'warning' },
  { type: 'Normal', level: 'even' },
] as const;

/** What Kubernetes and the operators reported lately: on a line of time, and as a table with the newest first. */
export function eventsSection(events: readonly LiveEvent[] | undefined, now: number): DetailElement {
  if (events === undefined) return section('events', 'Events', element('p', {}, 'Events are being read.'));
  if (events.length === 0) return section('events', 'Events', element('p', {}, 'No events in the last hour.'));
  const newest = events.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));
  const more = newest.length - MOST_ROWS;
  return section(
    'events',
    'Events',
    timeLine(newest, now),
    table(
      more > 0 ? `Events, newest first; ${more} older ones are not shown` : 'Events, newest first',
      [
        { title: 'When', cell: ({ at }) => timeAgo(at, now) },
        { title: 'Type', cell: ({ type }) => clean(type) },
        { title: 'Reason', isHead: true, cell: ({ reason }) => clean(reason) },
        { title: 'About', cell: ({ about }) => clean(`${about.kind} ${about.name}`) },
        { title: 'Message', cell: ({ message }) => clean(message) },
        { title: 'Times', isNumber: true, cell: ({ count }) => String(count) },
      ],
      newest.slice(0, MOST_ROWS),
      ({ meta }) => meta.uid || meta.name,
    ),
  );
}

function timeLine(events: readonly LiveEvent[], now: number): DetailElement {
  const dated = events.filter((event) => event.at !== undefined);
  const oldest = Math.min(now - SHORTEST_MS, ...dated.map(({ at }) => at ?? now));
  const place = (at: number): number =>
    LEFT + ((Math.min(at, now) - oldest) / Math.max(1, now - oldest)) * (WIDTH - LEFT - 12);
  const warnings = events.filter(({ type }) => type === 'Warning').length;
  const label = `${plural(events.length, 'event')} in the last ${durationText(now - oldest)}, ${plural(warnings, 'warning')}.`;
  const drawn = lanes.map(({ type, level }, index) => {
    const y = index * LANE + LANE / 2;
    const own = dated.filter((event) => (event.type === 'Warning') === (type === 'Warning'));
    return [
      element('text', { class: 'label', x: 0, y: y + 4 }, type),
      element('line', { class: 'axis', x1: LEFT, x2: WIDTH - 8, y1: y, y2: y }),
      own.map(({ at, reason, message }) =>
        element(
          'circle',
          { class: level, cx: place(at ?? now), cy: y, r: 4 },
          element('title', {}, `${clean(reason)}: ${clean(message)}`),
        ),
      ),
    ];
  });
  const axis = [
    element('text', { class: 'label', x: LEFT, y: 2 * LANE + 12 }, `${durationText(now - oldest)} ago`),
    element('text', { class: 'label', x: WIDTH - 8, y: 2 * LANE + 12, 'text-anchor': 'end' }, 'now'),
  ];
  return figure(label, svg(WIDTH, 2 * LANE + 18, label, drawn, axis));
}
