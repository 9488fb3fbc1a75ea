import { readIdentity } from '#core/lint/decode/identity.ts';
import type { ResourceIdentity } from '#core/lint/finding.ts';
import { lineBreakOf, lineStart } from '#core/lint/fixes/edits.ts';
import { indentUnit } from '#core/lint/placement/moveBlock.ts';
import { MigrationJob, type Draft, type Loss, type MigrationTarget } from '#core/migrate/job.ts';
import type { Migration } from '#core/migrate/migration.ts';
import { linesBehind, readTree } from '#core/migrate/read.ts';
import { migrations } from '#core/migrate/registry.ts';
import type { MapTree } from '#core/migrate/tree.ts';
import { writeTree } from '#core/migrate/write.ts';
import type { SchemaCatalog } from '#core/schema/catalog.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { findEntry, resolveAlias, type MapNode } from '#core/yaml/nodes.ts';
import { parseDocumentText, type YamlDocument } from '#core/yaml/parse.ts';
import { hasTemplateActions } from '#core/yaml/template.ts';

export interface MigrateOptions {
  readonly catalog: SchemaCatalog;
  /** Absent for the usual successor of each manifest. */
  readonly to?: MigrationTarget | undefined;
  /** Name of the Kafka cluster that topics without one belong to. */
  readonly cluster?: string | undefined;
}

/** What became of one document that a migration is known for. */
export interface MigratedDocument {
  readonly resource: ResourceIdentity;
  readonly migration: Migration;
  /** Why it was left as it is; absent when it was migrated. */
  readonly refusal?: string;
  readonly steps: readonly string[];
  readonly lost: readonly Loss[];
}

export interface MigratedText {
  readonly text: string;
  readonly documents: readonly MigratedDocument[];
}

/** Migrates every document of a file that can be; the others stay as they are. A second run changes nothing. */
export function migrateText(text: string, options: MigrateOptions): MigratedText {
  const documents: MigratedDocument[] = [];
  const settled = { ...options, cluster: options.cluster ?? onlyCluster(text) };
  const ranges = splitDocuments(text);
  const parts = ranges.map(({ start, end }, index) => {
    const part = text.slice(start, end);
    const found = migrateDocument(parseDocumentText(part), settled);
    if (!found) return part;
    documents.push(found.told);
    const isLast = index === ranges.length - 1;
    return found.text === undefined ? part : endLine(found.text, isLast && !/[\r\n]$/.test(part), lineBreakOf(text));
  });
  return { text: parts.join(''), documents };
}

function endLine(lines: readonly string[], isOpen: boolean, eol: string): string {
  return lines.join(eol) + (isOpen ? '' : eol);
}

/** The Kafka cluster that a file describes, when it is one. */
function onlyCluster(text: string): string | undefined {
  const names = splitDocuments(text).flatMap(({ start, end }) => {
    const resource = readIdentity(parseDocumentText(text.slice(start, end)).root);
    const isCluster =
      resource &&
      ((resource.group === 'kafka.strimzi.io' && resource.kind === 'Kafka') ||
        resource.group === 'krallistic.github.com');
    return isCluster ? [resource.name] : [];
  });
  const [name] = names;
  return names.length === 1 && name !== '' ? name : undefined;
}

interface Outcome {
  readonly told: MigratedDocument;
  readonly text?: readonly string[];
}

function migrateDocument(document: YamlDocument, options: MigrateOptions): Outcome | undefined {
  const root = resolveAlias(document.root);
  const resource = readIdentity(document.root);
  if (root?.kind !== 'map' || !resource) return undefined;
  const migration = migrations.find(
    ({ to, isUsual, matches }) =>
      (options.to === undefined ? isUsual : to === options.to) && matches(resource, readTree(document.text, root)),
  );
  if (!migration) return undefined;
  const problem = unreadable(document);
  if (problem !== undefined) return { told: { resource, migration, refusal: problem, steps: [], lost: [] } };
  return runMigration(migration, { document, root, resource }, options);
}

function unreadable({ text, problems }: YamlDocument): string | undefined {
  if (problems.length > 0) return 'it is no valid YAML; make it right first';
  return hasTemplateActions(text) ? 'it is a template; migrate what it renders' : undefined;
}

interface ReadDocument {
  readonly document: YamlDocument;
  readonly root: MapNode;
  readonly resource: ResourceIdentity;
}

function runMigration(migration: Migration, read: ReadDocument, options: MigrateOptions): Outcome {
  const { document, root, resource } = read;
  const source = readTree(document.text, root);
  const first = source.entries[0];
  if (first) first.above = [];
  const { catalog, cluster } = options;
  const job = new MigrationJob({ source, catalog, cluster });
  migration.run(job);
  const lost = job.drafts.flatMap((draft) => draft.lost);
  const told = { resource, migration, steps: job.steps, lost };
  if (job.refusal !== undefined) return { told: { ...told, refusal: job.refusal } };
  return { told, text: frame(read, job) };
}

/** The new documents between what stood above and below the old one. */
function frame({ document: { text }, root }: ReadDocument, job: MigrationJob): readonly string[] {
  const start = lineStart(text, root.flow ? root.range.start : (root.entries[0]?.key.range.start ?? 0));
  const head = text
    .slice(0, start)
    .split(/\r\n|\n|\r/)
    .slice(0, -1);
  const unit = findEntry(root, 'spec') ? indentUnit(text) : 2;
  const steps = job.steps.map((step) => `# To do: ${step}`);
  const documents = job.drafts.map((draft) => writeDraft(draft, unit));
  const tail = root.flow ? [] : linesBehind(text, root);
  return [
    ...head,
    ...steps,
    ...documents.flatMap((lines, index) => (index === 0 ? lines : ['---', ...lines])),
    ...tail,
  ];
}

function writeDraft({ tree, lost }: Draft, unit: number): readonly string[] {
  return [...describeLosses(lost), ...writeTree(tidied(tree), unit)];
}

/** One comment for each reason. */
function describeLosses(lost: readonly Loss[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { path, why } of lost) byReason.set(why, [...(byReason.get(why) ?? []), path]);
  return [...byReason].map(([why, paths]) => `# not carried over: ${[...new Set(paths)].join(', ')}: ${why}`);
}

/** Keys of an object in the order people write them. */
const KEY_ORDER = ['apiVersion', 'kind', 'metadata'];

function tidied(tree: MapTree): MapTree {
  const rank = (name: string): number => {
    const index = KEY_ORDER.indexOf(name);
    return index < 0 ? KEY_ORDER.length : index;
  };
  return { kind: 'map', entries: tree.entries.toSorted((a, b) => rank(a.name) - rank(b.name)) };
}
