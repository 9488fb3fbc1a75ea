import { isObject } from '#core/json.ts';
import { isSameJson } from '#core/live/fieldPath.ts';

/** What the JobSet of a suspended job lets be changed; labels and annotations beside them are told apart from nothing here. */
const PLACEMENT = ['nodeSelector', 'tolerations', 'schedulingGates'];
/** What an override says of itself: for which jobs it is, and whose. */
const ADDRESS = ['targetJobs', 'name', 'manager', 'time'];

/**
 * Whether two values of podSpecOverrides, podTemplateOverrides or runtimePatches differ only in where pods may run. The webhook of the trainer
 * takes any other difference of a suspended job too; its JobSet refuses it, and the job then stays suspended when it is resumed.
 * Source: webhook of JobSet 0.8.2; seen with trainer 2.0.0.
 */
export const differInPlacement = (before: unknown, after: unknown): boolean =>
  isSameJson(beyondPlacement(before), beyondPlacement(after));

/** What a value says besides; undefined when that is nothing. */
function beyondPlacement(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(beyondPlacement).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  const said = Object.entries(value).filter(([key]) => !PLACEMENT.includes(key));
  const rest = said.flatMap(([key, inner]): [string, unknown][] => {
    const beyond = ADDRESS.includes(key) ? undefined : beyondPlacement(inner);
    return beyond === undefined ? [] : [[key, beyond]];
  });
  if (rest.length === 0) return undefined;
  return Object.fromEntries([...said.filter(([key]) => ADDRESS.includes(key)), ...rest]);
}
