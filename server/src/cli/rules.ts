import { ruleTable } from '#core/lint/codes.ts';

/** The list of rules, for people or as JSON. */
export function listRules(format: 'text' | 'json'): string {
  if (format === 'json') return `${JSON.stringify({ rules: ruleTable }, undefined, 2)}\n`;
  const width = Math.max(0, ...ruleTable.map(({ id }) => id.length));
  const lines = ruleTable.map(({ id, severity, title }) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}`);
  return `${lines.join('\n')}\n`;
}
