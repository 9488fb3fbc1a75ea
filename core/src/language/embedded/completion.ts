import type { CompletionEntry, CompletionOffer } from '#core/language/completion/entry.ts';
import { settingEntries, settingValues } from '#core/language/completion/settings.ts';
import { embeddedFileAt, type EmbeddedFile } from '#core/language/embedded/fileAt.ts';
import { readIdentity } from '#core/lint/decode/identity.ts';
import { lineStart } from '#core/lint/fixes/edits.ts';
import type { SettingCatalogues } from '#core/schema/settingCatalogues.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { resolveAlias, type MapEntry, type MapNode, type ScalarNode } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/** Kinds that hold files, for a look at the text before it is read. */
const HOLDERS = /^kind:\s*["']?(?:ConfigMap|KafkaCluster)\b/m;

/** What may stand at an offset inside a file that a manifest holds as a block of text; undefined anywhere else. */
export function offerInFile(text: string, offset: number, catalogues: SettingCatalogues): CompletionOffer | undefined {
  const slice = splitDocuments(text).findLast(({ start }) => start <= offset);
  const document = slice && text.slice(slice.start, slice.end);
  if (!slice || document === undefined || !HOLDERS.test(document)) return undefined;
  const line = findLine(document, offset - slice.start, catalogues);
  if (!line) return undefined;
  const entries = entriesAt(line);
  if (!entries) return undefined;
  const { typed, rest } = line;
  const before = /[^\s=:]*$/.exec(typed)?.[0] ?? '';
  const after = /^[^\s=:]*/.exec(rest)?.[0] ?? '';
  return { replace: { start: offset - before.length, end: offset + after.length }, entries };
}

/** The line of a file the cursor is in. */
interface FileLine {
  readonly file: EmbeddedFile;
  /** What stands on the line before the cursor and behind it, without the indentation of the block. */
  readonly typed: string;
  readonly rest: string;
  /** Names on other lines. */
  readonly taken: ReadonlySet<string>;
}

function findLine(document: string, offset: number, catalogues: SettingCatalogues): FileLine | undefined {
  const { root } = parseDocumentText(document);
  const identity = readIdentity(root);
  const content = resolveAlias(root);
  if (!identity || content?.kind !== 'map') return undefined;
  for (const { key, value } of content.entries) {
    const holder = resolveAlias(value);
    if (holder?.kind !== 'map') continue;
    const entry = blockAt(holder, offset);
    const file = entry && embeddedFileAt(identity, [key.text, entry.key.text], catalogues);
    const line =
      file && entry.value?.kind === 'scalar' ? readLine(document, offset, entry.value, entry.key) : undefined;
    if (file && line) return { file, ...line };
  }
  return undefined;
}

/** The last block of text that begins before an offset. */
function blockAt(holder: MapNode, offset: number): MapEntry | undefined {
  const entry = holder.entries.findLast(({ key }) => key.range.start <= offset);
  return entry?.value?.kind === 'scalar' && entry.value.style === 'literal' ? entry : undefined;
}

function readLine(
  document: string,
  offset: number,
  block: ScalarNode,
  key: ScalarNode,
): Omit<FileLine, 'file'> | undefined {
  const start = lineStart(document, offset);
  const header = document.indexOf('\n', block.range.start);
  if (header < 0 || start <= header - 1) return undefined;
  const lines = document.slice(header + 1, Math.max(block.range.end, header + 1)).split(/\r?\n/);
  const keyColumn = key.range.start - lineStart(document, key.range.start);
  const indent = /^ */.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0].length ?? keyColumn + 2;
  const before = document.slice(start, offset);
  const isInside = before.slice(0, indent).trim() === '' && before.length >= Math.max(indent, keyColumn + 1);
  if (!isInside || document.slice(block.range.end, start).trim() !== '') return undefined;
  const rest = /^[^\r\n]*/.exec(document.slice(offset))?.[0] ?? '';
  const own = before.slice(indent) + rest;
  const others = lines.map((line) => line.slice(indent)).filter((line) => line !== own);
  return { typed: before.slice(indent), rest, taken: new Set(others.map((line) => /^[\w.-]*/.exec(line)?.[0] ?? '')) };
}

function entriesAt({ file, typed, rest, taken }: FileLine): readonly CompletionEntry[] | undefined {
  if (/^[\w.-]*$/.test(typed)) {
    const sign = SIGNS[file.format];
    const hasSign = /^[\w.-]*\s*[=:]/.test(rest);
    return settingEntries(file, (name, value, rank) => ({
      label: name,
      role: 'key',
      text: hasSign ? name : `${name}${sign}${value}`,
      isSnippet: false,
      rank,
    })).filter(({ label }) => !taken.has(label));
  }
  const [, name = ''] = /^([\w.-]+)(?:\s*[=:]\s*|\s+)\S*$/.exec(typed) ?? [];
  return name === '' ? undefined : settingValues(name, file);
}

const SIGNS: Readonly<Record<EmbeddedFile['format'], string>> = {
  properties: '=',
  yaml: ': ',
  options: ' ',
  json: '',
};
