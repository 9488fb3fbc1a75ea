import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines } from '#core/text/diff.ts';
import { nearestName } from '#core/text/distance.ts';
import { applyEdits } from '#core/text/range.ts';

describe('diffLines', () => {
  it('touches only lines that change', () => {
    const before = 'a\nb\nc\nd\n';
    expect(diffLines(before, 'a\nB\nc\nd\ne\n')).toEqual([
      { range: { start: 2, end: 4 }, newText: 'B\n' },
      { range: { start: 8, end: 8 }, newText: 'e\n' },
    ]);
  });

  it('always leads to the other text', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', '  d'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, fc.constantFrom('\n', '\r\n'), (a, b, eol) => {
        const [before, after] = [a.join(eol), b.join(eol)];
        expect(applyEdits(before, diffLines(before, after))).toBe(after);
      }),
      { seed: 7 },
    );
  });
});

describe('nearestName', () => {
  it.each([
    ['Image', ['image', 'imagePullPolicy'], 'image'],
    ['comand', ['command', 'args'], 'command'],
    ['lables', ['labels', 'name'], 'labels'],
    ['labels', ['matchLabels', 'matchExpressions'], 'matchLabels'],
    ['frobnicate', ['command', 'args'], undefined],
    ['x', ['a', 'yy'], undefined],
  ])('%s among %j is %s', (word, names, expected) => {
    expect(nearestName(word, names)).toBe(expected);
  });
});
