import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { GONE, type Case, type Edit } from '#test/agreement/cases/case.ts';

type Json = Record<string, unknown>;

const BASES = path.join('test', 'agreement', 'bases');

export function baseText(name: string): string {
  return readFileSync(path.join(BASES, `${name}.yaml`), 'utf8');
}

/** The manifest of a case as text. */
export function manifestOf({ base, edits }: Case): string {
  return stringify(changed(base, edits), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

/** A base as an object, with changes made to it; places on the way to a change are made when they are missing. */
export function changed(base: string, edits: readonly Edit[]): Json {
  const object: unknown = parse(baseText(base));
  if (!isRecord(object)) throw new Error(`${base} is no object`);
  for (const [where, value] of edits) change(object, stepsOf(where), value);
  return object;
}

function change(root: Json, steps: readonly (string | number)[], value: unknown): void {
  let holder: unknown = root;
  for (const [index, step] of steps.slice(0, -1).entries()) holder = descend(holder, step, typeof steps[index + 1]);
  const last = steps.at(-1);
  if (last === undefined || !isHolder(holder)) throw new Error(`there is no ${steps.join('.')}`);
  if (value === GONE) Reflect.deleteProperty(holder, last);
  else Reflect.set(holder, last, value);
}

function descend(holder: unknown, step: string | number, next: string): unknown {
  if (!isHolder(holder)) throw new Error(`nothing can stand at ${step}`);
  const known: unknown = Reflect.get(holder, step);
  if (known !== undefined && known !== null) return known;
  const made = next === 'number' ? [] : {};
  Reflect.set(holder, step, made);
  return made;
}

/** `spec.ports[0].name` as its steps. */
function stepsOf(where: string): readonly (string | number)[] {
  return [...where.matchAll(/[^.[\]]+|\[\d+\]/g)].map(([step]) =>
    step.startsWith('[') ? Number(step.slice(1, -1)) : step,
  );
}

function isHolder(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isRecord(value: unknown): value is Json {
  return isHolder(value) && !Array.isArray(value);
}
