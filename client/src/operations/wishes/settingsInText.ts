import { readPropertiesText } from '#core/configuration/propertiesText.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { textAt, textEntriesAt } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

/** Settings that stand in a document. */
export interface SettingsSource {
  /** For people: `server.properties of ConfigMap kafka`. */
  readonly title: string;
  readonly settings: readonly (readonly [name: string, value: string])[];
}

const PROPERTIES_FILE = /\.(?:properties|conf|cfg)$/;

/** Of a file of properties: its settings. Of a manifest: those of every file of properties in its ConfigMaps. */
export function settingsInText(fileName: string, text: string): readonly SettingsSource[] {
  if (PROPERTIES_FILE.test(fileName)) return sourceOf(fileName.split('/').at(-1) ?? fileName, text);
  if (!/\.ya?ml$/.test(fileName)) return [];
  return splitDocuments(text).flatMap(({ start, end }) => {
    const { root } = parseDocumentText(text.slice(start, end));
    if (textAt(root, ['kind']) !== 'ConfigMap') return [];
    const name = textAt(root, ['metadata', 'name']) ?? '';
    const files = textEntriesAt(root, ['data']).filter(([file]) => PROPERTIES_FILE.test(file));
    return files.flatMap(([file, content]) => sourceOf(`${file} of ConfigMap ${name}`, content));
  });
}

/** Values that go on in another line or have escapes are left out: they are not what they look like. */
function sourceOf(title: string, text: string): readonly SettingsSource[] {
  const settings = readPropertiesText(text).flatMap(({ name, value }) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return settings.length === 0 ? [] : [{ title, settings }];
}
