import { fixFile } from '#core/lint/check.ts';
import { conditionLibrary } from '#core/lint/cel/library.ts';
import { LintEngine, placeFindings, type PlacedFinding } from '#core/lint/engine.ts';
import { defaultLintSettings, type LintSettings } from '#core/lint/settings.ts';
import { LineIndex } from '#core/text/lines.ts';
import { bundledCatalog } from '#test/support/catalog.ts';

/** An engine over the real bundled schemas. */
export async function makeEngine(settings: Partial<LintSettings> = {}): Promise<LintEngine> {
  return new LintEngine({
    catalog: await bundledCatalog(),
    settings: { ...defaultLintSettings, ...settings },
    loadConditions: () => conditionLibrary,
  });
}

/** Findings as one line each: `line:character code path`, both counted from 1. */
export async function findingsOf(text: string, settings?: Partial<LintSettings>): Promise<readonly string[]> {
  const lines = new LineIndex(text);
  return (await placedFindingsOf(text, settings)).map((finding) => {
    const { line, character } = lines.positionAt(finding.range.start);
    return `${line + 1}:${character + 1} ${finding.code} ${finding.path}`;
  });
}

export async function placedFindingsOf(
  text: string,
  settings?: Partial<LintSettings>,
): Promise<readonly PlacedFinding[]> {
  return placeFindings((await makeEngine(settings)).analyzeText(text));
}

/** The text after every preferred fix. */
export async function fixed(text: string): Promise<string> {
  return fixFile(text, await makeEngine()).text;
}
