import {
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
  InsertTextMode,
  type CompletionItem,
  type CompletionList,
} from 'vscode-languageserver-types';
import { locateCursor } from '#core/language/completion/cursor.ts';
import type { CompletionEntry, CompletionOffer, EntryRole } from '#core/language/completion/entry.ts';
import { keyEntries } from '#core/language/completion/keys.ts';
import { documentEntries } from '#core/language/completion/kinds.ts';
import { typePlace } from '#core/language/completion/place.ts';
import { valueEntries } from '#core/language/completion/values.ts';
import { describeField } from '#core/language/describeField.ts';
import { offerInFile } from '#core/language/embedded/completion.ts';
import type { SchemaCatalog } from '#core/schema/catalog.ts';
import type { DescriptionBook } from '#core/schema/descriptions.ts';
import type { LineIndex } from '#core/text/lines.ts';
import type { WorkspaceIndex } from '#core/workspace/index.ts';
import { maskTemplate, hasTemplateActions } from '#core/yaml/template.ts';

export interface CompletionSources {
  readonly catalog: SchemaCatalog;
  readonly workspace?: WorkspaceIndex;
  readonly descriptions?: DescriptionBook;
  /** Whether a key brings the required keys below it; true when left out. */
  readonly insertRequired?: boolean;
  /** Kubernetes minor the manifest is for; all fields are offered when it is left out. */
  readonly kubernetesVersion?: string;
}

/** What may stand at an offset of a file. */
export function offerCompletions(
  text: string,
  offset: number,
  sources: CompletionSources,
): CompletionOffer | undefined {
  const readable = hasTemplateActions(text) ? maskTemplate(text, { reader: offset }).text : text;
  const inFile = offerInFile(readable, offset, sources.catalog.settings);
  if (inFile) return inFile;
  const cursor = locateCursor(readable, offset);
  if (!cursor) return undefined;
  const place = typePlace(cursor, sources);
  const isRoot = place.path.length === 0 && place.role === 'key';
  const entries =
    isRoot && !place.kind
      ? [
          ...documentEntries(place),
          ...rootKeys(place.map?.entries.map((entry) => entry.key.text) ?? [], place.colonFollows),
        ]
      : place.role === 'key'
        ? keyEntries(place)
        : valueEntries(place);
  return { replace: place.replace, entries: describe(entries, place, sources.descriptions) };
}

function describe(
  entries: readonly CompletionEntry[],
  place: ReturnType<typeof typePlace>,
  book: DescriptionBook | undefined,
): readonly CompletionEntry[] {
  if (place.role !== 'key' || !place.kind) return entries;
  const field = { kind: place.kind, path: place.path, holder: place.schema };
  return entries.map((entry) => {
    if (entry.role !== 'key' || entry.documentation !== undefined) return entry;
    const text = describeField(field, entry.label, book)?.text;
    return text === undefined ? entry : { ...entry, documentation: text };
  });
}

/** The fields every object begins with, for a document whose kind is not known yet. */
function rootKeys(taken: readonly string[], colonFollows: boolean): readonly CompletionEntry[] {
  return ['apiVersion', 'kind', 'metadata', 'spec']
    .filter((name) => !taken.includes(name))
    .map((name) => {
      const isMap = name === 'metadata' || name === 'spec';
      const text = colonFollows ? name : isMap ? `${name}:\n  ` : `${name}: `;
      return { label: name, role: 'key', text, isSnippet: false, rank: 0 };
    });
}

export interface CompletionClient {
  readonly supportsSnippets: boolean;
}

/** The offer in terms of the protocol. */
export function toCompletionList(offer: CompletionOffer, lines: LineIndex, client: CompletionClient): CompletionList {
  const range = lines.toPositions(offer.replace);
  return { isIncomplete: false, items: offer.entries.map((entry) => toItem(entry, range, lines, client)) };
}

const ITEM_KINDS: Readonly<Record<EntryRole, CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  kind: CompletionItemKind.Class,
  reference: CompletionItemKind.Reference,
  item: CompletionItemKind.Struct,
};

function toItem(
  entry: CompletionEntry,
  range: ReturnType<LineIndex['toPositions']>,
  lines: LineIndex,
  client: CompletionClient,
): CompletionItem {
  const newText = entry.isSnippet && !client.supportsSnippets ? plainText(entry.text) : entry.text;
  const asSnippet = entry.isSnippet && client.supportsSnippets;
  return {
    label: entry.label,
    kind: ITEM_KINDS[entry.role],
    sortText: `${entry.rank}${entry.label}`,
    textEdit: { range, newText },
    insertTextFormat: asSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    insertTextMode: InsertTextMode.asIs,
    ...(entry.filter === undefined ? {} : { filterText: entry.filter }),
    ...(entry.detail === undefined ? {} : { detail: entry.detail }),
    ...(entry.documentation === undefined ? {} : { documentation: entry.documentation }),
    ...(entry.deprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
    ...(entry.alsoEdits && entry.alsoEdits.length > 0
      ? {
          additionalTextEdits: entry.alsoEdits.map((edit) => ({
            range: lines.toPositions(edit.range),
            newText: edit.newText,
          })),
        }
      : {}),
  };
}

/** A snippet for a client without snippets: places become their first suggestion or nothing. */
function plainText(snippet: string): string {
  return snippet
    .replaceAll(/\$\{\d+\|((?:\\.|[^,|\\])*)[^|]*\|\}/g, '$1')
    .replaceAll(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1')
    .replaceAll(/\$\d+/g, '')
    .replaceAll(/\\([\\$},|])/g, '$1');
}
