import { ConditionError } from '#core/lint/cel/abstain.ts';
import { compare } from '#core/lint/cel/functions/equality.ts';
import type { FunctionTable } from '#core/lint/cel/functions/registration.ts';
import { parseQuantity } from '#core/kubernetes/quantity.ts';

/** Quantities are exact to a billionth; what is finer is rounded away from zero (resource.Quantity). */
const UNIT = 1_000_000_000n;
const EXPONENT_LIMIT = 40;

/** A resource amount, in billionths. */
export class QuantityValue {
  readonly amount: bigint;

  constructor(amount: bigint) {
    this.amount = amount;
  }
}

const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

function readQuantity(text: string): QuantityValue | undefined {
  const quantity = parseQuantity(text);
  const [, sign, whole = '', fraction = '', exponent] = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?/.exec(text) ?? [];
  if (!quantity || Math.abs(Number(exponent ?? 0)) > EXPONENT_LIMIT) return undefined;
  const binary = BINARY.indexOf(quantity.suffix);
  const power = exponent === undefined ? 3 * Math.max(DECIMAL.indexOf(quantity.suffix) - 3, -3) : Number(exponent);
  const tens = (binary < 0 ? power : 0) - fraction.length + 9;
  const factor = binary < 0 ? 1n : 1024n ** BigInt(binary + 1);
  const digits = BigInt(whole + fraction) * factor;
  const amount = tens >= 0 ? digits * 10n ** BigInt(tens) : divideUp(digits, 10n ** BigInt(-tens));
  return new QuantityValue(sign === '-' ? -amount : amount);
}

function divideUp(amount: bigint, divisor: bigint): bigint {
  return (amount + divisor - 1n) / divisor;
}

function parse(text: string): QuantityValue {
  const quantity = readQuantity(text);
  if (!quantity) throw new ConditionError(`${JSON.stringify(text)} is no quantity`);
  return quantity;
}

function isWhole({ amount }: QuantityValue): boolean {
  return amount % UNIT === 0n && BigInt.asIntN(64, amount / UNIT) === amount / UNIT;
}

function asInteger(quantity: QuantityValue): bigint {
  if (!isWhole(quantity)) throw new ConditionError('the quantity is no whole number');
  return quantity.amount / UNIT;
}

const order = (left: QuantityValue, right: QuantityValue): number => compare(left.amount, right.amount);
const plus = (left: QuantityValue, amount: bigint): QuantityValue => new QuantityValue(left.amount + amount);
const Q = 'kubernetes.Quantity';

export const quantityFunctions: FunctionTable = {
  [`quantity(string): ${Q}`]: parse,
  'isQuantity(string): bool': (text: string) => readQuantity(text) !== undefined,
  [`${Q}.isInteger(): bool`]: isWhole,
  [`${Q}.asInteger(): int`]: asInteger,
  [`${Q}.asApproximateFloat(): double`]: ({ amount }: QuantityValue) => Number(amount) / Number(UNIT),
  [`${Q}.add(${Q}): ${Q}`]: (left: QuantityValue, { amount }: QuantityValue) => plus(left, amount),
  [`${Q}.add(int): ${Q}`]: (left: QuantityValue, whole: bigint) => plus(left, whole * UNIT),
  [`${Q}.sub(${Q}): ${Q}`]: (left: QuantityValue, { amount }: QuantityValue) => plus(left, -amount),
  [`${Q}.sub(int): ${Q}`]: (left: QuantityValue, whole: bigint) => plus(left, -whole * UNIT),
  [`${Q}.compareTo(${Q}): int`]: (left: QuantityValue, right: QuantityValue) => BigInt(order(left, right)),
  [`${Q}.isLessThan(${Q}): bool`]: (left: QuantityValue, right: QuantityValue) => order(left, right) < 0,
  [`${Q}.isGreaterThan(${Q}): bool`]: (left: QuantityValue, right: QuantityValue) => order(left, right) > 0,
};
