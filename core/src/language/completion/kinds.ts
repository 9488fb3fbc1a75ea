import { formatApiVersion } from '#core/kubernetes/identity.ts';
import { findRemovedVersion } from '#core/kubernetes/removedVersions.ts';
import { compareMinors } from '#core/kubernetes/versions.ts';
import type { CompletionEntry } from '#core/language/completion/entry.ts';
import type { TypedPlace } from '#core/language/completion/place.ts';
import { addKey, SnippetText } from '#core/language/completion/skeleton.ts';
import { usualKeys } from '#core/language/completion/usual.ts';
import { findSystemKind } from '#core/systems/registry.ts';
import type { KindSchema } from '#core/schema/catalog.ts';
import { findEntry, resolveAlias, textAt, type MapNode } from '#core/yaml/nodes.ts';

/** apiVersion and kind belong together: each offers what fits the other, and a kind brings its apiVersion along. */
export function kindValueEntries(place: TypedPlace): readonly CompletionEntry[] {
  return place.path[0] === 'kind' ? kindNames(place) : apiVersions(place);
}

function kindNames(place: TypedPlace): CompletionEntry[] {
  const apiVersion = textAt(place.root, ['apiVersion']);
  const kinds = writtenKinds(place).filter((kind) => kind.kind !== 'List');
  const fitting = kinds.filter((kind) => formatApiVersion(kind) === apiVersion);
  return (fitting.length > 0 ? fitting : kinds).map((kind) => ({
    label: kind.kind,
    role: 'kind',
    text: place.needsBlank ? ` ${kind.kind}` : kind.kind,
    isSnippet: false,
    rank: rankOf(kind),
    detail: `${formatApiVersion(kind)}, ${kind.sourceName}`,
    alsoEdits: fitting.length > 0 ? [] : apiVersionEdit(place, kind),
    deprecated: kind.deprecation !== undefined,
  }));
}

/** Sets or adds the apiVersion line above a kind. */
function apiVersionEdit(place: TypedPlace, kind: KindSchema): NonNullable<CompletionEntry['alsoEdits']> {
  const root = resolveAlias(place.root);
  const entry = root?.kind === 'map' ? findEntry(root, 'apiVersion') : undefined;
  const apiVersion = formatApiVersion(kind);
  const kindKey = root?.kind === 'map' ? findEntry(root, 'kind')?.key.range.start : undefined;
  const known = entry?.value?.range ?? (entry && { start: entry.range.end, end: entry.range.end });
  if (known) {
    const range = { start: known.start + place.offset, end: known.end + place.offset };
    return range.end <= place.replace.start
      ? [{ range, newText: known.start === known.end ? ` ${apiVersion}` : apiVersion }]
      : [];
  }
  if (kindKey === undefined) return [];
  const at = kindKey + place.offset;
  return [{ range: { start: at, end: at }, newText: `apiVersion: ${apiVersion}\n` }];
}

function apiVersions(place: TypedPlace): CompletionEntry[] {
  const kindName = textAt(place.root, ['kind']);
  const kinds = writtenKinds(place);
  const fitting = kindName === undefined ? [] : kinds.filter((kind) => kind.kind === kindName);
  const byVersion = new Map<string, KindSchema[]>();
  for (const kind of fitting.length > 0 ? fitting : kinds) {
    const list = byVersion.get(formatApiVersion(kind));
    if (list) list.push(kind);
    else byVersion.set(formatApiVersion(kind), [kind]);
  }
  return [...byVersion].map(([label, members]) => ({
    label,
    role: 'kind',
    text: place.needsBlank ? ` ${label}` : label,
    isSnippet: false,
    rank: Math.min(...members.map(rankOf)),
    detail: members
      .slice(0, 4)
      .map((kind) => kind.kind)
      .join(', '),
    deprecated: members.every((kind) => kind.deprecation !== undefined),
  }));
}

/** Whole documents for an empty one: apiVersion, kind, name and the required fields of the spec. */
export function documentEntries(place: TypedPlace): readonly CompletionEntry[] {
  const root = resolveAlias(place.root);
  const map: MapNode | undefined = root?.kind === 'map' ? root : undefined;
  const isEmpty = (map?.entries.length ?? 0) <= 1;
  if (!isEmpty || place.path.length > 0 || place.column > 0 || place.role !== 'key') return [];
  return writtenKinds(place)
    .filter((kind) => kind.kind !== 'List')
    .map((kind) => ({
      label: kind.kind,
      role: 'kind',
      text: documentSkeleton(kind),
      isSnippet: true,
      rank: rankOf(kind),
      detail: `${formatApiVersion(kind)}, ${kind.sourceName}`,
      deprecated: kind.deprecation !== undefined,
    }));
}

function documentSkeleton(kind: KindSchema): string {
  const snippet = new SnippetText().add(`apiVersion: ${formatApiVersion(kind)}\nkind: ${kind.kind}`);
  const root = kind.root();
  const place = { kind, path: [], layout: { column: 0, unit: 2, dash: 2, eol: '\n' }, depth: 0 };
  for (const name of rootKeys(kind)) {
    const schema = root.property(name);
    if (schema) addKey(snippet.add('\n'), name, schema, place);
  }
  return snippet.text;
}

function rootKeys(kind: KindSchema): readonly string[] {
  const content = usualKeys(kind.root(), kind, []);
  return ['metadata', ...(content.length > 0 ? content : ['spec'])];
}

/** Kinds of the four systems first, then what people write around them, then everything else; what is gone comes last. */
function rankOf(kind: KindSchema): number {
  if (kind.deprecation !== undefined) return 4;
  if (findSystemKind(kind) !== undefined) return 0;
  return ['apps', '', 'policy', 'batch'].includes(kind.group) ? 1 : 2;
}

/** Kinds that are written down and served; answers to requests such as TokenReview are not written. */
function writtenKinds(place: TypedPlace): readonly KindSchema[] {
  return place.catalog
    .all()
    .filter((kind) => !/(?:Review|Binding)$/.test(kind.kind) || /(?:Role|Policy)Binding$/.test(kind.kind))
    .filter((kind) => !isGone(kind, place));
}

/** A version that the Kubernetes the manifest is for serves no more; without a version, the newest counts. */
function isGone(kind: KindSchema, { kubernetesVersion }: TypedPlace): boolean {
  const removed = findRemovedVersion(formatApiVersion(kind), kind.kind);
  if (!removed) return false;
  return kubernetesVersion === undefined || compareMinors(kubernetesVersion, removed.removedIn) >= 0;
}
