import type { NodeView } from '#core/lint/rules/view.ts';
import { readPropertiesText } from '#core/configuration/propertiesText.ts';
import type { ConfigurationFile, KnowledgeTable } from '#core/systems/contract.ts';
import type { TextEdit, TextRange } from '#core/text/range.ts';
import { readEmbedded, type EmbeddedText } from '#core/yaml/embedded.ts';
import { effectiveEntries, resolveAlias, type MapEntry, type ScalarNode, type YamlNode } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/** One setting where somebody wrote it. Ranges are those of the document. */
export interface WrittenSetting {
  /** As the table of the place names it. */
  readonly name: string;
  readonly value: string | undefined;
  /** Whether a map or a list stands there. */
  readonly isCollection: boolean;
  readonly at: NodeView;
  /** What has the name, where that is not what has the value. */
  readonly nameAt?: NodeView;
  readonly nameRange: TextRange | undefined;
  readonly valueRange: TextRange | undefined;
  /** Writes another name or value; undefined where that cannot be done in place. */
  readonly rename?: (name: string) => TextEdit;
  readonly replace?: (value: string) => TextEdit;
}

/** Settings that are read by one program. */
export interface SettingSite {
  readonly table: KnowledgeTable;
  /** Minor version of the program, where it is known. */
  readonly version: string | undefined;
  readonly settings: readonly WrittenSetting[];
  /** What happens to a value that cannot be. */
  readonly refusal: string;
}

/** What start scripts and operators replace before a program reads the text. */
const PLACEHOLDER = /[$<>]|\{\{|#[\w-]+#|@@|__\w+__|%\w+%/;

export function fixedText(text: string | undefined): string | undefined {
  return text === undefined || PLACEHOLDER.test(text) ? undefined : text;
}

/** The keys of a free-form map. */
export function readMap(map: NodeView): readonly WrittenSetting[] {
  return map.fields.flatMap((at): WrittenSetting[] => {
    const { content, entry } = at;
    if (!content || !entry) return [];
    const isText = content.kind === 'scalar' && !at.isUnknown;
    const isOwn = at.parent?.content?.kind === 'map' && at.parent.content.entries.includes(entry);
    const edits = isOwn ? scalarEdits(entry, (range) => range) : {};
    return [
      {
        name: entry.key.text,
        value: isText ? fixedText(content.text) : undefined,
        isCollection: content.kind !== 'scalar',
        at,
        nameRange: entry.key.range,
        valueRange: content.kind === 'scalar' ? content.range : entry.key.range,
        ...edits,
      },
    ];
  });
}

/** The settings of a file that stands as a text in the document. */
export function readFile(
  at: NodeView,
  { format }: Pick<ConfigurationFile, 'format'>,
  documentText: string,
): readonly WrittenSetting[] {
  const { content } = at;
  if (content?.kind !== 'scalar' || at.isOpen || at.written !== content) return [];
  const embedded = readEmbedded(content, documentText);
  if (!embedded) return [];
  return format === 'yaml' ? readYaml(at, embedded) : readLines(at, embedded);
}

function readLines(at: NodeView, embedded: EmbeddedText): readonly WrittenSetting[] {
  return readPropertiesText(embedded.text).flatMap(({ name, nameRange, value, valueRange }): WrittenSetting[] => {
    if (PLACEHOLDER.test(name)) return [];
    const places = { nameRange: embedded.toRange(nameRange), valueRange: embedded.toRange(valueRange) };
    return [
      {
        name,
        value: fixedText(value),
        isCollection: false,
        at,
        ...places,
        rename: (newText) => ({ range: places.nameRange, newText }),
        replace: (newText) => ({ range: places.valueRange, newText }),
      },
    ];
  });
}

function readYaml(at: NodeView, embedded: EmbeddedText): readonly WrittenSetting[] {
  const document = parseDocumentText(embedded.text);
  const root = resolveAlias(document.root);
  if (document.recovered || root?.kind !== 'map') return [];
  const toRange = (range: TextRange): TextRange => embedded.toRange(range);
  return effectiveEntries(root).flatMap((entry): WrittenSetting[] => {
    const content = resolveAlias(entry.value);
    if (!content || isNull(content)) return [];
    const isOwn = root.entries.includes(entry);
    return [
      {
        name: entry.key.text,
        value: content.kind === 'scalar' ? fixedText(content.text) : undefined,
        isCollection: content.kind !== 'scalar',
        at,
        nameRange: toRange(entry.key.range),
        valueRange: toRange(content.kind === 'scalar' ? content.range : entry.key.range),
        ...(isOwn ? scalarEdits(entry, toRange) : {}),
      },
    ];
  });
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value.type === 'null';
}

type Edits = Pick<WrittenSetting, 'rename' | 'replace'>;

function scalarEdits({ key, value }: MapEntry, toRange: (range: TextRange) => TextRange): Edits {
  return {
    rename: (name) => ({ range: toRange(key.range), newText: inQuotes(key, name) }),
    ...(value?.kind === 'scalar'
      ? { replace: (text: string) => ({ range: toRange(value.range), newText: inQuotes(value, text) }) }
      : {}),
  };
}

function inQuotes({ style }: ScalarNode, text: string): string {
  const quote = style === 'single' ? "'" : style === 'double' ? '"' : '';
  return `${quote}${text}${quote}`;
}
