import type { ScalarStyle, ScalarValue } from '#core/yaml/nodes.ts';

/**
 * Resolves a scalar as the API server's YAML reader does: go-yaml v2 (YAML 1.1 with Go's number syntax),
 * which is neither of the two versions YAML libraries offer. Source: gopkg.in/yaml.v2 resolve.go;
 * confirmed against kube-apiserver 1.34.4: `0o3`, `0b11`, `0x2`, `03` and `1_0` are integers, `08` is a float, `22:22` is a string.
 */
export function resolveScalar(text: string, style: ScalarStyle, tag?: string): ScalarValue {
  if (tag === '!!str' || tag === '!' || tag === '!!binary') return { type: 'string', value: text };
  if (style !== 'plain' && !isScalarTag(tag)) return { type: 'string', value: text };
  return resolvePlain(text);
}

const KEYWORDS: ReadonlyMap<string, ScalarValue> = new Map([
  ...['y', 'yes', 'true', 'on'].flatMap((word) => inCases(word, { type: 'boolean', value: true })),
  ...['n', 'no', 'false', 'off'].flatMap((word) => inCases(word, { type: 'boolean', value: false })),
  ...inCases('null', { type: 'null' }),
  ['~', { type: 'null' }],
  ['', { type: 'null' }],
  ...['.nan', '.NaN', '.NAN'].map((word): [string, ScalarValue] => [word, { type: 'float', value: Number.NaN }]),
  ...['', '+', '-'].flatMap((sign) =>
    ['.inf', '.Inf', '.INF'].map((word): [string, ScalarValue] => [
      sign + word,
      { type: 'float', value: sign === '-' ? -Infinity : Infinity },
    ]),
  ),
] satisfies [string, ScalarValue][]);

const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;

function resolvePlain(text: string): ScalarValue {
  const keyword = KEYWORDS.get(text);
  if (keyword) return keyword;
  const first = text.charCodeAt(0);
  const mayBeNumber = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  return (mayBeNumber ? resolveNumber(text) : undefined) ?? { type: 'string', value: text };
}

function resolveNumber(text: string): ScalarValue | undefined {
  const digits = text.replaceAll('_', '');
  const integer = text.startsWith('.') ? null : INTEGER.exec(digits);
  if (integer) return toInteger(integer);
  return FLOAT.test(digits) ? { type: 'float', value: Number(digits) } : undefined;
}

function toInteger(match: RegExpExecArray): ScalarValue | undefined {
  const [, sign = '', hexadecimal, binary, octal, decimal] = match;
  const literal =
    (hexadecimal && `0x${hexadecimal}`) ?? (binary && `0b${binary}`) ?? (octal && `0o${octal}`) ?? decimal ?? '0';
  const size = BigInt(literal);
  const value = sign === '-' ? -size : size;
  if (value < -(2n ** 63n) || value >= 2n ** 64n) return { type: 'float', value: Number(value) };
  const small = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return { type: 'integer', value: small ? Number(value) : value };
}

function inCases(word: string, value: ScalarValue): [string, ScalarValue][] {
  const capitalised = word.charAt(0).toUpperCase() + word.slice(1);
  return [...new Set([word, capitalised, word.toUpperCase()])].map((spelling) => [spelling, value]);
}

function isScalarTag(tag: string | undefined): boolean {
  return tag === '!!int' || tag === '!!float' || tag === '!!bool' || tag === '!!null';
}
