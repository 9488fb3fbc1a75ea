import { readPropertiesText } from '#core/configuration/propertiesText.ts';
import { embeddedFileAt, type EmbeddedFile } from '#core/language/embedded/fileAt.ts';
import { describeSetting, settingOf } from '#core/language/hover/settings.ts';
import type { LocatedWord } from '#core/language/locate.ts';
import type { SettingCatalogues } from '#core/schema/settingCatalogues.ts';
import { containsOffset, shiftRange, type TextRange } from '#core/text/range.ts';
import { readEmbedded } from '#core/yaml/embedded.ts';
import { resolveAlias } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/** Explains the setting at an offset of the manifest that stands in a file inside it. */
export function describeInFile(
  word: LocatedWord,
  offset: number,
  catalogues: SettingCatalogues,
): { readonly markdown: string; readonly range: TextRange } | undefined {
  const { owner, slice, value, role } = word;
  if (role !== 'value' || value?.kind !== 'scalar' || !owner.kind) return undefined;
  const file = embeddedFileAt(owner.kind, owner.path, catalogues);
  const embedded = file && readEmbedded(value, slice.document.text);
  const inner = embedded?.fromDocument(offset - slice.offset);
  if (!file || !embedded || inner === undefined) return undefined;
  const found = settingsIn(file, embedded.text).find(({ range }) => containsOffset(range, inner));
  const markdown = found && describeSetting(settingOf(found.name, file));
  if (!found || markdown === undefined) return undefined;
  return { markdown, range: shiftRange(embedded.toRange(found.range), slice.offset) };
}

/** Names and values of a file, each with the name it belongs to. */
function settingsIn(
  { format }: EmbeddedFile,
  text: string,
): readonly { readonly name: string; readonly range: TextRange }[] {
  if (format !== 'yaml') {
    return readPropertiesText(text).flatMap(({ name, nameRange, valueRange }) => [
      { name, range: nameRange },
      { name, range: valueRange },
    ]);
  }
  const root = resolveAlias(parseDocumentText(text).root);
  if (root?.kind !== 'map') return [];
  return root.entries.flatMap(({ key, value }) => [
    { name: key.text, range: key.range },
    ...(value?.kind === 'scalar' ? [{ name: key.text, range: value.range }] : []),
  ]);
}
