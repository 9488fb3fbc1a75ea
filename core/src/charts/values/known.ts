import type { Chart } from '#core/charts/chart.ts';

import { keyOf } from '#core/charts/dependencies.ts';
import { nearestPlace } from '#core/charts/rules/places.ts';
import { describeTypes } from '#core/charts/schema/assertions.ts';
import { schemasAt } from '#core/charts/schema/schemaAt.ts';
import { isObject, listOf, type JsonObject } from '#core/json.ts';
import { resolveAlias, type MapEntry, type YamlPath } from '#core/yaml/nodes.ts';

/** What is known of one place in the values of a chart. */
export interface KnownValue {
  readonly path: YamlPath;
  /** `a string or null`, when the schema says so. */
  readonly type: string | undefined;
  readonly description: string | undefined;
  /** The values it may have; empty when any. */
  readonly allowed: readonly unknown[];
  /** Where files give it, `values.yaml` first. */
  readonly given: readonly GivenValue[];
}

/** A value as one file gives it. */
export interface GivenValue {
  readonly chart: Chart;
  /** From the folder of that chart. */
  readonly file: string;
  readonly entry: MapEntry;
  /** As it is written, at most a few lines. */
  readonly text: string;
  /** The comment above it. */
  readonly comment: string | undefined;
}

/** What schema and files of values say of a path; that of a dependency also by its own. */
export function knownValue(chart: Chart, path: YamlPath): KnownValue {
  const sources = sourcesOf(chart, path);
  const schemas = sources.flatMap((one) => schemasAt(one.chart.schema, one.path));
  const types = [...new Set(schemas.flatMap((schema) => [schema['type'] ?? []].flat()))];
  return {
    path,
    type: types.length === 0 ? undefined : describeTypes(types),
    description: firstText(schemas, 'description') ?? firstText(schemas, 'title'),
    allowed: schemas.flatMap((schema) => listOf(schema['enum'] ?? ('const' in schema ? [schema['const']] : undefined))),
    given: sources.flatMap((one) => givenIn(one.chart, one.path)),
  };
}

/** The keys below a path, in the order in which files and schemas name them. */
export function knownKeys(chart: Chart, path: YamlPath): readonly string[] {
  const keys = new Set<string>();
  for (const one of sourcesOf(chart, path)) {
    for (const file of one.chart.valuesFiles) {
      const place = nearestPlace(one.chart.root(file), one.path);
      const map = place.path.length === one.path.length ? resolveAlias(place.node) : undefined;
      if (map?.kind === 'map') for (const { key } of map.entries) keys.add(key.text);
    }
    for (const { properties } of schemasAt(one.chart.schema, one.path).map(withProperties)) {
      for (const name of Object.keys(properties)) keys.add(name);
    }
  }
  if (path.length === 0) for (const dependency of chart.dependencies) keys.add(keyOf(dependency));
  keys.delete('');
  return [...keys];
}

function withProperties(schema: JsonObject): { readonly properties: JsonObject } {
  return { properties: isObject(schema['properties']) ? schema['properties'] : {} };
}

/** The chart itself, and below the key of a dependency that chart too. */
function sourcesOf(chart: Chart, path: YamlPath): readonly { readonly chart: Chart; readonly path: YamlPath }[] {
  const [first, ...rest] = path;
  const dependency = chart.dependencies.find((one) => keyOf(one) === first);
  const subchart = dependency && chart.subchartOf(dependency);
  return [{ chart, path }, ...(subchart ? sourcesOf(subchart, rest) : [])];
}

function givenIn(chart: Chart, path: YamlPath): readonly GivenValue[] {
  return chart.valuesFiles.flatMap((file) => {
    const { entry, path: found } = nearestPlace(chart.root(file), path);
    const text = chart.document(file)?.text;
    if (!entry || found.length < path.length || text === undefined) return [];
    return [{ chart, file, entry, text: textOf(entry, text), comment: commentAbove(entry, text) }];
  });
}

const LINES_SHOWN = 10;

function textOf({ key, value }: MapEntry, text: string): string {
  if (!value) return 'null';
  const lines = text.slice(value.range.start, value.range.end).split(/\r?\n/);
  const indent = value.range.start - (text.lastIndexOf('\n', value.range.start - 1) + 1);
  const shown = lines
    .slice(0, LINES_SHOWN)
    .map((line, at) =>
      at === 0
        ? line
        : line.replace(
            new RegExp(`^ {0,${value.kind === 'map' || value.kind === 'sequence' ? indent : key.range.start}}`),
            '',
          ),
    );
  return lines.length > LINES_SHOWN ? [...shown, '...'].join('\n') : shown.join('\n');
}

/** The lines of comment right above a key; marks of tools that make documents of them are left out. */
function commentAbove({ key }: MapEntry, text: string): string | undefined {
  const above = text
    .slice(0, text.lastIndexOf('\n', key.range.start - 1) + 1)
    .split(/\r?\n/)
    .slice(0, -1);
  const lines: string[] = [];
  while (lines.length < LINES_SHOWN && /^\s*#/.test(above.at(-1) ?? '')) {
    lines.unshift((above.pop() ?? '').replace(/^\s*#+\s?(?:--\s|@param\s+\S+\s+)?/, '').trim());
  }
  const comment = lines.filter((line) => line !== '').join('\n');
  return comment === '' ? undefined : comment;
}

function firstText(schemas: readonly JsonObject[], key: string): string | undefined {
  return schemas.flatMap((schema) => textOfKey(schema[key]))[0];
}

function textOfKey(value: unknown): readonly string[] {
  return typeof value === 'string' && value !== '' ? [value] : [];
}
