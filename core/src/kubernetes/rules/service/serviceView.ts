import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** The type of a Service after defaulting; undefined when it is not known: in a template other fields may come and go with it. */
export function typeOf({ spec }: ObjectView): string | undefined {
  const { text } = spec.field('type');
  if (spec.isOpen) return undefined;
  return text === '' ? 'ClusterIP' : text;
}

/** Whether a Service has no address of its own; undefined when that is not known. */
export function isHeadless({ spec }: ObjectView): boolean | undefined {
  const view = spec.field('clusterIP');
  if (view.isAbsent) return spec.field('clusterIPs').isAbsent ? false : undefined;
  return view.text === undefined || isMisspelledNone(view) ? undefined : view.text === 'None';
}

/** `none`, which is no address to the server. */
export function isMisspelledNone({ text }: NodeView): boolean {
  return text !== 'None' && text?.toLowerCase() === 'none';
}

export function portsOf({ spec }: ObjectView): readonly NodeView[] {
  return spec.field('ports').items;
}
