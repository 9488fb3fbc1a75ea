import { filesOf } from '#core/kubernetes/rules/volume/files.ts';
import { checkedVolumes, sourceOf } from '#core/kubernetes/rules/volume/sources.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const MAX_MODE = 0o777;

/** Decimal numbers that pass although only their digits read as octal can be meant: 400 is 0620. */
const MEANT_AS_OCTAL = ['400', '440', '444', '500'];

export const fileMode: PodRule = {
  id: 'VOL04',
  title: 'The mode of files is out of range, or is octal without its leading zero',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateConfigMapVolumeSource and validateKeyToPath, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Modes are numbers from 0 to 0777. Written with a leading zero they are octal, as chmod has them: 0644. Without it they are decimal, so
644 is 01204 and refused, while 400 is 0620, which is accepted and gives other permissions than it seems to. That is a warning here.`,
  subject: 'pod',
  check: (pod, reportRaw) => {
    for (const { volume, report } of checkedVolumes(pod, reportRaw)) {
      const source = sourceOf(volume);
      if (!source) continue;
      reportMode(source.field('defaultMode'), source.path, report);
      for (const { item, path } of filesOf(source).flatMap(({ files }) => files)) {
        reportMode(item.field('mode'), path, report);
      }
    }
  },
};

function reportMode(mode: NodeView, holder: string, report: Report): void {
  const { content, integer } = mode;
  if (integer === undefined || content?.kind !== 'scalar') return;
  const isRefused = integer < 0 || integer > MAX_MODE;
  const isDecimal = /^[0-7]{3}$/.test(content.text);
  if (!isRefused && !MEANT_AS_OCTAL.includes(content.text)) return;
  const octal = `0${content.text}`;
  const is = `${content.text} without a leading zero is a decimal number, in octal ${integer < 0 ? '-' : ''}0${Math.abs(integer).toString(8)}`;
  report({
    at: mode,
    path: `${holder}.${String(mode.step)}`,
    cause: 'invalid',
    ...(isRefused ? {} : { severity: 'warning' }),
    message: isDecimal
      ? `${is}${isRefused ? '; modes go from 0 to 0777' : ''}. ${octal} is probably meant.`
      : `The mode ${content.text} is out of range: modes go from 0 to 0777.`,
    ...(isDecimal
      ? { fixes: () => [{ ...replaceScalar(content, octal, `Change to ${octal}`), preferred: isRefused }] }
      : {}),
  });
}
