import { hasTemplateActions } from '#core/yaml/template.ts';

/**
 * What a file is for. Only a manifest must be whole: a Helm template is completed by its chart and a kustomize patch by its base.
 */
export type FileRole = 'manifest' | 'helmTemplate' | 'kustomizePatch';

/** What is known of a file besides its text. */
export interface FilePlace {
  readonly path?: string | undefined;
  /** A kustomization names the file as a patch. */
  readonly isPatch?: boolean | undefined;
}

/** The role as far as text and place tell. */
export function sniffRole(text: string, { path = '', isPatch = false }: FilePlace = {}): FileRole {
  if (hasTemplateActions(text)) return 'helmTemplate';
  if (/^\s*-?\s*\$(?:patch|retainKeys|setElementOrder|deleteFromPrimitiveList)\b/m.test(text)) return 'kustomizePatch';
  if (isPatch) return 'kustomizePatch';
  return /(?:^|[/\\])(?:[^/\\]*[-_.])?patch(?:es)?(?:[-_.][^/\\]*)?(?:\.ya?ml|[/\\][^/\\]*)$/i.test(path)
    ? 'kustomizePatch'
    : 'manifest';
}
