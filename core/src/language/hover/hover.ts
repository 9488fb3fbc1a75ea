import { formatApiVersion, formatGvk } from '#core/kubernetes/identity.ts';
import { describeField } from '#core/language/describeField.ts';
import { explainAmount } from '#core/language/hover/amounts.ts';
import { code, describeLimits, describeType } from '#core/language/hover/constraints.ts';
import { describeInFile } from '#core/language/embedded/hover.ts';
import { describeSetting, findSetting } from '#core/language/hover/settings.ts';
import { locateWord, type LocatedWord } from '#core/language/locate.ts';
import { readIdentity } from '#core/lint/decode/identity.ts';
import { schemaAt } from '#core/language/schemaAt.ts';
import type { DocumentView } from '#core/language/view.ts';
import type { KindSchema } from '#core/schema/catalog.ts';
import type { DescriptionBook } from '#core/schema/descriptions.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import { findImmutability } from '#core/schema/immutability.ts';
import { findSystemKind } from '#core/systems/registry.ts';
import type { TextRange } from '#core/text/range.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/** What is shown beside a word: Markdown, and the stretch of the file it is about. */
export interface HoverText {
  readonly markdown: string;
  readonly range: TextRange;
}

/** Explains the field, value or kind at an offset of the file; undefined where there is nothing to say. */
export function describeAt(
  view: DocumentView,
  offset: number,
  book: DescriptionBook | undefined,
): HoverText | undefined {
  const word = locateWord(view, offset);
  if (!word) return undefined;
  const inFile = describeInFile(word, offset, view.engine.context.catalog.settings);
  if (inFile) return inFile;
  const markdown = describeWord(word, view, book);
  return markdown === undefined ? undefined : { markdown, range: word.range };
}

function describeWord(word: LocatedWord, view: DocumentView, book: DescriptionBook | undefined): string | undefined {
  const { kind, path, root } = word.owner;
  const isIdentity = path.length === 1 && (path[0] === 'kind' || path[0] === 'apiVersion');
  const resource = readIdentity(root);
  if (!kind) return isIdentity && resource ? describeUnknownKind(resource.apiVersion, resource.kind) : undefined;
  if (isIdentity && word.role === 'value') return describeKind(kind, book);
  const setting = findSetting(word, view.engine.context.catalog);
  const known = setting && describeSetting(setting);
  return known ?? describeFieldAt(word, kind, view, book);
}

function describeUnknownKind(apiVersion: string, kind: string): string {
  return [
    `**${kind}** \u00b7 ${code(apiVersion)}`,
    'No schema is known for this kind, so only its YAML is checked.',
    'Put its CustomResourceDefinition into the workspace, or name the file in the setting `dataClusters.schemas`.',
  ].join('\n\n');
}

function describeKind(kind: KindSchema, book: DescriptionBook | undefined): string {
  const own = book?.describeObject(formatGvk(kind), [], undefined);
  const upstream = kind.root().raw.description;
  const successor = findSystemKind(kind)?.successor;
  const page = kind.documentation ?? own?.documentation;
  return [
    `**${kind.kind}** \u00b7 ${code(formatApiVersion(kind))}`,
    ...((upstream ?? own?.text) ? [upstream ?? own?.text ?? ''] : []),
    ...(kind.deprecation === undefined ? [] : [`**Outdated.** ${kind.deprecation}`]),
    ...(successor === undefined ? [] : [successor]),
    [
      kind.scope === 'Cluster' ? 'Belongs to the whole cluster' : 'Belongs to a namespace',
      `schema: ${kind.sourceName}`,
      ...(page === undefined ? [] : [`[Reference](${page})`]),
    ].join(' \u00b7 '),
  ].join('\n\n');
}

function describeFieldAt(
  word: LocatedWord,
  kind: KindSchema,
  view: DocumentView,
  book: DescriptionBook | undefined,
): string | undefined {
  const { catalog, loadConditions } = view.engine.context;
  const { path } = word.owner;
  const fieldPath = withoutIndexes(path);
  const name = fieldPath.at(-1);
  if (typeof name !== 'string') return undefined;
  const holder = schemaAt(kind.root(), fieldPath.slice(0, -1), catalog);
  const schema = schemaAt(kind.root(), path, catalog);
  const description = describeField({ kind, path: fieldPath.slice(0, -1), holder }, name, book);
  if (!schema && !description) return undefined;
  const facts = [...(schema ? describeLimits(schema, loadConditions) : []), ...describeLife(kind, fieldPath, holder)];
  const page = description?.documentation ?? kind.documentation;
  const isRequired = holder?.isRequired(name) === true;
  return [
    `**${name}**${schema ? ` \u00b7 ${describeType(schema)}` : ''}${isRequired ? ' \u00b7 required' : ''}`,
    ...describeAmount(word, schema, name),
    ...(description ? [description.text] : []),
    ...(facts.length > 0 ? [facts.map((fact) => `- ${fact}`).join('\n')] : []),
    [
      code(formatPath(word.path)),
      `${kind.kind} (${kind.sourceName})`,
      ...(page === undefined ? [] : [`[Reference](${page})`]),
    ].join(' \u00b7 '),
  ].join('\n\n');
}

/** Since when a field exists, and whether it can be changed. */
function describeLife(kind: KindSchema, path: YamlPath, holder: SchemaNode | undefined): readonly string[] {
  const name = String(path.at(-1));
  const fixed = findImmutability(kind, path, holder?.property(name));
  const since = holder?.raw['x-since']?.[name];
  return [
    ...(fixed === undefined ? [] : [`Cannot be changed later: ${fixed}`]),
    ...(since === undefined ? [] : [`Since Kubernetes ${since}`]),
  ];
}

function describeAmount({ role, value }: LocatedWord, schema: SchemaNode | undefined, name: string): readonly string[] {
  if (role !== 'value' || value?.kind !== 'scalar') return [];
  const amount = explainAmount(value.text, schema, name);
  return amount === undefined ? [] : [`${code(value.text)} is ${amount}.`];
}

/** The field a list item belongs to: the path without the indexes at its end. */
function withoutIndexes(path: YamlPath): YamlPath {
  const last = path.findLastIndex((step) => typeof step === 'string');
  return path.slice(0, last + 1);
}

/** The same text for a client that shows no Markdown. */
export function plainHover(markdown: string): string {
  return markdown
    .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, '$1: $2')
    .replaceAll(/\*\*([^*]+)\*\*/g, '$1')
    .replaceAll(/`+ ?(.*?) ?`+/g, '$1');
}
