import { parseQuantity } from '#core/kubernetes/quantity.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import type { Amount, CountPreview } from '#core/preview/model.ts';
import { readFirst, type Reading } from '#core/preview/reading.ts';

export const NONE: Amount = { state: 'none', text: 'none' };

/** @param why the rest of a sentence: `spec.driver.memory is filled in by a template` */
export function unknownAmount(why: string): Amount {
  return { state: 'unknown', text: `unknown: ${why}` };
}

const MEBIBYTE = 1024 ** 2;

/** Memory in whole mebibytes, as Spark counts it. */
export function mebibytes(count: number): Amount {
  return { state: 'known', text: `${count} MiB`, value: count * MEBIBYTE };
}

/** Processor time in the spelling of Kubernetes: `2`, `500m`. */
export function cores(value: number): Amount {
  return { state: 'known', text: coresText(value), value };
}

export function coresText(value: number): string {
  return Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;
}

/** An amount that is written as a quantity of Kubernetes, in its own words. */
export function quantityAmount(reading: Reading): Amount {
  if (reading.state === 'absent') return NONE;
  if (reading.state === 'unknown') return unknownAmount(reading.why);
  const quantity = parseQuantity(reading.text);
  if (quantity === undefined) return unknownAmount(`${reading.from} is no quantity`);
  return { state: 'known', text: reading.text, value: quantity.value };
}

/** The sum in the words of `format`: unknown as soon as a part is, none when nothing is asked for. The parts say why. */
export function sumOf(amounts: readonly Amount[], format: (value: number) => string): Amount {
  if (amounts.some(({ state }) => state === 'unknown')) return { state: 'unknown', text: 'unknown' };
  const values = amounts.flatMap((amount) => (amount.state === 'known' ? [amount.value] : []));
  if (values.length === 0) return NONE;
  const sum = values.reduce((total, value) => total + value, 0);
  return { state: 'known', text: format(sum), value: sum };
}

/** How many there are, when nothing changes it: a field of a manifest, or what counts without it. */
export function countOf(view: NodeView, fallback: number): CountPreview {
  return countFrom(readFirst(view), fallback);
}

export function countFrom(reading: Reading, fallback: number): CountPreview {
  if (reading.state === 'absent') return exactly(fallback);
  if (reading.state === 'unknown') return { text: `an unknown number: ${reading.why}` };
  const count = wholeNumber(reading.text);
  return count === undefined ? { text: `an unknown number: ${reading.from} is no number of pods` } : exactly(count);
}

export function exactly(count: number): CountPreview {
  return { text: String(count), least: count, most: count };
}

/** A whole number that is not negative and can be counted with; undefined for anything else. */
export function wholeNumber(text: string): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
