import { readIdentity } from '#core/lint/decode/identity.ts';
import type { AnalyzedSlice, FileAnalysis, LintContext } from '#core/lint/engine.ts';
import type { FileRole } from '#core/lint/role.ts';
import { viewObject, type ObjectView } from '#core/lint/rules/object.ts';
import type { ViewSource } from '#core/lint/rules/view.ts';
import type { Preview } from '#core/preview/model.ts';
import { shiftRange, type TextRange } from '#core/text/range.ts';
import { foretell } from '#core/systems/registry.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';
import { hasTemplateActions, maskTemplate } from '#core/yaml/template.ts';
import { resolveAlias, type YamlNode } from '#core/yaml/nodes.ts';

/**
 * What comes of one document.
 * - `preview`: what the operator will create.
 * - `broken`: the text is no YAML, so nothing is told; `at` is where, as an offset in the file.
 * - `other`: it is no object whose operator can be foretold. `what` names it, empty when it is no object at all.
 */
export type DocumentPreview =
  | { readonly state: 'preview'; readonly preview: Preview }
  | { readonly state: 'broken'; readonly why: string; readonly at: number }
  | { readonly state: 'other'; readonly what: string };

/** The previews of the documents of a file, in their order; a List is one document with several objects. Never throws. */
export function previewFile(
  text: string,
  { role, slices }: FileAnalysis,
  context: LintContext,
): readonly DocumentPreview[] {
  const surroundings = surroundingsOf(text, role, context);
  return slices.flatMap((slice) => previewSlice(slice, surroundings));
}

/** The previews of the document at an offset; several for a List. */
export function previewAt(
  text: string,
  { role, slices }: FileAnalysis,
  context: LintContext,
  offset: number,
): readonly DocumentPreview[] {
  const slice = slices.findLast((one) => one.offset <= offset) ?? slices[0];
  if (slice === undefined) return [{ state: 'other', what: '' }];
  return previewSlice(slice, surroundingsOf(text, role, context));
}

interface Surroundings {
  readonly context: LintContext;
  readonly isPartial: boolean;
  /** The file as it is written. */
  readonly text: string;
  /** Template actions of the file, by file offsets. */
  readonly actions: readonly TextRange[];
}

function surroundingsOf(text: string, role: FileRole, context: LintContext): Surroundings {
  const actions = hasTemplateActions(text) ? maskTemplate(text).actions : [];
  return { context, isPartial: role === 'kustomizePatch', text, actions };
}

function previewSlice(slice: AnalyzedSlice, surroundings: Surroundings): readonly DocumentPreview[] {
  const { document, findings, resource } = slice.analysis;
  const broken = findings.find(({ code }) => /^YAML0[13]$/.test(code)) ?? (resource ? undefined : document.problems[0]);
  if (broken !== undefined) {
    return [{ state: 'broken', why: broken.message, at: slice.offset + broken.range.start }];
  }
  const { root, actions } = readSlice(slice, surroundings);
  if (resource === undefined || root === undefined) return [{ state: 'other', what: '' }];
  const isList = resource.group === '' && resource.kind === 'List';
  const objects = isList ? itemsOf(root) : [root];
  const isTemplated = templatedRanges(root, actions);
  return objects.map((node) => previewObject(node, surroundings, isTemplated));
}

interface ReadSlice {
  readonly root: YamlNode | undefined;
  /** Relative to the document. */
  readonly actions: readonly TextRange[];
}

/** Marks that the operators of Spark fill in themselves. They look like actions of a template, and are none. */
const OPERATOR_MARK = /^\{\{\s*(?:\$app(?:Name|Namespace|Id)|SPARK_VERSION)\s*\}\}$/;

/** The tree of a document; with the marks of operators in it where no other action is. */
function readSlice({ offset, analysis }: AnalyzedSlice, { text, actions }: Surroundings): ReadSlice {
  const end = offset + analysis.document.text.length;
  const own = actions.filter((range) => range.start < end && range.end > offset);
  const written = (range: TextRange): string => text.slice(range.start, range.end);
  if (own.length > 0 && own.every((range) => OPERATOR_MARK.test(written(range)))) {
    const document = parseDocumentText(text.slice(offset, end));
    if (document.problems.length === 0) return { root: document.root, actions: [] };
  }
  const telling = own.filter((range) => !END_OF_BLOCK.test(written(range)));
  return { root: analysis.root, actions: telling.map((range) => shiftRange(range, -offset)) };
}

/** What ends a block, and brings nothing by itself. */
const END_OF_BLOCK = /^\{\{-?\s*end\s*-?\}\}$/;

/**
 * Whether a template decides what stands in a range. An action inside a value decides that value; one on a line of its own may bring
 * anything into the object or list it stands in. What stands around those stays known.
 */
function templatedRanges(root: YamlNode, actions: readonly TextRange[]): (range: TextRange) => boolean {
  const { scalars, containers } = rangesIn(root);
  const decided = actions.flatMap((action): readonly TextRange[] => {
    const scalar = scalars.find((range) => covers(range, action));
    if (scalar !== undefined) return [scalar];
    // The innermost comes last.
    const container = containers.findLast((range) => covers(range, action)) ?? containers[0];
    return container === undefined ? [] : [container];
  });
  return (range) => decided.some(({ start, end }) => range.start === start && range.end === end);
}

function covers(outer: TextRange, inner: TextRange): boolean {
  return outer.start <= inner.start && outer.end >= inner.end;
}

interface Ranges {
  readonly scalars: readonly TextRange[];
  /** Maps and lists, those outside before those inside. */
  readonly containers: readonly TextRange[];
}

function rangesIn(root: YamlNode): Ranges {
  const scalars: TextRange[] = [];
  const containers: TextRange[] = [];
  const visit = (node: YamlNode | undefined): void => {
    if (node === undefined || node.kind === 'alias') return;
    (node.kind === 'scalar' ? scalars : containers).push(node.range);
    if (node.kind === 'map') for (const { value } of node.entries) visit(value);
    if (node.kind === 'sequence') for (const { value } of node.items) visit(value);
  };
  visit(root);
  return { scalars, containers };
}

function itemsOf(root: YamlNode): readonly YamlNode[] {
  const content = resolveAlias(root);
  const items = content?.kind === 'map' ? content.entries.find(({ key }) => key.text === 'items')?.value : undefined;
  const list = resolveAlias(items);
  return list?.kind === 'sequence' ? list.items.flatMap(({ value }) => (value ? [value] : [])) : [];
}

function previewObject(
  node: YamlNode,
  { context, isPartial }: Surroundings,
  isTemplated: (range: TextRange) => boolean,
): DocumentPreview {
  const object = objectOf(node, context, { isPartial, isTemplated });
  const preview = object && foretell(object);
  if (preview) return { state: 'preview', preview };
  return { state: 'other', what: textOfKind(node) };
}

function objectOf(node: YamlNode, context: LintContext, source: ViewSource): ObjectView | undefined {
  const identity = readIdentity(node);
  const kind = identity && context.catalog.find(identity);
  if (!kind) return undefined;
  return viewObject({
    kind,
    node,
    link: undefined,
    text: '',
    catalog: context.catalog,
    kubernetesVersion: context.settings.kubernetesVersion,
    source,
  });
}

function textOfKind(node: YamlNode): string {
  const identity = readIdentity(node);
  return identity ? `${identity.apiVersion} ${identity.kind}` : '';
}
