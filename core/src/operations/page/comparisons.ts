import { element, type DetailChild, type DetailElement } from '#core/live/detail/html.ts';
import { bar, section, table } from '#core/live/detail/parts.ts';
import { clean } from '#core/operations/page/words.ts';
import type { Comparison } from '#core/operations/model.ts';
import { figureText } from '#core/operations/report.ts';

type Item = Comparison['items'][number];

/** What it is now and what it will be: a bar and its number for each member, before and after; nothing when there is nothing to compare. */
export function comparisonSection(comparisons: readonly Comparison[] | undefined): DetailElement | undefined {
  const shown = (comparisons ?? []).filter(({ items }) => items.length > 0);
  if (shown.length === 0) return undefined;
  return section('preview', 'Before and after', shown.map(comparisonTable));
}

function comparisonTable(comparison: Comparison): DetailElement {
  const { title, items, unit, limit } = comparison;
  const largest = Math.max(limit ?? 0, ...items.flatMap(({ before, after }) => [before, after]));
  const cell = (value: number): DetailChild => {
    const isAbove = limit !== undefined && value > limit;
    const text = `${figureText(value, unit)}${isAbove ? ' (above the limit)' : ''}`;
    return bar(largest > 0 ? value / largest : 0, text, isAbove ? 'outofsync' : 'even');
  };
  const caption = `${clean(title)}${limit === undefined ? '' : `, limit ${figureText(limit, unit)}`}`;
  const columns = [
    { title: 'Member', cell: ({ label }: Item) => clean(label), isHead: true },
    { title: 'Before', cell: ({ before }: Item) => cell(before), isNumber: true },
    { title: 'After', cell: ({ after }: Item) => cell(after), isNumber: true },
    { title: 'Change', cell: (item: Item) => changeText(item, unit), isNumber: true },
  ];
  return element(
    'div',
    { 'data-key': clean(title) },
    table(caption, columns, items, ({ label }) => label),
  );
}

function changeText({ before, after }: Item, unit: Comparison['unit']): string {
  const change = after - before;
  if (change === 0) return 'none';
  return `${change > 0 ? '+' : '−'}${figureText(Math.abs(change), unit)}`;
}
