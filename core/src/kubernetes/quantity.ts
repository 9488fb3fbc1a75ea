/** A resource amount as the server reads it. */
export interface Quantity {
  /** The amount in base units (bytes, cores, pieces). Exact up to 2^53. */
  readonly value: number;
  /** The suffix as written, without an exponent: `Gi`, `m` or empty. */
  readonly suffix: string;
}

const FACTORS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ...['k', 'M', 'G', 'T', 'P', 'E'].map((suffix, index): [string, number] => [suffix, 1000 ** (index + 1)]),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, index): [string, number] => [suffix, 1024 ** (index + 1)]),
]);

/**
 * Reads a quantity by the server's grammar: sign, digits, one suffix or exponent. `+8Gi` and `8.Gi` are accepted, `8 Gi`, `8gi` and `8GiB` are not.
 * Source: k8s.io/apimachinery resource.Quantity; confirmed against kube-apiserver 1.34.4.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text);
  if (!match) return undefined;
  const [, digits = '', exponent, suffix = ''] = match;
  const value = exponent === undefined ? Number(digits) * (FACTORS.get(suffix) ?? 1) : Number(digits + exponent);
  return { value, suffix };
}

/** The quantity somebody meant who wrote a near miss: `8gi` for 8Gi, `512MB` for 512M, `2K` for 2k; undefined when that is not clear. */
export function suggestQuantity(text: string): string | undefined {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*([A-Za-z]+)\s*$/.exec(text.replace(',', '.'));
  const [, digits, unit] = match ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const lower = unit.toLowerCase().replace(/(?:b|byte|bytes)$/, '');
  const suffix = /^[kmgtpe]i$/.test(lower) ? lower.charAt(0).toUpperCase() + 'i' : decimalSuffix(lower, unit);
  const repaired = suffix === undefined ? undefined : digits + suffix;
  return repaired !== undefined && parseQuantity(repaired) ? repaired : undefined;
}

function decimalSuffix(lower: string, written: string): string | undefined {
  if (lower === '') return '';
  if (lower === 'k') return 'k';
  if (lower === 'm') return written.startsWith('M') ? 'M' : written === 'm' ? 'm' : 'M';
  return /^[gtpe]$/.test(lower) ? lower.toUpperCase() : undefined;
}
