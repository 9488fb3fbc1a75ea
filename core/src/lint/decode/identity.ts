import { parseApiVersion, type GroupVersionKind } from '#core/kubernetes/identity.ts';
import type { ResourceIdentity } from '#core/lint/finding.ts';
import { textAt, type YamlNode } from '#core/yaml/nodes.ts';

/** Who the object is, as far as it says: apiVersion and kind must be there, the name may be missing. */
export function readIdentity(root: YamlNode | undefined): ResourceIdentity | undefined {
  const apiVersion = textAt(root, ['apiVersion']);
  const kind = textAt(root, ['kind']);
  const parsed = apiVersion === undefined ? undefined : parseApiVersion(apiVersion);
  if (apiVersion === undefined || kind === undefined || !parsed) return undefined;
  const gvk: GroupVersionKind = { ...parsed, kind };
  const namespace = textAt(root, ['metadata', 'namespace']);
  const name = textAt(root, ['metadata', 'name']) ?? '';
  return { ...gvk, apiVersion, name, ...(namespace === undefined ? {} : { namespace }) };
}
