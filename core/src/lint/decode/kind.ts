import { formatApiVersion, parseApiVersion } from '#core/kubernetes/identity.ts';
import { findRemovedVersion, type RemovedVersion } from '#core/kubernetes/removedVersions.ts';
import { compareMinors } from '#core/kubernetes/versions.ts';
import type { LintContext } from '#core/lint/analyze.ts';
import type { Finding, Fix } from '#core/lint/finding.ts';
import { rewriteFix } from '#core/migrate/rewriteFix.ts';
import { lineBreakOf, lineStart, replaceScalar } from '#core/lint/fixes/edits.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import type { SchemaCatalog } from '#core/schema/catalog.ts';
import { nearestName } from '#core/text/distance.ts';
import { findEntry, resolveAlias, type MapNode, type ScalarNode } from '#core/yaml/nodes.ts';
import type { YamlDocument } from '#core/yaml/parse.ts';

/**
 * What is wrong with apiVersion and kind (rule DEC08). A kind of a group nobody here knows is no finding:
 * somebody else's custom resource is as good as any.
 */
export function explainKind(document: YamlDocument, context: LintContext): readonly Finding[] {
  const root = resolveAlias(document.root);
  if (root?.kind !== 'map') return [];
  const apiVersion = scalarOf(root, 'apiVersion');
  const kind = scalarOf(root, 'kind');
  if (kind && !apiVersion) return explainMissingVersion(root, kind, document, context.catalog);
  if (!kind || !apiVersion) return [];
  return explainUnknownKind(apiVersion, kind, document, context);
}

function scalarOf(map: MapNode, key: string): ScalarNode | undefined {
  const node = resolveAlias(findEntry(map, key)?.value);
  return node?.kind === 'scalar' && node.value.type === 'string' ? node : undefined;
}

function explainMissingVersion(
  root: MapNode,
  kind: ScalarNode,
  document: YamlDocument,
  catalog: SchemaCatalog,
): Finding[] {
  const versions = catalog.all().filter((entry) => entry.kind === kind.text);
  const isWhole = findEntry(root, 'metadata') !== undefined && !findEntry(root, 'apiVersion')?.value;
  if (versions.length === 0 || !isWhole) return [];
  const names = [...new Set(versions.map(formatApiVersion))];
  const [only] = names;
  const fixes: readonly Fix[] = names.length === 1 && only !== undefined ? [insertVersion(root, only, document)] : [];
  return [
    finding(
      kind,
      'apiVersion',
      `apiVersion is missing; ${kind.text} is served as ${listNames(names)}. kubectl refuses the object without it.`,
      fixes,
    ),
  ];
}

function insertVersion(root: MapNode, apiVersion: string, document: YamlDocument): Fix {
  const at = lineStart(document.text, root.range.start);
  const newText = `apiVersion: ${apiVersion}${lineBreakOf(document.text)}`;
  return {
    title: `Add apiVersion: ${apiVersion}`,
    preferred: true,
    edits: [{ range: { start: at, end: at }, newText }],
  };
}

function explainUnknownKind(
  apiVersion: ScalarNode,
  kind: ScalarNode,
  document: YamlDocument,
  context: LintContext,
): Finding[] {
  const parsed = parseApiVersion(apiVersion.text);
  if (!parsed) {
    return [
      finding(
        apiVersion,
        'apiVersion',
        `${quoteText(apiVersion.text)} is no apiVersion; it has the form group/version, or v1 for the core group. The server refuses the object.`,
      ),
    ];
  }
  const removed = findRemovedVersion(apiVersion.text, kind.text);
  const { kubernetesVersion } = context.settings;
  if (removed && compareMinors(kubernetesVersion, removed.removedIn) >= 0) {
    const found = explainRemoved(removed, apiVersion, kind);
    return [{ ...found, fixes: () => [...(found.fixes?.() ?? []), ...rewriteFix(document.text, context.catalog)] }];
  }
  const { catalog } = context;
  if (removed || catalog.find({ ...parsed, kind: kind.text })) return [];
  const sameKind = catalog.versionsOf(parsed.group, kind.text).map(formatApiVersion);
  if (!isClosedGroup(parsed.group, catalog)) return [];
  if (sameKind.length > 0) return [suggestVersion(apiVersion, kind, sameKind)];
  const elsewhere = catalog
    .all()
    .filter((entry) => entry.kind === kind.text)
    .map(formatApiVersion);
  if (elsewhere.length > 0) return [suggestVersion(apiVersion, kind, [...new Set(elsewhere)])];
  const near = nearestName(
    kind.text,
    catalog
      .all()
      .filter((entry) => formatApiVersion(entry) === apiVersion.text)
      .map((entry) => entry.kind),
  );
  if (near === undefined) return [];
  return [
    finding(
      kind,
      'kind',
      `${apiVersion.text} has no kind ${quoteText(kind.text)}; did you mean ${near}? The server refuses the object.`,
      [replaceScalar(kind, near, `Change to ${near}`)],
    ),
  ];
}

function explainRemoved(removed: RemovedVersion, apiVersion: ScalarNode, kind: ScalarNode): Finding {
  const advice = removed.replacement === '' ? '' : ` Use ${removed.replacement}.`;
  const changes = removed.changes === undefined ? '' : ` Mind: ${removed.changes}.`;
  const fix = replaceScalar(apiVersion, removed.replacement, `Change to ${removed.replacement}`);
  const found = finding(
    apiVersion,
    'apiVersion',
    `${apiVersion.text} ${kind.text} is not served since Kubernetes ${removed.removedIn}; the server refuses the object.${advice}${changes}`,
    removed.replacement === '' ? [] : [{ ...fix, preferred: removed.changes === undefined }],
  );
  return { ...found, since: removed.removedIn };
}

/** Every kind and version of a group that Kubernetes itself serves is known, so one that is missing does not exist. */
function isClosedGroup(group: string, catalog: SchemaCatalog): boolean {
  return catalog.all().some((entry) => entry.group === group && entry.since !== undefined);
}

function suggestVersion(apiVersion: ScalarNode, kind: ScalarNode, versions: readonly string[]): Finding {
  return finding(
    apiVersion,
    'apiVersion',
    `${apiVersion.text} has no kind ${quoteText(kind.text)}; it is served as ${listNames(versions)}. The server refuses the object.`,
    versions.map((version) => ({
      ...replaceScalar(apiVersion, version, `Change to ${version}`),
      preferred: versions.length === 1,
    })),
  );
}

function finding(node: ScalarNode, path: string, message: string, fixes: readonly Fix[] = []): Finding {
  return {
    code: 'DEC08',
    severity: 'error',
    message,
    path,
    range: node.range,
    ...(fixes.length > 0 ? { fixes: () => fixes } : {}),
  };
}
