import { formatApiVersion } from '#core/kubernetes/identity.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import type { Preview } from '#core/preview/model.ts';
import { readFirst, textOr } from '#core/preview/reading.ts';

/** What every preview says of its object. */
export function identityOf({
  kind,
  metadata,
}: ObjectView): Pick<Preview, 'apiVersion' | 'kind' | 'name' | 'namespace'> {
  const text = (field: string): string => textOr(readFirst(metadata.field(field)), '');
  return { apiVersion: formatApiVersion(kind), kind: kind.kind, name: text('name'), namespace: text('namespace') };
}

/** What is to be said where a template may add to a specification. */
export function templateNotes(spec: NodeView): readonly string[] {
  return spec.isOpen ? ['A template action stands in the specification, so more may be there in the end.'] : [];
}
