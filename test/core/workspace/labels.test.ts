import { expect, test } from 'vitest';
import type { LabelSet } from '#core/workspace/facts.ts';
import { selects } from '#core/workspace/labels.ts';

const start = { line: 0, character: 0 };
const place = { range: { start: 0, end: 0 }, lines: { start, end: start } };

function labelSet(part: Partial<LabelSet>): LabelSet {
  const nothing = { path: '', role: 'pods', use: 'governing', entries: [], expressions: [], isWhole: true } as const;
  return { ...place, ...nothing, ...part };
}

const wantsApp = labelSet({ role: 'selector', expressions: [{ key: 'app', operator: 'Exists', values: [] }] });

test('a requirement is not met by pods that have no such label', () => {
  expect(selects(wantsApp, labelSet({}))).toBe(false);
});

test('a requirement may be met by labels that could not all be read', () => {
  expect(selects(wantsApp, labelSet({ isWhole: false }))).toBeUndefined();
});
