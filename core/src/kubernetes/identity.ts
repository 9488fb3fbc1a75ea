/** Group, version and kind of an API object. The core group is the empty string. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Splits `apps/v1` or `v1`; undefined when the text is not an apiVersion. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } | undefined {
  const parts = apiVersion.split('/');
  const [first, second] = parts;
  if (parts.length > 2 || !first) return undefined;
  if (parts.length === 1) return { group: '', version: first };
  return second ? { group: first, version: second } : undefined;
}

export function formatApiVersion(gvk: { readonly group: string; readonly version: string }): string {
  return gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
}

/** One string per kind and version, fit as a map key: `apps/v1/StatefulSet`, `v1/Service`. */
export function formatGvk(gvk: GroupVersionKind): string {
  return `${formatApiVersion(gvk)}/${gvk.kind}`;
}
