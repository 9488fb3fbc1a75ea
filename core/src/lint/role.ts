import { hasTemplateActions } from '#core/yaml/template.ts';

/**
 * What a file is for. Only a manifest must be whole: a Helm template is completed by its chart and a kustomize patch by its base.
 */
export type FileRole = 'manifest' | 'helmTemplate' | 'kustomizePatch';

/** The role as far as path and text tell; a workspace may know better (a kustomization that names the file as a patch). */
export function sniffRole(text: string, path = ''): FileRole {
  if (hasTemplateActions(text)) return 'helmTemplate';
  if (/^\s*-?\s*\$(?:patch|retainKeys|setElementOrder|deleteFromPrimitiveList)\b/m.test(text)) return 'kustomizePatch';
  return /(?:^|[/\\])(?:[^/\\]*[-_.])?patch(?:es)?(?:[-_.][^/\\]*)?(?:\.ya?ml|[/\\][^/\\]*)$/i.test(path)
    ? 'kustomizePatch'
    : 'manifest';
}
