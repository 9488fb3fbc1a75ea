import { describe, expect, it } from 'vitest';
import { documentFilters, isServedDocument } from '#client/documents/selector.ts';

describe('the documents that are served', () => {
  it.each([
    ['yaml', 'file', true],
    ['yaml', 'untitled', true],
    ['yaml', 'vscode-vfs', true],
    ['helm', 'file', true],
    ['yaml', 'git', false],
    ['yaml', 'data-clusters-live', true],
    ['yaml', 'output', false],
    ['json', 'file', false],
  ])('answers %s in %s with %s', (language, scheme, served) => {
    expect(isServedDocument(language, scheme)).toBe(served);
  });

  it('names every pair of language and scheme once', () => {
    const pairs = documentFilters.map(({ language, scheme }) => `${language} ${scheme}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });
});
