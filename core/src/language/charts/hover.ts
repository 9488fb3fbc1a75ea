import type { ChartPlace } from '#core/charts/checkChartFile.ts';
import { roleInChart } from '#core/charts/chartFiles.ts';
import { chartFieldsAt } from '#core/charts/chartYamlFields.ts';
import type { Chart } from '#core/charts/chart.ts';
import { show } from '#core/charts/schema/assertions.ts';
import { findValueReferences } from '#core/charts/templates/references.ts';
import { knownValue } from '#core/charts/values/known.ts';
import { code } from '#core/language/hover/constraints.ts';
import type { HoverText } from '#core/language/hover/hover.ts';
import { findWord } from '#core/language/locate.ts';
import { containsOffset } from '#core/text/range.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/** Explains a field of `Chart.yaml`, a value, or the reading of a value in a template; undefined where there is nothing to say. */
export function describeInChart(
  text: string,
  offset: number,
  { chart: saved, path }: ChartPlace,
): HoverText | undefined {
  const role = roleInChart(path);
  if (role === 'template' || role === 'partial') return describeReference(text, offset, saved);
  if (role === 'other' || role === 'schema') return undefined;
  const chart = saved.with(path, text);
  const word = findWord(chart.root(path), offset, []);
  if (!word) return undefined;
  const markdown =
    role === 'values' || role === 'moreValues' ? describeValue(chart, word.path) : describeField(word.path);
  return markdown === undefined ? undefined : { markdown, range: word.range };
}

function describeField(path: YamlPath): string | undefined {
  const name = path.findLast((step) => typeof step === 'string');
  const at = path.lastIndexOf(name ?? '');
  const field = name === undefined ? undefined : chartFieldsAt(path.slice(0, at))?.[name];
  if (!field) return undefined;
  const values = field.values ? [`Supported: ${field.values.map(code).join(', ')}`] : [];
  return [`**${name}**${field.isRequired === true ? ' · required' : ''}`, field.description, ...values].join('\n\n');
}

function describeReference(text: string, offset: number, chart: Chart): HoverText | undefined {
  const reference = findValueReferences(text).find(({ range }) => containsOffset(range, offset));
  const at = reference?.keys.findIndex((range) => containsOffset(range, offset)) ?? -1;
  const range = reference?.keys[at];
  const markdown = reference && describeValue(chart, reference.path.slice(0, at + 1));
  return range && markdown !== undefined ? { markdown, range } : undefined;
}

/** What it is, what the files give, and what may stand there. Texts of the chart are quoted, not read as Markdown. */
function describeValue(chart: Chart, path: YamlPath): string | undefined {
  const { type, description, allowed, given } = knownValue(chart, path);
  const comment = given.find((one) => one.comment !== undefined)?.comment;
  if (type === undefined && description === undefined && given.length === 0) return undefined;
  const about = description ?? comment;
  return [
    `**${formatPath(path)}**${type === undefined ? '' : ` · ${type}`}`,
    ...(about === undefined ? [] : [plain(about)]),
    ...(allowed.length === 0
      ? []
      : [
          `Supported: ${allowed
            .slice(0, 12)
            .map((value) => code(show(value)))
            .join(', ')}`,
        ]),
    ...given.map(({ chart: owner, file, text }) => {
      const where = owner === chart ? file : `${file} of ${owner.name}`;
      return text.includes('\n')
        ? `${where}:\n\n\`\`\`yaml\n${text.replaceAll('```', "'''")}\n\`\`\``
        : `${where}: ${code(text)}`;
    }),
  ].join('\n\n');
}

function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|]/g, '\\$&');
}
