import { lose, put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import { entryAt, takeAt, toSteps, treeAt, type Entry, type MapTree, type Tree } from '#core/migrate/tree.ts';

/** What becomes of one field. A row says one of: where it goes as it is, what is made of it, or why it is lost. */
export interface FieldRow {
  /** Path in the old manifest: `spec.kafka.replicas`. */
  readonly from: string;
  /** Path in the new document, in words for people when `make` writes it. */
  readonly to?: string;
  /** Puts what the field means where it belongs; `to` alone moves it as it is. */
  readonly make?: (entry: Entry, target: RowTarget) => void;
  /** Why it has no equivalent, as the end of a sentence. */
  readonly lost?: string;
  /** Whether nothing is said of it: status, and what another row has read already. */
  readonly silent?: true;
}

export interface RowTarget {
  readonly job: MigrationJob;
  /** The document the rows are about. */
  readonly draft: Draft;
}

/** Fields of every object that the server writes itself. */
const OF_THE_SERVER = [
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
  'ownerReferences',
  'finalizers',
];

export const METADATA_ROWS: readonly FieldRow[] = [
  { from: 'apiVersion', silent: true },
  { from: 'kind', silent: true },
  { from: 'metadata.name', silent: true },
  { from: 'metadata.namespace', silent: true },
  ...OF_THE_SERVER.map((name): FieldRow => ({ from: `metadata.${name}`, silent: true })),
  { from: 'metadata.labels', to: 'metadata.labels' },
  { from: 'metadata.annotations', make: keepAnnotations, to: 'metadata.annotations' },
  { from: 'status', silent: true },
];

/** What kubectl remembers of the old object would be wrong for the new one. */
function keepAnnotations(entry: Entry, { draft }: RowTarget): void {
  if (entry.value?.kind !== 'map') return;
  const { entries } = entry.value;
  const kept = entries.filter(({ name }) => name !== 'kubectl.kubernetes.io/last-applied-configuration');
  if (kept.length > 0) put(draft, 'metadata.annotations', { kind: 'map', entries: kept }, entry);
}

/** Does what the rows say, in their order, and names what is left. Nothing goes without a word. */
export function runRows(rows: readonly FieldRow[], target: RowTarget, source: MapTree = target.job.source): void {
  for (const row of rows) {
    const entry = takeAt(source, toSteps(row.from));
    if (entry) runRow(row, entry, target);
  }
  const touched = new Set(['spec', 'metadata', ...rows.flatMap(({ from }) => prefixesOf(from))]);
  for (const path of leftPaths(source, touched)) {
    lose(target.draft, path, 'no field with this meaning is known');
  }
}

function prefixesOf(path: string): readonly string[] {
  const steps = toSteps(path);
  return steps.map((_step, index) => steps.slice(0, index).join('.')).slice(1);
}

/** The topmost fields that no row took; maps of which rows take parts are looked into. */
function leftPaths(tree: MapTree, touched: ReadonlySet<string>, above = ''): readonly string[] {
  return tree.entries.flatMap(({ name, value }) => {
    const path = above === '' ? name : `${above}.${name}`;
    if (touched.has(path) && value?.kind === 'map') return leftPaths(value, touched, path);
    return [path];
  });
}

/** The same for a manifest that changes where it stands: what no row names stays. */
export function runRowsInPlace(rows: readonly FieldRow[], target: RowTarget): void {
  for (const row of rows) runInPlace(row, target);
}

/** What a row writes beside the old field takes its place among the keys. */
function runInPlace(row: FieldRow, target: RowTarget): void {
  const path = toSteps(row.from);
  const holder = treeAt(target.job.source, path.slice(0, -1));
  const entry = entryAt(target.job.source, path);
  if (!entry || holder?.kind !== 'map') return;
  const index = holder.entries.indexOf(entry);
  holder.entries.splice(index, 1);
  const rest = holder.entries.length;
  runRow(row, entry, target);
  holder.entries.splice(index, 0, ...holder.entries.splice(rest));
  if (holder.entries.length === 0 && path.length > 2) takeAt(target.job.source, path.slice(0, -1));
}

function runRow({ from, to, make, lost, silent }: FieldRow, entry: Entry, target: RowTarget): void {
  if (silent || entry.value === undefined || isEmptied(entry.value)) return;
  if (lost !== undefined) lose(target.draft, from, lost);
  else if (make) make(entry, target);
  else if (to !== undefined) put(target.draft, to, entry.value, entry);
}

/** A map that other rows have taken everything of; one that was written empty is a leaf. */
function isEmptied(tree: Tree): boolean {
  return tree.kind === 'map' && tree.entries.length === 0;
}
