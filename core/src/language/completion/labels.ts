import type { TypedPlace } from '#core/language/completion/place.ts';
import { textEntriesAt } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/** Labels that a selector or a template should repeat: those of the other side of the pair, in this document or the workspace. */
export function selectorLabels(place: TypedPlace): readonly (readonly [string, string])[] {
  const path = formatPath(place.path);
  if (path === 'spec.selector.matchLabels') {
    const own = textEntriesAt(place.root, ['spec', 'template', 'metadata', 'labels']);
    return own.length > 0 ? own : workloadLabels(place);
  }
  if (path === 'spec.template.metadata.labels') return textEntriesAt(place.root, ['spec', 'selector', 'matchLabels']);
  if (path === 'spec.selector' || path.endsWith('labelSelector.matchLabels')) {
    const own = textEntriesAt(place.root, ['spec', 'template', 'metadata', 'labels']);
    return own.length > 0 ? own : workloadLabels(place);
  }
  return [];
}

function workloadLabels(place: TypedPlace): readonly (readonly [string, string])[] {
  const facts = place.workspace?.all() ?? [];
  const labels = facts.flatMap((fact) => fact.templateLabels);
  const unique = new Map(labels.map((pair) => [pair.join('='), pair]));
  return [...unique.values()];
}
