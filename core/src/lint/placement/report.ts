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
  const where =
    placement.stray?.containerKind === 'sequence'
      ? `Here it stands in the column of the "- " items of ${lastKey(placement.from)}`
      : `Here it stands in a column of its own below ${describePath(placement.from, kind)}`;
  return `${describeHomes(placement, kind)} ${where}: this is no valid YAML, and kubectl refuses the whole file.`;
}

function describeUnknown(placement: Placement, kind: KindSchema): string {
  const path = formatPath([...placement.from, placement.entry.key.text]);
  return `${describeHomes(placement, kind)} Here it is unknown: kubectl refuses the object (unknown field "${path}"), and without strict validation the server drops it silently.`;
}

function describeHomes({ entry, homes }: Placement, kind: KindSchema): string {
  const name = quoteText(entry.key.text);
  if (homes.length === 0) return `${name} has no place in any object around it.`;
  return `${name} belongs to ${listNames(homes.map((home) => describeHome(home, kind)))}.`;
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
