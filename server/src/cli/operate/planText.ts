import type { Plan, Precondition } from '#core/operations/model.ts';
import { duration } from '#core/operations/report.ts';
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
    ...steps.map(({ title }, index) => `  ${index + 1}. ${printable(title)}`),
    ...(steps[0] ? [`  Each only when ${printable(steps[0].gate)}; done when ${printable(steps[0].done)}.`] : []),
    '',
    'What could go wrong',
    ...plan.risks.map((risk) => `  ${printable(risk)}`),
    '',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

export function preconditionLines(
  { state, title, evidence, fix }: Precondition,
  hasColors: boolean,
): readonly string[] {
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
