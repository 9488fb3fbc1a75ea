import { isUntrustedObject, type UntrustedObject } from '#core/live/reading.ts';

/** What tells an item of a list: its position, the values of its keys, or the value it is. */
export type ListStep =
  { readonly index: number } | { readonly keys: Readonly<Record<string, unknown>> } | { readonly value: unknown };

/** A step down an object: the name of a field or key, or an item of a list. */
export type FieldStep = string | ListStep;

export type FieldPath = readonly FieldStep[];

/** For people and close to what the server prints: `spec.containers[name=kafka].image`, `metadata.labels[app.kubernetes.io/name]`. */
export function formatFieldPath(path: FieldPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step !== 'string') return `${text}[${formatListStep(step)}]`;
    if (!/^[\w$-]+$/.test(step)) return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

function formatListStep(step: ListStep): string {
  if ('index' in step) return String(step.index);
  if ('value' in step) return String(step.value);
  return Object.entries(step.keys)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}

/**
 * Reads a path as API servers print it, in validation errors (`spec.containers[0].image`, `metadata.labels[a.b/c]`,
 * `spec.ports[web].port`) and in conflicts of field managers (`.spec.containers[name="kafka"].ports[containerPort=9092,protocol="TCP"]`).
 * What stands in brackets and is no number and no key is the name of a map key.
 */
export function readFieldPath(text: string): FieldPath {
  const steps: FieldStep[] = [];
  let rest = text.replace(/^\./, '');
  while (rest !== '') {
    const bracket = /^\[((?:"(?:\\.|[^"\\])*"|[^\]"])*)\]\.?/.exec(rest);
    const name = bracket ? undefined : /^([^.[]*)\.?/.exec(rest);
    if (bracket) steps.push(readBracket(bracket[1] ?? ''));
    else if (name?.[1]) steps.push(name[1]);
    const read = bracket?.[0] ?? name?.[0] ?? '';
    if (read === '') break;
    rest = rest.slice(read.length);
  }
  return steps;
}

function readBracket(content: string): FieldStep {
  if (/^\d+$/.test(content)) return { index: Number(content) };
  const pairs = [...content.matchAll(/([\w-]+)=("(?:\\.|[^"\\])*"|[^,]*)(?:,|$)/g)];
  if (pairs.length > 0 && pairs.map(([pair]) => pair).join('') === content) {
    return { keys: Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, readJson(value)])) };
  }
  const value = content.startsWith('=') ? readJson(content.slice(1)) : undefined;
  if (value !== undefined) return { value };
  return content.replaceAll(/^"|"$/g, '');
}

/** The value of a JSON text; the text itself when it is none. */
export function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** Whether an item of a list is the one a step tells. */
export function isItem(item: unknown, index: number, step: ListStep): boolean {
  if ('index' in step) return step.index === index;
  if ('value' in step) return isSameJson(item, step.value);
  return isUntrustedObject(item) && Object.entries(step.keys).every(([key, value]) => hasKey(item, key, value));
}

/** A port without a protocol is one of TCP: the only key that the server fills in by itself. */
function hasKey(item: UntrustedObject, key: string, value: unknown): boolean {
  const own = item[key] ?? (key === 'protocol' ? 'TCP' : undefined);
  return isSameJson(own, value);
}

/** Whether two JSON values say the same; the order of keys does not count. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    const others: readonly unknown[] = b;
    return a.every((item, index) => isSameJson(item, others[index]));
  }
  if (!isUntrustedObject(a) || !isUntrustedObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isSameJson(a[key], b[key]));
}
