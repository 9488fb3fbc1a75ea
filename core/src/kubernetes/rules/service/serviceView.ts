import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** The type of a Service after defaulting; undefined when it is not known. */
export function typeOf({ spec }: ObjectView): string | undefined {
  const { text } = spec.field('type');
  return text === '' ? 'ClusterIP' : text;
}

/** Whether a Service has no address of its own; undefined when that is not known. */
export function isHeadless({ spec }: ObjectView): boolean | undefined {
  const view = spec.field('clusterIP');
  return view.isAbsent ? false : view.text === undefined ? undefined : view.text === 'None';
}

export function portsOf({ spec }: ObjectView): readonly NodeView[] {
  return spec.field('ports').items;
}
