import { chartFieldsAt, type ChartField } from '#core/charts/chartYamlFields.ts';
import type { ChartPlace } from '#core/charts/checkChartFile.ts';
import { roleInChart } from '#core/charts/chartFiles.ts';
import { actionBefore } from '#core/charts/templates/references.ts';
import { knownKeys, knownValue } from '#core/charts/values/known.ts';
import { builtInObjects, membersOf } from '#core/language/charts/builtInObjects.ts';
import { locateCursor, type CursorPlace } from '#core/language/completion/cursor.ts';
import type { CompletionEntry, CompletionOffer } from '#core/language/completion/entry.ts';
import { resolveScalar } from '#core/yaml/scalars.ts';

/** An offer, nothing because nothing fits, or `elsewhere` where the place is no matter of the chart. */
export type ChartOffer = CompletionOffer | 'nothing' | 'elsewhere';

/** What may stand at an offset of a file of a chart. */
export function offerInChart(text: string, offset: number, place: ChartPlace): ChartOffer {
  const role = roleInChart(place.path);
  if (role === 'template' || role === 'partial') return offerInTemplate(text, offset, place, role);
  if (role === 'other') return 'elsewhere';
  const cursor = role === 'lock' || role === 'schema' ? undefined : locateCursor(text, offset);
  if (!cursor) return 'nothing';
  const isValues = role === 'values' || role === 'moreValues';
  const entries = isValues ? valueEntries(cursor, place) : fieldEntries(cursor, role === 'requirements');
  return { replace: cursor.replace, entries };
}

function fieldEntries(cursor: CursorPlace, isRequirements: boolean): readonly CompletionEntry[] {
  if (cursor.role !== 'key') {
    const field = chartFieldsAt(cursor.path.slice(0, -1))?.[String(cursor.path.at(-1))];
    const values = field?.type === 'switch' ? ['true', 'false'] : (field?.values ?? []);
    return cursor.role === 'value' ? values.map((value) => valueEntry(value, cursor)) : [];
  }
  const taken = keysOf(cursor);
  return Object.entries(chartFieldsAt(cursor.path) ?? {})
    .filter(([name]) => !taken.includes(name) && (!isRequirements || cursor.path.length > 0 || name === 'dependencies'))
    .map(([name, field], rank) => ({
      label: name,
      role: 'key',
      text: keyText(name, field, cursor),
      isSnippet: false,
      rank: rank > 9 || field.isRequired !== true ? 1 : 0,
      documentation: field.description,
      ...(field.isRequired === true ? { detail: 'required' } : {}),
    }));
}

/** A list begins with its first item below the key. */
function keyText(name: string, { type }: ChartField, { colonFollows, column, flow }: CursorPlace): string {
  if (colonFollows) return name;
  const isList = type === 'texts' || type === 'dependencies' || type === 'maintainers' || type === 'anyList';
  if (flow || (!isList && type !== 'textMap')) return `${name}: `;
  return `${name}:\n${' '.repeat(column + 2)}${isList ? '- ' : ''}`;
}

function valueEntries(cursor: CursorPlace, { chart, path: file }: ChartPlace): readonly CompletionEntry[] {
  if (cursor.role === 'key') {
    const taken = keysOf(cursor);
    return knownKeys(chart, cursor.path)
      .filter((key) => !taken.includes(key))
      .map((key) =>
        describeKey(
          key,
          [...cursor.path, key],
          chart,
          `${key}${cursor.colonFollows ? '' : ':'}${isScalarAt(chart, [...cursor.path, key]) && !cursor.colonFollows ? ' ' : ''}`,
        ),
      );
  }
  if (cursor.role !== 'value') return [];
  const { allowed, type, given } = knownValue(chart, cursor.path);
  const switches = type?.includes('true or false') === true ? ['true', 'false'] : [];
  const others = given.filter((one) => one.file !== file || one.chart.source.folderUri !== chart.source.folderUri);
  const defaults = others.filter(({ text }) => text !== '' && !text.includes('\n')).map(({ text }) => text);
  return [...new Set([...allowed.map(writeValue), ...switches, ...defaults])].map((value) => valueEntry(value, cursor));
}

/** In quotes where YAML would read something else than the text. */
function writeValue(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isPlain = /^[A-Za-z][\w./-]*$/.test(value) && resolveScalar(value, 'plain', undefined).type === 'string';
  return isPlain ? value : JSON.stringify(value);
}

function isScalarAt(chart: ChartPlace['chart'], path: CursorPlace['path']): boolean {
  return knownKeys(chart, path).length === 0;
}

function describeKey(
  key: string,
  path: CursorPlace['path'],
  chart: ChartPlace['chart'],
  text: string,
): CompletionEntry {
  const { type, description, given } = knownValue(chart, path);
  const [first] = given;
  const detail = type ?? (first && !first.text.includes('\n') ? first.text : undefined);
  const documentation = description ?? first?.comment;
  return {
    label: key,
    role: 'key',
    text,
    isSnippet: false,
    rank: 0,
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === undefined ? {} : { documentation }),
  };
}

function valueEntry(value: string, { needsBlank, quoted }: CursorPlace): CompletionEntry {
  const bare = quoted ? value.replaceAll(/^["']|["']$/g, '') : value;
  return { label: bare, role: 'value', text: `${needsBlank ? ' ' : ''}${bare}`, isSnippet: false, rank: 0 };
}

function keysOf({ map }: CursorPlace): readonly string[] {
  return map?.entries.map(({ key }) => key.text) ?? [];
}

/** Behind `.` or `$.` in an action: what Helm hands over, and the keys of the values that Go can name without quotes. */
function offerInTemplate(
  text: string,
  offset: number,
  { chart }: ChartPlace,
  role: 'template' | 'partial',
): ChartOffer {
  const inside = actionBefore(text, offset);
  if (inside === undefined) return role === 'partial' ? 'nothing' : 'elsewhere';
  const [, typed] = /(?<![\w)\].])\$?\.([\w.]*)$/.exec(inside) ?? [];
  if (typed === undefined) return 'nothing';
  const steps = typed.split('.');
  const word = steps.pop() ?? '';
  const end = offset + (/^\w*/.exec(text.slice(offset))?.[0].length ?? 0);
  const [object, ...path] = steps;
  const entries =
    object === 'Values'
      ? knownKeys(chart, path)
          .filter((key) => /^[A-Za-z_]\w*$/.test(key))
          .map((key) => describeKey(key, [...path, key], chart, key))
      : tableEntries(object === undefined ? builtInObjects : path.length === 0 ? membersOf(object) : {});
  return { replace: { start: offset - word.length, end }, entries };
}

function tableEntries(table: Readonly<Record<string, string>>): readonly CompletionEntry[] {
  return Object.entries(table).map(([label, documentation], rank) => ({
    label,
    role: 'key',
    text: label,
    isSnippet: false,
    rank: Math.min(rank, 9),
    documentation,
  }));
}
