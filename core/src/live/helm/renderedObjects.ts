import { textAt } from '#core/json.ts';
import { readRendered } from '#core/live/manifestObjects.ts';
import type { ApiResource, JsonObject, ObjectAddress } from '#core/live/ports.ts';

/** An object of the manifest of a release, and where it is in a cluster. */
export interface RenderedObject {
  /** `apps/StatefulSet/shop/orders`: the same for all versions of its kind. */
  readonly key: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly object: JsonObject;
  /** Undefined when the cluster does not serve its kind in this version. */
  readonly address: ObjectAddress | undefined;
}

export interface RenderedManifest {
  readonly objects: readonly RenderedObject[];
  /** What could not be read, as sentences. */
  readonly problems: readonly string[];
}

/** The objects of a manifest. What names no namespace is in that of the release, unless its kind belongs to none. */
export function renderedObjects(
  manifest: string,
  release: { readonly namespace: string },
  served: readonly ApiResource[],
): RenderedManifest {
  const { objects, problems } = readRendered(manifest);
  return { objects: objects.map(({ object }) => locate(object, release.namespace, served)), problems };
}

function locate(object: JsonObject, releaseNamespace: string, served: readonly ApiResource[]): RenderedObject {
  const [apiVersion, kind] = [textAt(object, 'apiVersion'), textAt(object, 'kind')];
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const version = apiVersion.slice(slash + 1);
  const name = textAt(object, 'metadata', 'name');
  const resource = served.find((one) => one.group === group && one.kind === kind && !one.plural.includes('/'));
  const isServed = resource !== undefined && (resource.versions.includes(version) || resource.version === version);
  const namespaced = resource?.namespaced ?? true;
  const namespace = namespaced ? textAt(object, 'metadata', 'namespace') || releaseNamespace : '';
  const key = [group, kind, namespace, name].join('/');
  const address = isServed ? { group, version, plural: resource.plural, namespaced, namespace, name } : undefined;
  return { key, apiVersion, kind, namespace, name, object, address };
}

/** `StatefulSet shop/orders`; of another namespace than that of the release, or of none, it says so by what stands before the slash. */
export function objectText({ kind, namespace, name }: Pick<RenderedObject, 'kind' | 'namespace' | 'name'>): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
