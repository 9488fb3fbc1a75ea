import type { Chart } from '#core/charts/chart.ts';
import { SCHEMA_FILE, VALUES_FILE } from '#core/charts/chartFiles.ts';
import type { ChartFileView, ChartRule } from '#core/charts/chartRule.ts';
import { keyOf } from '#core/charts/dependencies.ts';
import { findValueReferences, type ValueReference } from '#core/charts/templates/references.ts';
import { isObject, type JsonObject } from '#core/json.ts';
import { nearestName } from '#core/text/distance.ts';

export const missingValue: ChartRule = {
  id: 'HLM09',
  title: 'A template reads a value that the chart does not have',
  severity: 'hint',
  source:
    'Templates of Go: a key that is not there renders as nothing, and a key below it ends the rendering (nil pointer)',
  fixable: true,
  subject: 'chart',
  refusedBy: 'nobody',
  why: 'Every value a template reads should stand in `values.yaml`, so that whoever installs the chart can find it. A misspelt one renders as nothing. It is only told where the rest of the path has other keys, no file or comment of values names it, nothing in the template asks whether it is there or gives a default, and nothing adds values while templates are rendered.',
  roles: ['template'],
  check: (file, report) => {
    const known = knownValues(file);
    if (!known) return;
    const references = findValueReferences(file.text);
    for (const reference of references) {
      const missing = isOfDependency(reference.path, file.chart) ? undefined : missingKey(reference, known);
      if (!missing || isGuarded(reference, file.text, references) || isNamedInComments(missing.key, file.chart))
        continue;
      const at = reference.keys[missing.index];
      if (!at) continue;
      const name = reference.path.slice(0, missing.index + 1).join('.');
      const near = nearestName(missing.key, missing.siblings);
      report({
        range: at,
        path: name,
        message: `No values file of this chart has ${name}, so this renders as nothing unless it is given (-f, --set).${near === undefined ? '' : ` Did you mean ${near}?`}`,
        fixes: () =>
          near === undefined
            ? []
            : [{ title: `Change to ${near}`, preferred: false, edits: [{ range: at, newText: near }] }],
      });
    }
  },
};

/** Every file of values; undefined where values may come from elsewhere. */
function knownValues({ chart, text }: ChartFileView): readonly JsonObject[] | undefined {
  const partials = [...chart.source.texts].flatMap(([path, partial]) =>
    path.startsWith('templates/') ? [partial] : [],
  );
  const isChanged = [text, ...partials].some((one) => /\b(?:set|unset|merge\w*|mustMerge\w*)\b[^}]*\.Values/.test(one));
  if (chart.isLibrary || chart.isInside || isChanged || chart.text(VALUES_FILE) === undefined) return undefined;
  if (chart.text(SCHEMA_FILE) !== undefined || chart.dependencies.some(({ importValues }) => importValues.length > 0))
    return undefined;
  const known = chart.valuesFiles.map((path) => chart.valuesIn(path));
  return known.every((one) => one !== undefined) ? known : undefined;
}

interface MissingKey {
  readonly key: string;
  readonly index: number;
  readonly siblings: readonly string[];
}

/** The first key of a path that no file has, where some file has other keys beside it. */
function missingKey({ path }: ValueReference, known: readonly JsonObject[]): MissingKey | undefined {
  let level: readonly unknown[] = known;
  for (const [index, key] of path.entries()) {
    const maps = level.filter(isObject);
    // An object that is empty, or no object, says nothing of its keys.
    if (level.length === 0 || maps.length < level.length || maps.every((map) => Object.keys(map).length === 0))
      return undefined;
    if (key === 'global' && index === 0) return undefined;
    const next = maps.filter((map) => Object.hasOwn(map, key)).map((map) => map[key]);
    if (next.length === 0) return { key, index, siblings: [...new Set(maps.flatMap((map) => Object.keys(map)))] };
    level = next;
  }
  return undefined;
}

const GUARDS =
  /^\{\{-?\s*(?:if|else|with|range)\b|\b(?:default|required|hasKey|dig|get|coalesce|empty|and|or|not|ternary|eq|ne|kindIs|typeIs|fail|pick|omit|index)\b|:=/;

/** Whether the action, or another one of the file, allows for the value not to be there. */
function isGuarded(reference: ValueReference, text: string, all: readonly ValueReference[]): boolean {
  const isAbout = (other: ValueReference): boolean =>
    other.path.slice(0, reference.path.length).every((key, index) => key === reference.path[index]);
  return all.some((other) => isAbout(other) && GUARDS.test(text.slice(other.action.start, other.action.end)));
}

/** A value that is only described in a comment is optional. */
function isNamedInComments(key: string, chart: Chart): boolean {
  const word = new RegExp(`#.*\\b${key}\\b`);
  return chart.valuesFiles.some((path) => word.test(chart.text(path) ?? ''));
}

/** Whether the values below a key belong to another chart. */
function isOfDependency(path: readonly string[], chart: Chart): boolean {
  return chart.dependencies.some((one) => keyOf(one) === path[0]);
}
