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
    '| 1 to 2 runs each, median (range) | theirs | ours |',
    '| --- | --- | --- |',
    '| **time, s** | 2 (1 to 3) | 2 |',
    '| only ours |  | 7 |',
  ]);
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
