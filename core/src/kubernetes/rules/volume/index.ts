import { volumeName } from '#core/kubernetes/rules/volume/VOL01-volume-name.ts';
import { severalSources } from '#core/kubernetes/rules/volume/VOL02-several-sources.ts';
import { sourceWithoutName } from '#core/kubernetes/rules/volume/VOL03-source-without-name.ts';
import { fileMode } from '#core/kubernetes/rules/volume/VOL04-file-mode.ts';
import { filePath } from '#core/kubernetes/rules/volume/VOL05-file-path.ts';
import { projected } from '#core/kubernetes/rules/volume/VOL06-projected.ts';
import { directoriesAndClaims } from '#core/kubernetes/rules/volume/VOL07-directories-and-claims.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about the volumes of a pod. */
export const volumeRules: readonly Rule[] = [
  volumeName,
  severalSources,
  sourceWithoutName,
  fileMode,
  filePath,
  projected,
  directoriesAndClaims,
];
