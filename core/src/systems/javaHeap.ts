/** Heap of a Java virtual machine in bytes, as its options set it. */
export interface JavaHeap {
  /** `-Xmx`, the largest. */
  readonly largest: number | undefined;
  /** `-Xms`, the first. */
  readonly first: number | undefined;
}

const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** A size as Java writes it, `512m` or `4G`, in bytes. */
export function parseJavaSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+)([kmgt]?)$/i.exec(text) ?? [];
  const factor = FACTORS[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** The heap in a text of options; of a repeated option the last counts. */
export function readHeapOptions(options: string): JavaHeap {
  return { largest: lastSize(options, /-Xmx(\S+)/g), first: lastSize(options, /-Xms(\S+)/g) };
}

function lastSize(options: string, pattern: RegExp): number | undefined {
  const size = [...options.matchAll(pattern)].at(-1)?.[1];
  return size === undefined ? undefined : parseJavaSize(size);
}
