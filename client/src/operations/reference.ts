import type { RunReference } from '#client/operations/board.ts';
import { isObject } from '#core/json.ts';
import type { Plan, SubjectId } from '#core/operations/model.ts';

const systems: readonly SubjectId[] = ['cassandra', 'kafka', 'spark', 'tfjob', 'kubernetes', 'helm'];

export function referenceOf(context: string, { id, target }: Plan): RunReference {
  const { system, namespace, name } = target;
  return { context, system, namespace, name, plan: id };
}

/** The run that an argument of a command, the target of a row, or the kept state of a page names; undefined for anything else. */
export function readReference(value: unknown): RunReference | undefined {
  if (!isObject(value)) return undefined;
  const { target } = value;
  if (isObject(target))
    return target['kind'] === 'operation' ? readReference({ ...target, target: undefined }) : undefined;
  const system = systems.find((id) => id === value['system']);
  const [context, namespace, name, plan] = ['context', 'namespace', 'name', 'plan'].map((key) => value[key]);
  if (!system || typeof context !== 'string' || typeof namespace !== 'string') return undefined;
  if (typeof name !== 'string' || typeof plan !== 'string' || plan === '') return undefined;
  return { context, system, namespace, name, plan };
}
