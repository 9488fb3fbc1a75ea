import { describe, expect, it } from 'vitest';
import { replaceSections } from '#test/bench/sections.ts';

const sections = [
  { name: 'first', title: 'First' },
  { name: 'second', title: 'Second, of `many`' },
  { name: 'third', title: 'Third' },
];

const page =
  '# Old head\n\n## First\n\n### One\n\n| a |\n\n## Second, of `many`\n\nold figures\n\n## Gone\n\nnobody measures it\n';

describe('the page of benchmarks', () => {
  it('gets new figures of what was measured, and keeps those of the rest', () => {
    const next = replaceSections(page, '# New head', sections, new Map([['second', 'new figures\n']]));
    expect(next).toBe('# New head\n\n## First\n\n### One\n\n| a |\n\n## Second, of `many`\n\nnew figures\n');
  });

  it('has its sections in their order, also those that are new', () => {
    const next = replaceSections(page, '# Head', sections, new Map([['third', 'figures']]));
    expect(next.match(/^## .*$/gm)).toEqual(['## First', '## Second, of `many`', '## Third']);
  });

  it('is the same when it is written again', () => {
    const once = replaceSections(page, '# Head', sections, new Map([['third', 'figures']]));
    expect(replaceSections(once, '# Head', sections, new Map())).toBe(once);
  });
});
