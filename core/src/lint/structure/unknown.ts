import { compareMinors } from '#core/kubernetes/versions.ts';
import { renameKey, removeEntry } from '#core/lint/fixes/edits.ts';
import { toPath, type Holder, type StructureContext } from '#core/lint/structure/context.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import { nearestName } from '#core/text/distance.ts';
import type { MapEntry, MapNode } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/**
 * A key the server does not know: refused under strict field validation, which is kubectl's default (DEC04).
 * Directives of a patch (`$patch`) are read by kustomize and never reach the server.
 */
export function reportUnknownKey(
  entry: MapEntry,
  map: MapNode,
  schema: SchemaNode,
  holder: Holder,
  context: StructureContext,
): void {
  const name = entry.key.text;
  if (name.startsWith('$') && context.completeness === 'partial') return;
  const path = formatPath(toPath(holder.place));
  const near = nearestFreeName(name, map, schema);
  context.report({
    code: 'DEC04',
    severity: 'error',
    message: describeUnknown(name, near, path),
    path,
    range: entry.key.range,
    fixes: () => {
      if (near !== undefined) return [renameKey(entry, near)];
      const removal = removeEntry(context.text, entry, `Remove ${quoteText(name)}`);
      return removal ? [{ ...removal, preferred: false }] : [];
    },
  });
}

/** A field the server of this version does not know yet. @returns whether it is one */
export function reportNewerKey(
  entry: MapEntry,
  schema: SchemaNode,
  holder: Holder,
  context: StructureContext,
): boolean {
  const name = entry.key.text;
  const since = schema.raw['x-since']?.[name];
  if (since === undefined || compareMinors(context.kubernetesVersion, since) >= 0) return false;
  const path = formatPath(toPath(holder.place));
  context.report({
    code: 'DEC04',
    severity: 'error',
    message: `${quoteText(name)} exists since Kubernetes ${since}, and this manifest is for ${context.kubernetesVersion}. kubectl refuses the object there: unknown field "${path}".`,
    path,
    range: entry.key.range,
    since,
    fixes: () => {
      const removal = removeEntry(context.text, entry, `Remove ${quoteText(name)}`);
      return removal ? [{ ...removal, preferred: false }] : [];
    },
  });
  return true;
}

/** The field the author most likely meant: near in spelling and not yet there. */
export function nearestFreeName(name: string, map: MapNode, schema: SchemaNode): string | undefined {
  const taken = new Set(map.entries.map((entry) => entry.key.text));
  return nearestName(
    name,
    schema.propertyNames.filter((candidate) => !taken.has(candidate)),
  );
}

function describeUnknown(name: string, near: string | undefined, path: string): string {
  const refusal = `kubectl refuses the object: unknown field "${path}".`;
  if (near === undefined) return `${quoteText(name)} is not a field here. ${refusal}`;
  const letters = near.toLowerCase() === name.toLowerCase() ? ' Upper and lower case count.' : '';
  return `${quoteText(name)} is not a field here; did you mean ${near}?${letters} ${refusal}`;
}
