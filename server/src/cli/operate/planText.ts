import type { Comparison, Plan, PlannedChange, PlannedStep, Precondition } from '#core/operations/model.ts';
import { changeWords, duration, figureText } from '#core/operations/report.ts';
import { palettes } from '#server/cli/writers/palette.ts';
import { printable } from '#server/cli/writers/printable.ts';

const words: Readonly<Record<Precondition['state'], string>> = {
  holds: 'ok',
  warns: 'warning',
  consent: 'consent',
  fails: 'FAILS',
  unknown: 'unknown',
};
const wordWidth = 9;

/** The plan as somebody reads it before saying yes: where, what was checked, what is done in which order. */
export function planText(plan: Plan, hasColors: boolean): string {
  const palette = palettes[hasColors ? 'colored' : 'plain'];
  const { target, steps } = plan;
  const expected = steps.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  return [
    palette.bold(printable(plan.title)),
    `  context ${printable(target.context)}, namespace ${printable(target.namespace)}, ` +
      `${target.anchor.kind} ${printable(target.anchor.name)}`,
    '',
    'Checked now',
    ...plan.preconditions.flatMap((one) => preconditionLines(one, hasColors)),
    '',
    `Steps, about ${duration(expected)} in all`,
    ...stepLines(steps),
    ...changeLines(plan.changes ?? []),
    ...comparisonLines(plan.preview ?? []),
    '',
    'What could go wrong',
    ...plan.risks.map((risk) => `  ${printable(risk)}`),
    '',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** What all steps have in common is said once. */
function stepLines(steps: readonly PlannedStep[]): readonly string[] {
  const whens = steps.map(({ gate, done }) => `only when ${printable(gate)}; done when ${printable(done)}.`);
  const isSame = whens.every((when) => when === whens[0]);
  return [
    ...steps.flatMap(({ title }, index) => [
      `  ${index + 1}. ${printable(title)}`,
      ...(isSame ? [] : [`     ${whens[index] ?? ''}`]),
    ]),
    ...(isSame && whens[0] !== undefined ? [`  Each ${whens[0]}`] : []),
  ];
}

/** What becomes of each object, with its fields below. */
function changeLines(changes: readonly PlannedChange[]): readonly string[] {
  if (changes.length === 0) return [];
  return [
    '',
    'What changes',
    ...changes.flatMap(({ title, how, fields }) => [
      `  ${printable(title)} is ${changeWords[how]}`,
      ...fields.map((field) => `    ${printable(field)}`),
    ]),
  ];
}

/** A table of every member: a column for each figure, before and after. */
function comparisonLines(preview: readonly Comparison[]): readonly string[] {
  const labels = [...new Set(preview.flatMap(({ items }) => items.map(({ label }) => label)))];
  if (labels.length === 0) return [];
  const figure = ({ items, unit }: Comparison, label: string): string => {
    const item = items.find((one) => one.label === label);
    if (!item) return '';
    const [before, after] = [item.before, item.after].map((value) => figureText(value, unit));
    return before === after ? `${before}` : `${before} -> ${after}`;
  };
  const rows = [
    ['', ...preview.map(({ title }) => printable(title))],
    ...labels.map((label) => [printable(label), ...preview.map((comparison) => figure(comparison, label))]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return [
    '',
    'Before and after',
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()),
    '',
  ];
}

function preconditionLines({ state, title, evidence, fix }: Precondition, hasColors: boolean): readonly string[] {
  const palette = palettes[hasColors ? 'colored' : 'plain'];
  const word = words[state].padEnd(wordWidth);
  const shown =
    state === 'fails'
      ? palette.mark(word, 'error')
      : state === 'consent' || state === 'warns'
        ? palette.mark(word, 'warning')
        : word;
  const isPlain = state === 'holds';
  const indent = ' '.repeat(wordWidth + 4);
  return [
    `  ${shown}  ${printable(title)}${isPlain && evidence[0] !== undefined ? `: ${printable(evidence[0])}` : ''}`,
    ...(isPlain ? evidence.slice(1) : evidence).map((one) => `${indent}${printable(one)}`),
    ...(fix === undefined ? [] : [`${indent}What to do: ${printable(fix)}`]),
  ];
}
