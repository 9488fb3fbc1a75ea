import type { StepValue } from '#core/operations/model.ts';
import type { ConfigChange } from '#core/systems/kafka/admin.ts';
import { isSameValue } from '#core/systems/kafka/operations/configure/settingTexts.ts';
import { textsIn, type StepValues } from '#core/operations/stepParameters.ts';

/** Settings with their values, null for none, in the parameters of a step: two lists of the same length, because nothing nested is kept. */
export interface SettingValue {
  readonly name: string;
  readonly value: string | null;
}

const SET = 'set';
const DELETE = 'delete';

/** Under `wanted`: `wantedNames`, `wantedOperations`, `wantedValues`. */
export function writeValues(prefix: string, values: readonly SettingValue[]): Readonly<Record<string, StepValue>> {
  return {
    [`${prefix}Names`]: values.map(({ name }) => name),
    [`${prefix}Operations`]: values.map(({ value }) => (value === null ? DELETE : SET)),
    [`${prefix}Values`]: values.map(({ value }) => value ?? ''),
  };
}

export function readValues(prefix: string, from: StepValues): readonly SettingValue[] {
  const operations = textsIn(from, `${prefix}Operations`);
  const values = textsIn(from, `${prefix}Values`);
  return textsIn(from, `${prefix}Names`).map((name, index) => ({
    name,
    value: operations[index] === SET ? (values[index] ?? '') : null,
  }));
}

/** The same; undefined unless every name has its operation and its value, as in lists that somebody has edited. */
export function readWholeValues(prefix: string, from: StepValues): readonly SettingValue[] | undefined {
  const operations = textsIn(from, `${prefix}Operations`);
  const isKnown = operations.every((operation) => operation === SET || operation === DELETE);
  const counts = [textsIn(from, `${prefix}Names`).length, textsIn(from, `${prefix}Values`).length];
  return isKnown && counts.every((count) => count === operations.length) ? readValues(prefix, from) : undefined;
}

export function toConfigChange({ name, value }: SettingValue): ConfigChange {
  return { name, operation: value === null ? DELETE : SET, value };
}

/** Whether that is the value found somewhere, undefined being none. */
export function isValue({ value }: SettingValue, found: string | undefined): boolean {
  return isSameValue(value ?? undefined, found);
}

/** `num.io.threads=16`, or `without num.io.threads`. */
export function valueText({ name, value }: SettingValue): string {
  return value === null ? `without ${name}` : `${name}=${value}`;
}

/** What stands somewhere now of the settings that a step wants, to be remembered before it acts. */
export function valuesOf(wanted: readonly SettingValue[], found: ReadonlyMap<string, string>): readonly SettingValue[] {
  return wanted.map(({ name }) => ({ name, value: found.get(name) ?? null }));
}

/** For the report: every setting that was written, with what stood there before. */
export function writtenNotes(wanted: readonly SettingValue[], before: readonly SettingValue[]): readonly string[] {
  return wanted.map((one) => {
    const old = before.find(({ name }) => name === one.name)?.value;
    return `${valueText(one)}, before: ${old ?? 'not written'}`;
  });
}
