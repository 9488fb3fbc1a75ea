import type { Finding, Fix } from '#core/lint/finding.ts';
import { moveBlock } from '#core/lint/placement/moveBlock.ts';
import type { Home } from '#core/lint/placement/homes.ts';
import type { Placement } from '#core/lint/placement/relocate.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import type { KindSchema } from '#core/schema/catalog.ts';
import type { TextRange } from '#core/text/range.ts';
import { formatPath } from '#core/yaml/path.ts';

/** One finding for each misplaced key; returns the ranges of blocks that keep the text from parsing. */
export function reportPlacements(
  placements: readonly Placement[],
  text: string,
  kind: KindSchema,
  report: (finding: Finding) => void,
): readonly TextRange[] {
  for (const placement of placements) {
    report({
      code: placement.stray ? 'YAML02' : 'DEC04',
      severity: 'error',
      message: placement.stray ? describeStray(placement, kind) : describeUnknown(placement, kind),
      path: formatPath([...placement.from, placement.entry.key.text]),
      range: placement.entry.key.range,
      fixes: () => makeFixes(placement, text, kind),
    });
  }
  return placements
    .filter((placement) => placement.stray !== undefined)
    .map((placement) => placement.stray?.range ?? placement.entry.range)
    .toSorted((a, b) => a.start - b.start);
}

function makeFixes(placement: Placement, text: string, kind: KindSchema): readonly Fix[] {
  const name = placement.entry.key.text;
  return placement.homes.flatMap((home, index) => {
    const title = `Move ${quoteText(name)} to ${describeHome(home, kind)}`;
    return moveBlock(text, placement.entry, home, title, index === 0) ?? [];
  });
}

function describeStray(placement: Placement, kind: KindSchema): string {
  const name = quoteText(placement.entry.key.text);
  const where =
    placement.stray?.containerKind === 'sequence'
      ? `stands beside the items of ${lastKey(placement.from)}, where only another "- " item can stand`
      : `stands in a column where no key of ${describePath(placement.from, kind)} stands`;
  return `${name} ${where}. This is no valid YAML, so kubectl refuses the whole file. ${describeHomes(placement.homes, kind)}`;
}

function describeUnknown(placement: Placement, kind: KindSchema): string {
  const name = quoteText(placement.entry.key.text);
  const path = formatPath([...placement.from, placement.entry.key.text]);
  return `${name} is not a field of ${describePath(placement.from, kind)}, so kubectl refuses the object (unknown field "${path}"); without strict validation the server drops it silently. ${describeHomes(placement.homes, kind)}`;
}

function describeHomes(homes: readonly Home[], kind: KindSchema): string {
  if (homes.length === 0) return 'No object around it has a field of this name.';
  return `It belongs to ${listNames(homes.map((home) => describeHome(home, kind)))}.`;
}

function describeHome(home: Home, kind: KindSchema): string {
  return describePath(home.path, kind);
}

function describePath(path: Home['path'], kind: KindSchema): string {
  return path.length === 0 ? `the ${kind.kind} itself` : formatPath(path);
}

function lastKey(path: Home['path']): string {
  const key = path.findLast((step) => typeof step === 'string');
  return key === undefined ? 'the list' : quoteText(key);
}
