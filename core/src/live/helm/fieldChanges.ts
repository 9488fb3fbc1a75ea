import { isObject, type JsonObject } from '#core/json.ts';
import { driftOf, type DriftedField } from '#core/live/drift.ts';
import { isSecret } from '#core/live/edit/secretValues.ts';
import { isHarmlessName, isSecretName, isSecretText, MASK } from '#core/live/helm/secrecy.ts';
import { counted, plainText } from '#core/live/plainText.ts';

/**
 * How an object changes from one state to another, one short text a field: `spec.replicas: 3 -> 2`. What only one of them spells in another
 * way is no change. Values of Secrets, and whatever looks like a secret, are never in it.
 */
export function fieldChanges(before: JsonObject, after: JsonObject): readonly string[] {
  const set = driftOf(after, before).fields.map((field) => ({
    path: field.path,
    from: field.actual,
    to: field.wanted,
  }));
  const gone = driftOf(before, after)
    .fields.filter(({ actual }) => actual === undefined)
    .map((field) => ({ path: field.path, from: field.wanted, to: undefined }));
  const known = new Set(set.map(({ path }) => path));
  const isHidden = isSecret(before) || isSecret(after);
  return [...set, ...gone.filter(({ path }) => !known.has(path))].map((change) => changeText(change, isHidden));
}

/** The same of what a manifest says and what is in the cluster, with the manifest first. */
export function driftTexts(fields: readonly DriftedField[], object: JsonObject): readonly string[] {
  return fields.map(({ path, wanted, actual }) => changeText({ path, from: wanted, to: actual }, isSecret(object)));
}

interface FieldChange {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

function changeText({ path, from, to }: FieldChange, isHidden: boolean): string {
  const shown = plainText(path, 160);
  if (from === undefined) return `${shown}: set to ${valueText(path, to, isHidden)}`;
  if (to === undefined) return `${shown}: ${valueText(path, from, isHidden)} is taken away`;
  const [before, after] = [valueText(path, from, isHidden), valueText(path, to, isHidden)];
  return before === after ? `${shown}: ${before}, another one` : `${shown}: ${before} -> ${after}`;
}

function valueText(path: string, value: unknown, isHidden: boolean): string {
  if (isHidden && isContent(path)) return MASK;
  if (Array.isArray(value)) return counted(value.length, 'item');
  if (isObject(value)) return counted(Object.keys(value).length, 'field');
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  if (isSecretPath(path) || isSecretText(text)) return MASK;
  const lines = text.trimEnd().split('\n').length;
  if (lines > 1) return `a text of ${lines} lines`;
  return text === '' ? 'an empty text' : plainText(text, 80);
}

/** The values of a Secret; its metadata and type may be told. */
function isContent(path: string): boolean {
  return /^(?:data|stringData)\b/.test(path);
}

/** The last name of a path, or the name of the variable whose value it is. */
function isSecretPath(path: string): boolean {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const [last = ''] = steps.slice(-1);
  if (isHarmlessName(last)) return false;
  const names = steps.map((step) => /^name=(.*)$/.exec(step)?.[1] ?? step);
  return isSecretName(last) || (last === 'value' && isSecretName(names.at(-2) ?? ''));
}
