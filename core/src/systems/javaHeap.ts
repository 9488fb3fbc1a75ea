const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Bytes of an amount as Java writes it, in powers of 1024: `512m`, `4G`, `1048576`; undefined for anything else. */
export function parseJavaAmount(text: string): number | undefined {
  const [, digits, unit = ''] = /^\s*(\d+)([kmgt]?)\s*$/i.exec(text) ?? [];
  const factor = FACTORS[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** The amount that an option such as `-Xmx` has among the options of a Java program, as written; the last one counts. */
export function findHeapOption(options: string, name: '-Xmx' | '-Xms'): string | undefined {
  const amounts = options
    .split(/\s+/)
    .flatMap((option) => (option.startsWith(name) ? [option.slice(name.length)] : []));
  return amounts.at(-1);
}
