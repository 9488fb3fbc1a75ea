import type { Fix } from '#core/lint/finding.ts';
import { migrateText } from '#core/migrate/migrateText.ts';
import type { SchemaCatalog } from '#core/schema/catalog.ts';
import { diffLines } from '#core/text/diff.ts';

/**
 * What `data-clusters migrate` would make of a document, as a fix. Never preferred: it says in comments what a person has to see to, and
 * the operator that takes it must be there first.
 */
export function rewriteFix(text: string, catalog: SchemaCatalog | undefined): readonly Fix[] {
  if (!catalog) return [];
  const { text: after, documents } = migrateText(text, { catalog });
  const [only] = documents;
  if (!only || documents.length > 1 || only.refusal !== undefined || after === text) return [];
  const title = `Rewrite as ${only.migration.makes}`;
  return [{ title, preferred: false, edits: diffLines(text, after) }];
}
