import type { LoadConditions } from '#core/lint/cel/conditions.ts';
import { ConditionCollector } from '#core/lint/cel/report.ts';
import { readIdentity } from '#core/lint/decode/identity.ts';
import { explainKind } from '#core/lint/decode/kind.ts';
import { describeSyntax } from '#core/lint/decode/syntax.ts';
import type { Finding, ResourceIdentity } from '#core/lint/finding.ts';
import { reportPlacements } from '#core/lint/placement/report.ts';
import { relocate } from '#core/lint/placement/relocate.ts';
import type { FileRole } from '#core/lint/role.ts';
import type { LintSettings } from '#core/lint/settings.ts';
import type { DecoderKind, PlaceLink, StructureContext } from '#core/lint/structure/context.ts';
import { checkValue } from '#core/lint/structure/walk.ts';
import { viewObject, type ObjectView } from '#core/lint/rules/object.ts';
import { viewPod } from '#core/lint/rules/pods.ts';
import { rules } from '#core/lint/rules/registry.ts';
import { describeRefusal, runRules } from '#core/lint/rules/runRules.ts';
import type { KindSchema, SchemaCatalog } from '#core/schema/catalog.ts';
import type { TextRange } from '#core/text/range.ts';
import { nodeAt, resolveAlias, type MapNode, type YamlNode } from '#core/yaml/nodes.ts';
import type { YamlDocument } from '#core/yaml/parse.ts';

export interface LintContext {
  readonly catalog: SchemaCatalog;
  readonly settings: LintSettings;
  /** What evaluates the conditions of schemas, loaded when it is needed; without it they are not checked. */
  readonly loadConditions?: LoadConditions | undefined;
}

/** What is known of one document. Ranges are relative to it. */
export interface DocumentAnalysis {
  readonly document: YamlDocument;
  /** The tree that was checked: the document's own, with misplaced keys where they belong. */
  readonly root: YamlNode | undefined;
  readonly resource: ResourceIdentity | undefined;
  /** The schema of the document's kind; absent when the document names none that is known. */
  readonly kind: KindSchema | undefined;
  /** Sorted by place. */
  readonly findings: readonly Finding[];
}

export interface DocumentSurroundings {
  readonly role: FileRole;
  /** Template actions that were masked in the text. */
  readonly actions: readonly TextRange[];
}

/** Checks one document; never throws, whatever the text is. */
export function analyzeDocument(
  document: YamlDocument,
  context: LintContext,
  surroundings: DocumentSurroundings,
): DocumentAnalysis {
  const findings: Finding[] = [];
  const report = (finding: Finding): void => {
    const level = context.settings.rules[finding.code];
    if (level === 'off' || isDoubtful(finding, surroundings.actions)) return;
    findings.push(level === undefined ? finding : { ...finding, severity: level });
  };
  const found = identify(document.root, context.catalog);
  let { root } = document;
  if (surroundings.role === 'chartFile') {
    for (const finding of describeSyntax(document, [])) report({ ...finding, message: ofChart(finding.message) });
    return { document, root, resource: undefined, kind: undefined, findings };
  }
  if (!isKubernetes(found, document)) return { document, root, ...found, findings: [] };
  if (surroundings.role === 'manifest') {
    for (const finding of explainKind(document, context)) report(finding);
  }
  let explained: readonly TextRange[] = [];
  if (found.kind && root) {
    const structure = makeContext(document, context, surroundings, found.kind, report);
    const relocation = relocate(root, document.strays, found.kind.root(), structure.decoder);
    ({ root } = relocation);
    explained = reportPlacements(relocation.placements, document.text, found.kind, report);
    const check = (kind: KindSchema): StructureContext => makeContext(document, context, surroundings, kind, report);
    // Conditions are only asked about an object that is read as it stands.
    const isSound = document.problems.length === 0 && relocation.placements.length === 0;
    const load = isSound && surroundings.role === 'manifest' ? context.loadConditions : undefined;
    checkObject(root, found.kind, undefined, check(found.kind), load);
    if (isList(found.kind)) checkListItems(root, context, check, load);
  } else if (root && found.resource) {
    const other = context.catalog.versionsOf(found.resource.group, found.resource.kind)[0];
    if (other) checkOtherVersion(root, other, makeContext(document, context, surroundings, other, report));
  }
  for (const finding of describeSyntax(document, explained)) report(finding);
  const told = withoutReplaced(findings).toSorted(
    (a, b) => a.range.start - b.range.start || a.code.localeCompare(b.code),
  );
  return { document, root, resource: found.resource, kind: found.kind, findings: told };
}

/** The structure of an object first, then what its values mean together, by our rules and by the conditions of its schema. */
function checkObject(
  node: YamlNode,
  kind: KindSchema,
  place: PlaceLink | undefined,
  context: StructureContext,
  load: LoadConditions | undefined,
): void {
  const conditions = new ConditionCollector(context);
  const told = load && context.decoder === 'custom' ? conditions.listen() : context;
  const object = viewObject({ kind, node, link: place, ...viewParts(told) });
  checkValue(node, kind.root(), { place, entry: undefined, anchor: firstKey(node) }, withTimes(told, object));
  runRules(rules, object, told.report);
  if (load) conditions.check(load);
}

/** What the schema says of pods that the server only looks at when they are made. */
function withTimes(context: StructureContext, object: ObjectView): StructureContext {
  const pod = viewPod(object);
  if (!pod || pod.isValidatedAtOnce) return context;
  // The restart policy is the one field of the pod that every server looks at (STS10).
  const isLater = (path: string): boolean =>
    (path !== pod.spec.field('restartPolicy').path && path.startsWith(`${pod.spec.path}.`)) ||
    /\.volumeClaimTemplates\b/.test(path);
  return {
    ...context,
    report: (finding) => {
      if (!finding.code.startsWith('VAL') || !isLater(finding.path)) return context.report(finding);
      const told = finding.message.replace(/ The API server refuses the object[^.]*\.$/, '');
      context.report({ ...finding, refused: 'later', message: `${told} ${describeRefusal('later', object)}` });
    },
  };
}

/** An object of a version that no schema describes: rules may know what became of the version. */
function checkOtherVersion(node: YamlNode, kind: KindSchema, context: StructureContext): void {
  const object = viewObject({ kind, isVersionKnown: false, node, link: undefined, ...viewParts(context) });
  runRules(rules, object, context.report);
}

function viewParts({ text, catalog, kubernetesVersion, completeness, isTemplated }: StructureContext) {
  return { text, catalog, kubernetesVersion, source: { isPartial: completeness === 'partial', isTemplated } };
}

/**
 * A rule of its own for a field takes the place of what the schema says of that field, also that there is no such field. The server may
 * print another path than that of the field, so both are looked at. What a rule of a system says of a setting is more than what is known of
 * settings in general.
 */
function withoutReplaced(findings: readonly Finding[]): readonly Finding[] {
  // What is only a warning says nothing of a refusal.
  const ruling = findings.filter(({ code, severity }) => !isLayerCode(code) && severity === 'error');
  const ruled = new Set(ruling.flatMap(({ path, place }) => (place === undefined ? [path] : [path, place])));
  const told = new Set(findings.filter(({ code }) => !/^(?:CFG|VAL|CEL)/.test(code)).map(placeOfFinding));
  return findings.filter((finding) => {
    if (finding.code.startsWith('CFG')) return !told.has(placeOfFinding(finding));
    return !/^(?:VAL|DEC04|CEL)/.test(finding.code) || !ruled.has(finding.path);
  });
}

function placeOfFinding({ path, range }: Finding): string {
  return `${path} ${range.start} ${range.end}`;
}

function isLayerCode(code: string): boolean {
  return /^(?:YAML|DEC|VAL|CEL)/.test(code);
}

function isList({ group, kind }: KindSchema): boolean {
  return group === '' && kind === 'List';
}

/** Each item of a List is an object of its own kind; those of kinds that nobody knows are left alone. */
function checkListItems(
  root: YamlNode,
  context: LintContext,
  contextFor: (kind: KindSchema) => StructureContext,
  load: LoadConditions | undefined,
): void {
  const items = resolveAlias(nodeAt(root, ['items']));
  if (items?.kind !== 'sequence') return;
  for (const [index, item] of items.items.entries()) {
    const { kind } = identify(item.value, context.catalog);
    if (!kind || !item.value) continue;
    const place = { parent: { parent: undefined, step: 'items' }, step: index };
    checkObject(item.value, kind, place, contextFor(kind), load);
  }
}

/** Files that describe a chart are read by Helm. */
function ofChart(message: string): string {
  return message.replace('so kubectl refuses the file', 'so Helm does not load the chart');
}

interface Identified {
  readonly resource: ResourceIdentity | undefined;
  readonly kind: KindSchema | undefined;
}

/**
 * Documents that are no Kubernetes objects are other people's YAML: nothing is said about them. A document beyond the limits
 * counts as one when its first lines name an apiVersion, because then it cannot be read any further.
 */
function isKubernetes(found: Identified, document: YamlDocument): boolean {
  if (found.resource !== undefined) return true;
  const opening = document.text.slice(0, 4_000);
  if (document.problems.some((problem) => problem.code !== 'syntax')) return /^apiVersion:/m.test(opening);
  return /^kind:/m.test(opening) && /^(?:apiVersion|metadata):/m.test(opening);
}

function identify(root: YamlNode | undefined, catalog: SchemaCatalog): Identified {
  const resource = readIdentity(root);
  return { resource, kind: resource && catalog.find(resource) };
}

function makeContext(
  document: YamlDocument,
  context: LintContext,
  surroundings: DocumentSurroundings,
  kind: KindSchema,
  report: (finding: Finding) => void,
): StructureContext {
  return {
    text: document.text,
    catalog: context.catalog,
    decoder: decoderOf(kind),
    kubernetesVersion: context.settings.kubernetesVersion,
    completeness: surroundings.role === 'manifest' ? 'whole' : 'partial',
    isTemplated: (range) => touches(range, surroundings.actions),
    report,
  };
}

/** Built-in kinds are Go structs in the API server; every other kind is read through its structural schema. */
function decoderOf(kind: Pick<KindSchema, 'since'>): DecoderKind {
  return kind.since === undefined ? 'custom' : 'builtIn';
}

/**
 * Nothing is said about what a template action renders. Around actions the text is a guess at what is rendered, so that it does not
 * parse proves nothing either.
 */
function isDoubtful({ code, range }: Finding, actions: readonly TextRange[]): boolean {
  return touches(range, actions) || (actions.length > 0 && /^YAML0[12]$/.test(code));
}

function touches(range: TextRange, actions: readonly TextRange[]): boolean {
  return actions.some((action) => action.start < range.end && action.end > range.start);
}

function firstKey(root: YamlNode): TextRange {
  const content = resolveAlias(root);
  const map: MapNode | undefined = content?.kind === 'map' ? content : undefined;
  return map?.entries[0]?.key.range ?? { start: root.range.start, end: Math.min(root.range.end, root.range.start + 1) };
}
