import { put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import type { Migration } from '#core/migrate/migration.ts';
import { runRowsInPlace, type FieldRow } from '#core/migrate/rows.ts';
import {
  entriesOf,
  entryAt,
  entryOf,
  itemsOf,
  leaf,
  listOf,
  mapOf,
  putAt,
  renameAt,
  takeAt,
  textOf,
  treeAt,
  type MapTree,
  type Tree,
} from '#core/migrate/tree.ts';

const KEEPS_UNKNOWN = 'x-kubernetes-preserve-unknown-fields';

const rows: readonly FieldRow[] = [
  { from: 'spec.version', to: 'spec.versions[].name', silent: true },
  { from: 'spec.validation', to: 'spec.versions[].schema', silent: true },
  { from: 'spec.subresources', to: 'spec.versions[].subresources', silent: true },
  {
    from: 'spec.additionalPrinterColumns',
    to: 'spec.versions[].additionalPrinterColumns, with jsonPath',
    silent: true,
  },
  { from: 'spec.preserveUnknownFields', to: `${KEEPS_UNKNOWN} in the schema`, silent: true },
  {
    from: 'spec.conversion.webhookClientConfig',
    to: 'spec.conversion.webhook.clientConfig',
  },
  { from: 'spec.conversion.conversionReviewVersions', to: 'spec.conversion.webhook.conversionReviewVersions' },
  { from: 'status', silent: true },
];

export const definitionMigration: Migration = {
  from: 'Kubernetes before 1.22',
  kinds: 'CustomResourceDefinition (apiextensions.k8s.io/v1beta1)',
  to: 'kubernetes',
  isUsual: true,
  makes: 'CustomResourceDefinition (v1)',
  matches: ({ apiVersion, kind }) =>
    apiVersion === 'apiextensions.k8s.io/v1beta1' && kind === 'CustomResourceDefinition',
  rows,
  run,
};

function run(job: MigrationJob): void {
  const draft = job.add(job.source);
  const shared = {
    schema: job.value('spec.validation'),
    subresources: job.value('spec.subresources'),
    additionalPrinterColumns: job.value('spec.additionalPrinterColumns'),
  };
  // In v1beta1 unknown fields were kept unless somebody said no.
  const keepsUnknown = job.text('spec.preserveUnknownFields') !== 'false';
  const versions = listVersions(job);
  for (const version of versions) if (version.kind === 'map') completeVersion(version, shared, keepsUnknown);
  runRowsInPlace(rows, { job, draft });
  if (!entryAt(draft.tree, ['spec', 'scope'])) put(draft, 'spec.scope', leaf('Namespaced'));
  put(draft, 'spec.versions', listOf(versions));
  finish(draft, job, versions);
}

function finish(draft: Draft, job: MigrationJob, versions: readonly Tree[]): void {
  const version = entryAt(draft.tree, ['apiVersion']);
  if (version) version.value = leaf('apiextensions.k8s.io/v1');
  const isTyped = versions.every(
    (each) => entriesOf(treeAt(each, ['schema', 'openAPIV3Schema', 'properties'])).length > 0,
  );
  if (!isTyped) job.step('Describe the fields in the schema: v1 prunes what it does not know once nothing keeps it.');
  const group = job.text('spec.group') ?? '';
  if (!group.includes('.')) job.refuse(`the group "${group}" has no dot, and v1 refuses such definitions`);
}

function listVersions(job: MigrationJob): readonly Tree[] {
  const written = itemsOf(job.value('spec.versions'));
  if (written.length > 0) return written;
  const name = job.value('spec.version') ?? leaf('v1');
  return [mapOf({ name, served: leaf(true), storage: leaf(true) })];
}

type Shared = Readonly<Record<'schema' | 'subresources' | 'additionalPrinterColumns', Tree | undefined>>;

/** What stood once for all versions stands in each of them. */
function completeVersion(version: MapTree, shared: Shared, keepsUnknown: boolean): void {
  for (const [name, value] of Object.entries(shared)) {
    if (value && !entryAt(version, [name])) putAt(version, [name], copyOf(value));
  }
  for (const column of itemsOf(treeAt(version, ['additionalPrinterColumns']))) renameAt(column, 'JSONPath', 'jsonPath');
  const schema = treeAt(version, ['schema', 'openAPIV3Schema']);
  const root = schema?.kind === 'map' ? schema : mapOf();
  if (schema !== root) putAt(version, ['schema', 'openAPIV3Schema'], root);
  addTypes(root, { isRoot: true, keepsUnknown });
}

interface SchemaMode {
  readonly isRoot: boolean;
  /** Whether objects keep what their schema does not name. */
  readonly keepsUnknown: boolean;
}

/** A structural schema has a type everywhere; those of objects and lists can be told from what they hold. */
function addTypes(schema: MapTree, { isRoot, keepsUnknown }: SchemaMode): void {
  const has = (name: string): boolean => entryAt(schema, [name]) !== undefined;
  if (!has('type') && (isRoot || has('properties') || has('additionalProperties'))) {
    schema.entries.unshift(entryOf('type', leaf('object')));
  } else if (!has('type') && has('items')) schema.entries.unshift(entryOf('type', leaf('array')));
  if (textOf(treeAt(schema, ['uniqueItems'])) === 'true') takeAt(schema, ['uniqueItems']);
  if (keepsUnknown && (isRoot || has('properties')) && !has(KEEPS_UNKNOWN)) putAt(schema, [KEEPS_UNKNOWN], leaf(true));
  const inner = [...entriesOf(treeAt(schema, ['properties'])).map(({ value }) => value), treeAt(schema, ['items'])];
  for (const child of [...inner, treeAt(schema, ['additionalProperties'])]) {
    if (child?.kind === 'map') addTypes(child, { isRoot: false, keepsUnknown });
  }
}

function copyOf(tree: Tree): Tree {
  if (tree.kind === 'leaf') return tree;
  if (tree.kind === 'list') {
    return { ...tree, items: tree.items.map((item) => ({ ...item, value: item.value && copyOf(item.value) })) };
  }
  return { ...tree, entries: tree.entries.map((entry) => ({ ...entry, value: entry.value && copyOf(entry.value) })) };
}
