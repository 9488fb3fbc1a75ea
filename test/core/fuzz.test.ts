import { describe, expect, it } from 'vitest';
import { offerCompletions } from '#core/language/completion/completion.ts';
import { checkFile, fixFile } from '#core/lint/check.ts';
import { conditionLibrary } from '#core/lint/cel/library.ts';
import { LintEngine } from '#core/lint/engine.ts';
import { defaultLintSettings } from '#core/lint/settings.ts';
import { applyEdits } from '#core/text/range.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { bundledCatalog } from '#test/support/catalog.ts';
import { manifestsIn } from '#test/support/manifests.ts';
import { makeRandom, type Random } from '#test/support/random.ts';

/** `npm run fuzz` makes 10,000 edits; every run of the tests makes some. */
const EDITS = Number(process.env['FUZZ_EDITS'] ?? 600);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261124);

/** Longest time one edit may take to be understood; far above what is usual, because machines are shared. */
const HANG_MS = 5_000;

const catalog = await bundledCatalog();

/** Pieces that have broken YAML readers before. */
const PIECES = [
  '\t',
  '- ',
  ': ',
  ':',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '|\n',
  '>-\n',
  '&a ',
  '*a',
  '<<: *a\n',
  '---\n',
  '...\n',
  '# c\n',
  '\r\n',
  '\n',
  '  ',
  '{{ x }}',
  '🦊',
  '\u0000',
  '%',
  '@',
  '!t ',
  '? ',
  '~',
  'yes',
];

describe('any edit of any manifest', () => {
  it('is understood without a crash, a hang or a leak', { timeout: 600_000 }, () => {
    const random = makeRandom(SEED);
    const texts = [...manifestsIn('samples'), ...manifestsIn('test/fixtures')].map((file) => file.text);
    const engine = new LintEngine({ catalog, settings: defaultLintSettings, loadConditions: () => conditionLibrary });
    let text = '';
    let slowest = 0;
    const before = heapAfterCollection();
    for (let i = 0; i < EDITS; i++) {
      if (i % 25 === 0) text = texts[random.below(texts.length)] ?? '';
      text = editAnywhere(text, random);
      const start = performance.now();
      understand(text, engine, random);
      slowest = Math.max(slowest, performance.now() - start);
    }
    const grown = heapAfterCollection() - before;
    console.log(
      `${EDITS} edits of ${texts.length} manifests: slowest ${slowest.toFixed(0)} ms, heap grew by ${(grown / 1e6).toFixed(0)} MB`,
    );
    expect(slowest).toBeLessThan(HANG_MS);
    expect(grown).toBeLessThan(150e6);
  });
});

/** Does what the editor does after an edit, and checks what must always hold. */
function understand(text: string, engine: LintEngine, random: Random): void {
  const pieces = splitDocuments(text).map((range) => text.slice(range.start, range.end));
  expect(pieces.join('')).toBe(text);
  const checked = checkFile(text, engine);
  for (const finding of checked.findings) {
    expect(finding.range.start).toBeGreaterThanOrEqual(0);
    expect(finding.range.end).toBeLessThanOrEqual(text.length);
    expect(finding.range.start).toBeLessThanOrEqual(finding.range.end);
    for (const fix of finding.fixes?.() ?? []) applyEdits(text, fix.edits);
  }
  if (random.below(20) === 0) fixFile(text, engine);
  const offset = random.below(text.length + 1);
  const offer = offerCompletions(text, offset, { catalog });
  if (offer) {
    expect(offer.replace.start).toBeLessThanOrEqual(offset);
    expect(offer.replace.end).toBeGreaterThanOrEqual(offset);
    const { start, end } = offer.replace;
    expect(text.slice(start, end)).not.toMatch(/["']/.test(text.charAt(start - 1)) ? /[\r\n]/ : /[\r\n]|\s#/);
  }
}

function editAnywhere(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random.below(12));
    case 1: {
      const from = random.below(text.length + 1);
      return text.slice(0, at) + text.slice(from, from + random.below(80)) + text.slice(at);
    }
    case 2:
      return text.replace(/^ {2}/m, '');
    default:
      return text.slice(0, at) + (PIECES[random.below(PIECES.length)] ?? '') + text.slice(at);
  }
}

function heapAfterCollection(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
