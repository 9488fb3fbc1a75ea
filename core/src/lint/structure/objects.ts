import { toPath, type Holder, type StructureContext } from '#core/lint/structure/context.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { removeEntry } from '#core/lint/fixes/edits.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { MapEntry, MapNode } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/** What the schema says of a key: its node, that anything goes, or that the server does not know it. */
export function schemaOfKey(schema: SchemaNode, key: string): SchemaNode | 'free' | 'unknown' {
  const known = schema.property(key) ?? schema.additional;
  if (known) return known;
  if (schema.acceptsUnknownKeys) return 'free';
  const isEmbedded = schema.raw['x-kubernetes-embedded-resource'] === true;
  if (isEmbedded && ['apiVersion', 'kind', 'metadata'].includes(key)) return 'free';
  return schema.type === 'object' ? 'unknown' : 'free';
}

/** The server's reader refuses a repeated key; kubectl converts to JSON first and silently sends the last one (1.34.4). */
export function reportRepeatedKeys(map: MapNode, holder: Holder, context: StructureContext): void {
  const first = new Map<string, MapEntry>();
  for (const entry of map.entries) {
    const earlier = first.get(entry.key.text);
    if (!earlier) first.set(entry.key.text, entry);
    else if (!context.isTemplated(map.range)) reportRepeat(entry, earlier, holder, context);
  }
}

function reportRepeat(entry: MapEntry, earlier: MapEntry, holder: Holder, context: StructureContext): void {
  const name = quoteText(entry.key.text);
  context.report({
    code: 'DEC03',
    severity: 'error',
    message: `${name} stands twice in this object. The API server's reader refuses that; kubectl silently sends only the last one, so the first is lost.`,
    path: formatPath(toPath({ parent: holder.place, step: entry.key.text })),
    range: entry.key.range,
    related: [{ range: earlier.key.range, message: `${name} stands here first` }],
    fixes: () => {
      const first = removeEntry(context.text, earlier, `Remove the first ${name}, which is ignored`);
      const second = removeEntry(context.text, entry, `Remove this ${name} and keep the first`);
      const isClear = losesNothing(earlier, context.text, entry);
      return [first && { ...first, preferred: isClear }, second && { ...second, preferred: isClear && !first }].filter(
        (fix) => fix !== undefined,
      );
    },
  });
}

/** Whole blocks that differ were probably meant to be one: which of them goes is for the author to say. */
function losesNothing(earlier: MapEntry, text: string, entry: MapEntry): boolean {
  const isBlock = [earlier, entry].some(({ value }) => value?.kind === 'map' || value?.kind === 'sequence');
  return !isBlock || valueText(earlier, text) === valueText(entry, text);
}

function valueText({ value }: MapEntry, text: string): string {
  return value ? text.slice(value.range.start, value.range.end) : '';
}

export function reportMisreadKey(entry: MapEntry, misread: string, holder: Holder, context: StructureContext): void {
  const written = quoteText(entry.key.text);
  const isNull = entry.key.value.type === 'null';
  const effect = isNull
    ? 'a key cannot be null, so the file is refused'
    : `the key becomes ${quoteText(misread)} without a word`;
  context.report({
    code: 'DEC02',
    severity: isNull ? 'error' : 'warning',
    message: `${written} without quotes is no string to the API server, which reads YAML 1.1: ${effect}. Put the key in quotes.`,
    path: formatPath(toPath(holder.place)),
    range: entry.key.range,
    fixes: () => [
      {
        title: `Quote it: "${entry.key.text}"`,
        preferred: true,
        edits: [{ range: entry.key.range, newText: `"${entry.key.text}"` }],
      },
    ],
  });
}
