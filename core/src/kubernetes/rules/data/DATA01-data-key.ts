import { checkDataKey } from '#core/kubernetes/names.ts';
import { reportKey } from '#core/kubernetes/rules/labels.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

/** Maps of data, and under which name the server reports them: it moves what stands in stringData. */
const MAPS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  '/ConfigMap': [
    ['data', 'data'],
    ['binaryData', 'binaryData'],
  ],
  '/Secret': [
    ['data', 'data'],
    ['stringData', 'data'],
  ],
};

export const dataKey: ObjectRule = {
  id: 'DATA01',
  title: 'A key of a ConfigMap or Secret is malformed or taken',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateConfigMap and ValidateSecret, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Each key becomes the name of a file when the data are mounted, so it has letters, digits, "-", "_" and "." only, and no "/": folders are made
by \`items\` of the volume. In a ConfigMap no key may stand in both \`data\` and \`binaryData\`.`,
  subject: 'object',
  kinds: Object.keys(MAPS),
  check: (object, report) => {
    for (const [field, shown] of MAPS[object.groupKind] ?? []) {
      const { path } = object.root.field(shown);
      for (const entry of object.root.field(field).fields) {
        reportKey(entry, 'data', checkDataKey, report, `${path}[${String(entry.step)}]`);
      }
    }
    if (object.groupKind === '/ConfigMap' && !object.root.isOpen) reportTaken(object, report);
  },
};

function reportTaken({ root }: ObjectView, report: Report): void {
  const binary = root.field('binaryData').fields;
  for (const at of root.field('data').fields) {
    const other = binary.find(({ step }) => step === at.step);
    const range = at.entry?.key.range;
    if (!other || !range) continue;
    const key = String(at.step);
    const message = `The data key ${quoteText(key)} stands in binaryData too.`;
    const path = `${root.field('data').path}[${key}]`;
    report({ at, cause: 'invalid', message, path, range, related: [{ at: other, message: 'There' }] });
  }
}
