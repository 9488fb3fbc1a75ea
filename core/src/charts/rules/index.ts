import type { ChartRule } from '#core/charts/chartRule.ts';
import { unknownKey } from '#core/charts/rules/HLM01-unknown-key.ts';
import { requiredField } from '#core/charts/rules/HLM02-required-field.ts';
import { wrongForm } from '#core/charts/rules/HLM03-wrong-form.ts';
import { dependencyFault } from '#core/charts/rules/HLM04-dependency.ts';
import { staleLock } from '#core/charts/rules/HLM05-lock.ts';
import { folderName } from '#core/charts/rules/HLM06-folder-name.ts';
import { brokenSchema } from '#core/charts/rules/HLM07-schema.ts';
import { valueFault } from '#core/charts/rules/HLM08-values.ts';
import { missingValue } from '#core/charts/rules/HLM09-missing-value.ts';
import { valuesMap } from '#core/charts/rules/HLM10-values-map.ts';
import { dependencyValues } from '#core/charts/rules/HLM11-dependency-values.ts';

/** What is looked at in the files of a Helm chart. */
export const chartRules: readonly ChartRule[] = [
  unknownKey,
  requiredField,
  wrongForm,
  dependencyFault,
  staleLock,
  folderName,
  brokenSchema,
  valueFault,
  missingValue,
  valuesMap,
  dependencyValues,
];
