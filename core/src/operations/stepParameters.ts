import type { StepValue } from '#core/operations/model.ts';

/** Parameters and memories of steps as they come back from a journal, where they may have been changed by anybody. */
export type StepValues = Readonly<Record<string, StepValue>>;

export function textsIn(values: StepValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

export function numbersIn(values: StepValues, name: string): readonly number[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(Number) : [];
}

export function textIn(values: StepValues, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value : '';
}

export function numberIn(values: StepValues, name: string): number {
  const value = values[name];
  return typeof value === 'number' ? value : -1;
}
