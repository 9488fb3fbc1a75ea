import { isObject } from '#core/json.ts';
import type { PlacedFinding } from '#core/lint/engine.ts';

/** A finding that was there when the baseline was written. Lines are left out, so that editing elsewhere keeps it valid. */
export interface BaselineEntry {
  readonly code: string;
  /** `StatefulSet/cassandra`, `StatefulSet/db/cassandra` with a namespace, or the file when the object has no identity. */
  readonly object: string;
  readonly path: string;
  /** How often the same finding was there. */
  readonly count: number;
}

export interface BaselineSplit<Item> {
  readonly fresh: readonly Item[];
  readonly known: readonly Item[];
}

/** What a finding is called across edits: rule, object and field path, without a line. */
export function fingerprint(finding: Pick<PlacedFinding, 'code' | 'path' | 'resource'>, file: string): string {
  return [finding.code, objectName(finding, file), finding.path].join('|');
}

/** The text of a baseline file: sorted, one entry per line, so that changes to it can be reviewed. */
export function formatBaseline(items: readonly { readonly finding: PlacedFinding; readonly file: string }[]): string {
  const entries = new Map<string, BaselineEntry>();
  for (const { finding, file } of items) {
    const key = fingerprint(finding, file);
    const count = (entries.get(key)?.count ?? 0) + 1;
    entries.set(key, { code: finding.code, object: objectName(finding, file), path: finding.path, count });
  }
  const sorted = [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const lines = sorted.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  return `{\n  "version": 1,\n  "findings": [${lines === '' ? '' : `\n${lines}\n  `}]\n}\n`;
}

/** Reads a baseline file; the message says what is wrong with it. */
export function parseBaseline(text: string): readonly BaselineEntry[] | { readonly problem: string } {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  if (!isObject(data) || data['version'] !== 1 || !Array.isArray(data['findings'])) {
    return { problem: 'it is not a baseline of version 1' };
  }
  const entries: readonly unknown[] = data['findings'];
  const usable = entries.filter(isEntry);
  if (usable.length < entries.length) return { problem: 'an entry lacks code, object, path or count' };
  return usable;
}

/** Divides findings into those the baseline knows, at most as often as it counts them, and new ones. */
export function splitByBaseline<Item extends { readonly finding: PlacedFinding; readonly file: string }>(
  items: readonly Item[],
  baseline: readonly BaselineEntry[],
): BaselineSplit<Item> {
  const left = new Map(baseline.map((entry) => [[entry.code, entry.object, entry.path].join('|'), entry.count]));
  const fresh: Item[] = [];
  const known: Item[] = [];
  for (const item of items) {
    const key = fingerprint(item.finding, item.file);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    (count > 0 ? known : fresh).push(item);
  }
  return { fresh, known };
}

function objectName(finding: Pick<PlacedFinding, 'resource'>, file: string): string {
  const { resource } = finding;
  if (!resource || resource.name === '') return file;
  return [resource.kind, ...(resource.namespace === undefined ? [] : [resource.namespace]), resource.name].join('/');
}

function isEntry(value: unknown): value is BaselineEntry {
  return (
    isObject(value) &&
    typeof value['code'] === 'string' &&
    typeof value['object'] === 'string' &&
    typeof value['path'] === 'string' &&
    typeof value['count'] === 'number'
  );
}
