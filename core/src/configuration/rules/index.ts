import { valueDoesNotFit } from '#core/configuration/rules/CFG01-value-does-not-fit.ts';
import { misspeltSetting } from '#core/configuration/rules/CFG02-misspelt-setting.ts';
import { settingOfAnotherVersion } from '#core/configuration/rules/CFG03-setting-of-another-version.ts';
import { tfConfig } from '#core/configuration/rules/CFG04-tf-config.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** What correct means for the configuration languages inside manifests, whichever system they belong to. */
export const configurationRules: readonly Rule[] = [
  valueDoesNotFit,
  misspeltSetting,
  settingOfAnotherVersion,
  tfConfig,
];
