import type { LiveMetadata } from '#core/live/objects.ts';
import type { ApiResource } from '#core/live/ports.ts';
import { resourceName } from '#core/live/resources.ts';
import { groupOf } from '#core/live/session/discovery.ts';
import type { DefinitionView } from '#core/live/view.ts';
import type { SystemKind } from '#core/systems/contract.ts';

/** The kinds of the systems that are defined here: those that are served, and definitions of which no version is. By name. */
export function viewDefinitions(
  served: readonly ApiResource[],
  definitions: readonly LiveMetadata[],
  kinds: readonly SystemKind[],
): readonly DefinitionView[] {
  const views = new Map<string, DefinitionView>();
  for (const resource of served) {
    const known = kinds.find(({ group, kind }) => group === resource.group && kind === resource.kind);
    if (known) views.set(resourceName(resource), viewServed(resource, known));
  }
  for (const { meta } of definitions) {
    const known = views.has(meta.name) ? undefined : kinds.find((kind) => isDefinitionOf(meta.name, kind));
    if (known) views.set(meta.name, viewUnserved(meta.name, known));
  }
  return [...views.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function viewServed(resource: ApiResource, { flavour }: SystemKind): DefinitionView {
  const { group, kind, plural, versions } = resource;
  return { name: resourceName(resource), group, kind, plural, versions, flavour };
}

function viewUnserved(name: string, { group, kind, flavour }: SystemKind): DefinitionView {
  return { name, group, kind, plural: pluralOf(name), versions: [], flavour };
}

/** Plurals of the kinds we know are the kind in lower case with an `s`, or `es` after one. */
function isDefinitionOf(name: string, { group, kind }: SystemKind): boolean {
  const singular = kind.toLowerCase();
  return groupOf(name) === group && [`${singular}s`, `${singular}es`, singular].includes(pluralOf(name));
}

function pluralOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf('.')));
}
