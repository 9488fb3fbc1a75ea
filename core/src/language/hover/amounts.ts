import { parseQuantity } from '#core/kubernetes/quantity.ts';
import type { SchemaNode } from '#core/schema/node.ts';

/** What an amount comes to in other words: `8Gi` is 8,589,934,592 bytes; undefined when there is nothing to add. */
export function explainAmount(text: string, schema: SchemaNode | undefined, field: string): string | undefined {
  if (schema?.raw.format === 'quantity' || /(?:memory|storage|cpu)$/i.test(field)) return explainQuantity(text, field);
  if (/seconds$/i.test(field) && /^\d{2,}$/.test(text)) return explainSeconds(Number(text), 1);
  if (/(?:ms|millis|milliseconds)$/i.test(field) && /^\d{4,}$/.test(text)) return explainSeconds(Number(text), 1000);
  return undefined;
}

function explainQuantity(text: string, field: string): string | undefined {
  const quantity = parseQuantity(text);
  if (!quantity) return undefined;
  const { value, suffix } = quantity;
  if (/cpu$/i.test(field)) return suffix === 'm' ? `${value} of a core` : `${value} ${value === 1 ? 'core' : 'cores'}`;
  if (suffix === '' && value < 1024) return undefined;
  const bytes = `${Math.ceil(value).toLocaleString('en-US')} bytes`;
  if (suffix === 'm') return `${bytes}: the suffix m means thousandths of a byte`;
  if (/^[kMGTPE]$/.test(suffix)) return `${bytes} (${suffix} counts in thousands; ${suffix.toUpperCase()}i in 1,024s)`;
  return bytes;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

function explainSeconds(amount: number, perSecond: number): string | undefined {
  let rest = amount / perSecond;
  if (!Number.isSafeInteger(amount) || rest < 60) return undefined;
  const parts: string[] = [];
  for (const [seconds, name] of UNITS) {
    const count = seconds === 1 ? rest : Math.floor(rest / seconds);
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
    rest -= count * seconds;
  }
  return parts.join(' ');
}
