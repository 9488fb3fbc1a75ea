import { objectAt } from '#core/json.ts';
import type { RenderedObject } from '#core/live/helm/renderedObjects.ts';

/** The objects with the marks that Helm writes on everything it manages. Source: setMetadataVisitor of Helm. */
export function marked(
  objects: readonly RenderedObject[],
  { release, namespace }: { readonly release: string; readonly namespace: string },
): readonly RenderedObject[] {
  return objects.map((one) => {
    const metadata = objectAt(one.object, 'metadata');
    const labels = { ...objectAt(metadata, 'labels'), 'app.kubernetes.io/managed-by': 'Helm' };
    const annotations = {
      ...objectAt(metadata, 'annotations'),
      'meta.helm.sh/release-name': release,
      'meta.helm.sh/release-namespace': namespace,
    };
    const own = one.namespace === '' ? {} : { namespace: one.namespace };
    return { ...one, object: { ...one.object, metadata: { ...metadata, ...own, labels, annotations } } };
  });
}
