import type { Container } from '../objects.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** Bytes of `memory` in the limits; undefined when there is no limit. */
export function memoryLimitOf({ resources }: Container): number | undefined {
  const [, amount, unit = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(resources?.limits?.['memory'] ?? '') ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNITS[unit] ?? 1);
}

/** When the kernel ends a container that needs more memory than it may have; undefined when it has enough. */
export function memoryDeathMs(container: Container, neededBytes: number, afterMs: number): number | undefined {
  const limit = memoryLimitOf(container);
  return limit !== undefined && limit < neededBytes ? afterMs : undefined;
}
