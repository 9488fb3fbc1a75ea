import { expect, test } from 'vitest';
import { comparisonTable, figuresOf, formatFigures, spread, type Row } from './comparison.ts';

interface Run {
  readonly seconds: number;
  readonly own?: number;
}

const rows: readonly Row<Run>[] = [
  ['**time, s**', ({ seconds }) => seconds],
  ['only ours', ({ own }) => own],
];
const theirs: readonly Run[] = [{ seconds: 3 }, { seconds: 1 }];
const ours: readonly Run[] = [{ seconds: 2, own: 7 }];

test('a table has medians with their ranges, and nothing where a kind of run has no figure', () => {
  const columns = [
    { title: 'theirs', runs: theirs },
    { title: 'ours', runs: ours },
  ];
  expect(comparisonTable(columns, rows).split('\n')).toEqual([
    '| median (range) of so many runs | theirs (2) | ours (1) |',
    '| --- | --- | --- |',
    '| **time, s** | 2 (1 to 3) | 2 |',
    '| only ours |  | 7 |',
  ]);
});

test('where every kind has as many runs, their number is said once', () => {
  const columns = [{ title: 'theirs', runs: theirs }];
  expect(comparisonTable(columns, rows)).toMatch(/^\| 2 runs each, median \(range\) \| theirs \|\n/);
});

test('figures as data have plain names, and none that the run does not have', () => {
  expect(theirs.map((run) => figuresOf(run, rows))).toEqual([{ 'time, s': 3 }, { 'time, s': 1 }]);
  expect(figuresOf({ seconds: 2, own: 7 }, rows)).toEqual({ 'time, s': 2, 'only ours': 7 });
});

test('a list of figures leaves out what no run has', () => {
  expect(formatFigures('rollout', theirs, rows)).toMatch(
    /^rollout, median of 2 runs \(range\)\n {2}time, s +2 \(1 to 3\)$/,
  );
});

test.each([
  [[], ''],
  [[4, 4], '4'],
  [[0.123, 1.567], '0.85 (0.12 to 1.57)'],
])('%j is told as %j', (values, expected) => {
  expect(spread(values)).toBe(expected);
});
