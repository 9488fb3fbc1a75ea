import { describe, expect, test } from 'vitest';
import { checkFile, fixFile } from '#core/lint/check.ts';
import { LineIndex } from '#core/text/lines.ts';
import { makeEngine } from '#test/support/lint.ts';

/** `line code` of what is reported, then `line code (reason)` of what is suppressed. */
async function check(
  text: string,
  rules: Record<string, 'off'> = {},
): Promise<{ kept: string[]; suppressed: string[] }> {
  const engine = await makeEngine({ rules });
  const lines = new LineIndex(text);
  const { findings, suppressed } = checkFile(text, engine);
  return {
    kept: findings.map(({ code, range }) => `${lines.lineOf(range.start) + 1} ${code}`),
    suppressed: suppressed.map(
      ({ finding, reason }) => `${lines.lineOf(finding.range.start) + 1} ${finding.code} (${reason})`,
    ),
  };
}

const manifest = (before: { top?: string; annotation?: string; key?: string } = {}): string =>
  `${before.top ?? ''}apiVersion: v1
kind: Service
metadata:
  name: kafka
${before.annotation ?? ''}spec:
${before.key ?? ''}  prots:
    - port: 9092
  clusterIPP: None
`;

describe('a comment before the line', () => {
  test('suppresses the rule it names on the next line only', async () => {
    const text = manifest({ key: '  # data-clusters-disable-next-line DEC04 an old habit\n' });
    expect(await check(text)).toEqual({ kept: ['9 DEC04'], suppressed: ['7 DEC04 (an old habit)'] });
  });

  test('looks past further comments and blank lines', async () => {
    const key = '  # data-clusters-disable-next-line DEC04\n\n  # data-clusters-disable-next-line DEC05\n  # why not\n';
    expect((await check(manifest({ key }))).suppressed).toEqual(['10 DEC04 ()']);
  });

  test('takes several codes, in any letter case, with or without blanks', async () => {
    const key = '  # data-clusters-disable-next-line dec05, DEC04 both\n';
    const { kept, suppressed } = await check(manifest({ key }));
    expect(suppressed).toEqual(['7 DEC04 (both)']);
    expect(kept).toEqual(['6 SUP01', '9 DEC04']);
  });

  test('works with Windows line ends', async () => {
    const text = manifest({ key: '  # data-clusters-disable-next-line DEC04\n' }).replaceAll('\n', '\r\n');
    expect((await check(text)).suppressed).toEqual(['7 DEC04 ()']);
  });

  test('is no suppression when other words come first', async () => {
    const text = manifest({ key: '  # never write data-clusters-disable-next-line DEC04\n' });
    expect((await check(text)).kept).toEqual(['7 DEC04', '9 DEC04']);
  });
});

describe('a comment at the top', () => {
  test('of the file counts for every document in it', async () => {
    const text = `${manifest({ top: '# Shop\n# data-clusters-disable DEC04 generated\n' })}---\n${manifest()}`;
    expect(await check(text)).toEqual({
      kept: [],
      suppressed: ['8 DEC04 (generated)', '10 DEC04 (generated)', '17 DEC04 (generated)', '19 DEC04 (generated)'],
    });
  });

  test('of a later document counts for that one', async () => {
    const text = `${manifest()}---\n# data-clusters-disable DEC04\n${manifest()}`;
    expect((await check(text)).kept).toEqual(['6 DEC04', '8 DEC04']);
  });

  test('does not count further down, and says so', async () => {
    const text = manifest({ key: '# data-clusters-disable DEC04\n' });
    expect((await check(text)).kept).toEqual(['6 SUP01', '7 DEC04', '9 DEC04']);
    const [told] = checkFile(text, await makeEngine()).findings;
    expect(told?.message).toContain('counts only above its first key');
  });
});

describe('the annotation', () => {
  test('counts for its object', async () => {
    const annotation = '  annotations:\n    data-clusters/ignore: "DEC04 the operator mends it"\n';
    const text = `${manifest({ annotation })}---\n${manifest()}`;
    const { kept, suppressed } = await check(text);
    expect(suppressed).toEqual(['8 DEC04 (the operator mends it)', '10 DEC04 (the operator mends it)']);
    expect(kept).toEqual(['17 DEC04', '19 DEC04']);
  });

  test('may hold several entries with a reason each', async () => {
    const annotation = '  annotations:\n    data-clusters/ignore: "DEC05 first; DEC04 second; really"\n';
    expect((await check(manifest({ annotation }))).suppressed).toEqual(['8 DEC04 (second)', '10 DEC04 (second)']);
  });
});

describe('a suppression without effect', () => {
  const clean = manifest().replace('prots', 'ports').replace('clusterIPP', 'clusterIP');

  test('is reported at the code that is not needed', async () => {
    const engine = await makeEngine();
    const text = `# data-clusters-disable DEC04,DEC05 why\n${clean}`;
    const found = checkFile(text, engine).findings;
    expect(found.map(({ code, severity, range }) => [code, severity, text.slice(range.start, range.end)])).toEqual([
      ['SUP01', 'hint', 'DEC04'],
      ['SUP01', 'hint', 'DEC05'],
    ]);
  });

  test('is taken away by fix-all, with its line when it is alone', async () => {
    const engine = await makeEngine();
    const text = `# Shop\n# data-clusters-disable DEC06 why\n${clean}---\n# data-clusters-disable DEC04, DEC05 why\n${manifest()}`;
    expect(fixFile(text, engine).text).toBe(`# Shop\n${clean}---\n# data-clusters-disable DEC04 why\n${manifest()}`);
  });

  test('is not reported for a rule that is switched off, nor in text that cannot be read', async () => {
    expect((await check(`# data-clusters-disable DEC04\n${clean}`, { DEC04: 'off' })).kept).toEqual([]);
    const broken = `# data-clusters-disable DEC06\n${clean}  x: [\n`;
    expect((await check(broken)).kept).not.toContain('1 SUP01');
  });

  test('names the rule that was probably meant', async () => {
    const [told] = checkFile(`# data-clusters-disable DCE04\n${clean}`, await makeEngine()).findings;
    expect(told?.message).toBe('There is no rule DCE04, so this suppression has no effect. Did you mean DEC04?');
  });

  test('is not reported when the rule for it is off', async () => {
    expect((await check(`# data-clusters-disable DEC04\n${clean}`, { SUP01: 'off' })).kept).toEqual([]);
  });
});

test('a long comment block with Windows line ends is read in no time', async () => {
  const text = `${'# words\r\n'.repeat(5_000)}x: 1\r\n# data-clusters-disable DEC04\r\n${manifest().replaceAll('\n', '\r\n')}`;
  expect((await check(text)).kept).toHaveLength(4);
});
