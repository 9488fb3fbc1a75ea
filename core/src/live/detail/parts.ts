import { element, type DetailChild, type DetailElement } from '#core/live/detail/html.ts';
import { clean } from '#core/live/detail/words.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => DetailChild;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
  /** Sentences and long names, which go on in the next line. */
  readonly isLong?: boolean;
  /** The cell that names the row. */
  readonly isHead?: boolean;
}

/** A table with a caption, heads for its columns and, where a column says so, for its rows. */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): DetailElement {
  const heads = columns.map(({ title, isNumber }) =>
    element('th', { scope: 'col', class: isNumber === true ? 'number' : undefined }, title),
  );
  const body = rows.map((row) =>
    element(
      'tr',
      { 'data-key': clean(keyOf(row)) },
      columns.map(({ cell, isHead, isNumber, isLong }) =>
        element(
          isHead === true ? 'th' : 'td',
          {
            scope: isHead === true ? 'row' : undefined,
            class: isNumber === true ? 'number' : isLong === true ? 'long' : undefined,
          },
          cell(row),
        ),
      ),
    ),
  );
  // Wide tables scroll by themselves, and by the keyboard too.
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, heads)),
      element('tbody', {}, body),
    ),
  );
}

/** A part of the page that screen readers can jump to. */
export function section(id: string, title: string, ...children: readonly DetailChild[]): DetailElement {
  const heading = element('h2', { id: `${id}-title` }, title);
  return element('section', { id, 'data-key': id, 'aria-labelledby': `${id}-title` }, heading, children);
}

/** A picture with the sentence that says the same. */
export function figure(label: string, picture: DetailElement, ...captions: readonly DetailChild[]): DetailElement {
  return element('figure', {}, picture, element('figcaption', {}, label, captions));
}

export function svg(width: number, height: number, label: string, ...children: readonly DetailChild[]): DetailElement {
  return element(
    'svg',
    { viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`, width, height, role: 'img', 'aria-label': label },
    children,
  );
}

/** A short bar beside a number that says the same. */
export function bar(share: number, text: string, level = 'even'): readonly DetailElement[] {
  const width = 80 * Math.min(1, Math.max(0, share));
  const picture = element(
    'svg',
    { viewBox: '0 0 80 10', width: 80, height: 10, class: 'bar', 'aria-hidden': 'true' },
    element('rect', { class: 'track', x: 0, y: 0, width: 80, height: 10 }),
    element('rect', { class: level, x: 0, y: 0, width, height: 10 }),
  );
  return [element('span', { class: 'measure' }, text), picture];
}
