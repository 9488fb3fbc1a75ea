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
  if (own.length > 0 && own.every((range) => OPERATOR_MARK.test(text.slice(range.start, range.end)))) {
    const written = parseDocumentText(text.slice(offset, end));
    if (written.problems.length === 0) return { root: written.root, actions: [] };
  }
  return { root: analysis.root, actions: own.map((range) => shiftRange(range, -offset)) };
}

/**
 * Whether a template decides what stands in a range. An action inside a value decides that value and not what stands around it, so the rest
 * of its object stays known; an action on a line of its own may bring anything.
 */
function templatedRanges(root: YamlNode, actions: readonly TextRange[]): (range: TextRange) => boolean {
  if (actions.length === 0) return () => false;
  const scalars = scalarRanges(root);
  const placed = actions.map((action) => ({
    action,
    inside: scalars.find((scalar) => scalar.start <= action.start && scalar.end >= action.end),
  }));
  return (range) =>
    placed.some(({ action, inside }) => {
      if (action.start >= range.end || action.end <= range.start) return false;
      return inside === undefined || (range.start >= inside.start && range.end <= inside.end);
    });
}

function scalarRanges(node: YamlNode | undefined): readonly TextRange[] {
  if (node?.kind === 'scalar') return [node.range];
  if (node?.kind === 'map') return node.entries.flatMap(({ value }) => scalarRanges(value));
  return node?.kind === 'sequence' ? node.items.flatMap(({ value }) => scalarRanges(value)) : [];
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
