import { roleInChart } from '#core/charts/chartFiles.ts';
import type { ChartPlace } from '#core/charts/checkChartFile.ts';
import { hasTemplateActions } from '#core/yaml/template.ts';

/**
 * What a file is for. Only a manifest must be whole: a Helm template is completed by its chart and a kustomize patch by its base.
 * A file that describes a chart or its values is no manifest, whatever keys it has.
 */
export type FileRole = 'manifest' | 'helmTemplate' | 'kustomizePatch' | 'chartFile';

/** What is known of a file besides its text. */
export interface FilePlace {
  readonly path?: string | undefined;
  /** A kustomization names the file as a patch. */
  readonly isPatch?: boolean | undefined;
  /** The Helm chart it is a file of. */
  readonly chart?: ChartPlace | undefined;
}

/** The role as far as text and place tell. */
export function sniffRole(text: string, { path = '', isPatch = false, chart }: FilePlace = {}): FileRole {
  const part = chart && roleInChart(chart.path);
  if (part === 'template' || part === 'partial') return 'helmTemplate';
  if (part !== undefined && part !== 'other') return 'chartFile';
  if (hasTemplateActions(text)) return 'helmTemplate';
  if (/^\s*-?\s*\$(?:patch|retainKeys|setElementOrder|deleteFromPrimitiveList)\b/m.test(text)) return 'kustomizePatch';
  if (isPatch) return 'kustomizePatch';
  return /(?:^|[/\\])(?:[^/\\]*[-_.])?patch(?:es)?(?:[-_.][^/\\]*)?(?:\.ya?ml|[/\\][^/\\]*)$/i.test(path)
    ? 'kustomizePatch'
    : 'manifest';
}
