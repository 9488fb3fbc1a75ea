import { describe, expect, it } from 'vitest';
import { schemaAt } from '#core/language/schemaAt.ts';
import { offerCompletions, type CompletionSources } from '#core/language/completion/completion.ts';
import { schemaOfKey } from '#core/lint/structure/objects.ts';
import { readIdentity } from '#core/lint/decode/identity.ts';
import type { KindSchema } from '#core/schema/catalog.ts';
import { DocumentParser, type DocumentSlice } from '#core/yaml/documents.ts';
import type { MapEntry, MapNode, YamlNode, YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';
import { maskTemplate } from '#core/yaml/template.ts';
import { bundledCatalog } from '#test/support/catalog.ts';
import { goodManifests, type ManifestFile } from '#test/support/manifests.ts';

interface KeyPlace {
  readonly file: ManifestFile;
  readonly slice: DocumentSlice;
  readonly kind: KindSchema;
  readonly path: YamlPath;
  readonly map: MapNode;
  readonly entry: MapEntry;
}

interface Attempt {
  readonly text: string;
  readonly cursor: number;
}

/** How a key can be missing at a place: the three ways people come to ask for it. */
const REMOVALS: Readonly<Record<string, (place: KeyPlace) => Attempt | undefined>> = {
  'with all its lines': removeLines,
  'with its value kept': removeWord,
  'but for its first half': keepHalf,
};

const sources: CompletionSources = { catalog: await bundledCatalog() };
const places = goodManifests().flatMap(keyPlaces);

describe('a key that is removed from a manifest is offered again at its place', () => {
  it.each(Object.entries(REMOVALS))('%s', (name, remove) => {
    const missed: string[] = [];
    const invented: string[] = [];
    let asked = 0;
    for (const place of places) {
      const attempt = remove(place);
      if (!attempt) continue;
      asked++;
      const labels = offerCompletions(attempt.text, attempt.cursor, sources)?.entries.map((entry) => entry.label) ?? [];
      if (!labels.includes(place.entry.key.text)) missed.push(describePlace(place));
      invented.push(...unknownLabels(labels, place));
    }
    const recall = asked === 0 ? 0 : (100 * (asked - missed.length)) / asked;
    console.log(
      `removed ${name}: ${asked} keys asked for, recall ${recall.toFixed(2)} %, ${invented.length} offers the schema does not know`,
    );
    expect(missed).toEqual([]);
    expect(invented).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  });
});

/** Labels that are neither fields of the object nor known keys of a free-form map. */
function unknownLabels(labels: readonly string[], place: KeyPlace): string[] {
  const schema = schemaAt(place.kind.root(), place.path, sources.catalog);
  if (!schema || place.path.length === 0) return [];
  const above = schema.propertyNames.length > 0;
  return above ? labels.filter((label) => !label.startsWith('- ') && schemaOfKey(schema, label) === 'unknown') : [];
}

function keyPlaces(file: ManifestFile): KeyPlace[] {
  return new DocumentParser().parseFile(maskTemplate(file.text).text).flatMap((slice) => {
    const identity = readIdentity(slice.document.root);
    const kind = identity && sources.catalog.find(identity);
    return kind ? [...walk(slice.document.root, [], { file, slice, kind })] : [];
  });
}

function* walk(
  node: YamlNode | undefined,
  path: YamlPath,
  context: Pick<KeyPlace, 'file' | 'slice' | 'kind'>,
): Generator<KeyPlace> {
  if (node?.kind === 'sequence') {
    for (const [index, item] of node.items.entries()) yield* walk(item.value, [...path, index], context);
  }
  if (node?.kind !== 'map') return;
  const schema = schemaAt(context.kind.root(), path, sources.catalog);
  for (const entry of node.entries) {
    const isAsked =
      schema?.property(entry.key.text) && !(path.length === 0 && /^(?:apiVersion|kind)$/.test(entry.key.text));
    if (isAsked) yield { ...context, path, map: node, entry };
    yield* walk(entry.value, [...path, entry.key.text], context);
  }
}

function removeLines(place: KeyPlace): Attempt | undefined {
  const { text } = place.file;
  if (place.map.flow) return removeFlowEntry(place);
  const start = place.slice.offset + place.entry.key.range.start;
  let end = place.slice.offset + place.entry.range.end;
  while (end < text.length && !'\r\n'.includes(text.charAt(end))) end++;
  return { text: text.slice(0, start) + text.slice(end), cursor: start };
}

function removeFlowEntry(place: KeyPlace): Attempt {
  const { text } = place.file;
  const start = place.slice.offset + place.entry.range.start;
  const end = place.slice.offset + place.entry.range.end;
  return { text: text.slice(0, start) + text.slice(end), cursor: start };
}

function removeWord(place: KeyPlace): Attempt {
  const { text } = place.file;
  const { start, end } = place.entry.key.range;
  const at = place.slice.offset;
  return { text: text.slice(0, at + start) + text.slice(at + end), cursor: at + start };
}

function keepHalf(place: KeyPlace): Attempt {
  const { text } = place.file;
  const { start, end } = place.entry.key.range;
  const at = place.slice.offset;
  const half = start + Math.ceil((end - start) / 2);
  return { text: text.slice(0, at + half) + text.slice(at + end), cursor: at + half };
}

function describePlace(place: KeyPlace): string {
  return `${place.file.name} document ${place.slice.index}: ${formatPath([...place.path, place.entry.key.text])}`;
}
