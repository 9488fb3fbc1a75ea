const POWERS: Readonly<Record<string, number>> = {
  b: 0,
  k: 1,
  kb: 1,
  m: 2,
  mb: 2,
  g: 3,
  gb: 3,
  t: 4,
  tb: 4,
  p: 5,
  pb: 5,
};

const MEBIBYTE = 1024 ** 2;

/** Bytes of a memory setting as Spark reads it: whole numbers with one of its units, MiB without one; undefined when it is none. */
export function parseSparkMemory(text: string): number | undefined {
  const match = /^(\d+)([a-z]*)$/.exec(text.trim().toLowerCase());
  if (!match) return undefined;
  const [, digits = '', unit = ''] = match;
  const power = unit === '' ? 2 : POWERS[unit];
  return power === undefined ? undefined : Number(digits) * 1024 ** power;
}

/** The amount somebody meant who wrote it as Kubernetes does, or with a fraction; undefined when that is not clear. */
export function suggestSparkMemory(text: string): string | undefined {
  const match = /^\s*(\d+)(?:\.(\d+))?\s*([kmgtp])(?:i?b?)\s*$/i.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction, unit = ''] = match;
  const letter = unit.toLowerCase();
  if (fraction === undefined) return `${whole}${letter}`;
  const mebibytes = (Number(`${whole}.${fraction}`) * 1024 ** (POWERS[letter] ?? 0)) / MEBIBYTE;
  return Number.isInteger(mebibytes) ? `${mebibytes}m` : undefined;
}

/** Bytes in words: whole mebibytes, rounded up. */
export function formatMebibytes(bytes: number): string {
  return `${Math.ceil(bytes / MEBIBYTE)} MiB`;
}

const LEAST_OVERHEAD = 384 * MEBIBYTE;

/** What Spark adds to the memory of a container by itself (BasicDriverFeatureStep, BasicExecutorFeatureStep). */
export function defaultOverhead(memory: number, factor: number): number {
  return Math.max(LEAST_OVERHEAD, factor * memory);
}
