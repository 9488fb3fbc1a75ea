import { checkDnsLabel, type NameCheck } from '#core/kubernetes/names.ts';
import { nameCheckOf, suggestName } from '#core/kubernetes/rules/metadata/nameSyntax.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const malformedName: ObjectRule = {
  id: 'META02',
  title: 'The name of an object is malformed or too long',
  severity: 'error',
  source: 'k8s.io/kubernetes, the ValidateName function of each kind (k8s.io/apimachinery pkg/api/validation), 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Names become parts of paths, of DNS names and of labels, so their form is narrow: small letters, digits, "-" and for most kinds ".".
StatefulSets, Services and Namespaces may have 63 characters and no ".", a Service must begin with a letter. A Job may have 63 characters
and a CronJob 52, because their pods carry the name as a label.`,
  subject: 'object',
  check: (object, report) => {
    const check = nameCheckOf(object);
    if (!check) return;
    const name = object.metadata.field('name');
    const prefix = object.metadata.field('generateName');
    const isWrong = [reportName(name, check, report), reportName(prefix, (text) => check(completed(text)), report)];
    if (!isWrong.includes(true)) reportLength(object, report);
  },
};

/** The server makes something follow, so the "-" that ends a prefix does not end the name. */
function completed(prefix: string): string {
  return prefix.replace(/(?<=.)-$/, 'a');
}

/** @returns whether something is wrong */
function reportName(view: NodeView, check: NameCheck, report: Report): boolean {
  const { text = '', content, step } = view;
  const problem = text === '' ? undefined : check(text);
  if (problem === undefined) return false;
  const suggestion = suggestName(text, check);
  report({
    at: view,
    cause: 'invalid',
    message: `The ${step === 'name' ? 'name' : 'name prefix'} ${quoteText(text)} ${problem}.`,
    ...(suggestion !== undefined && content?.kind === 'scalar'
      ? { fixes: () => [{ ...replaceScalar(content, suggestion, `Change to ${suggestion}`), preferred: false }] }
      : {}),
  });
  return true;
}

/** Most characters a CronJob's name may have, so that its Jobs' names have room for a time (ValidateCronJobCreate). */
const CRON_JOB_LIMIT = 52;

/** How many characters the server puts behind a prefix. */
const SUFFIX_LENGTH = 5;

/** Names that the pods of an object carry on are checked there too. */
function reportLength({ groupKind, metadata, spec }: ObjectView, report: Report): void {
  const name = metadata.field('name');
  if (groupKind === 'batch/Job') reportJobName(spec, name, report);
  if (groupKind !== 'batch/CronJob') return;
  const at = name.isPresent ? name : metadata.field('generateName');
  const length = (at.text ?? '').length + (at === name ? 0 : SUFFIX_LENGTH);
  if (length <= CRON_JOB_LIMIT) return;
  const message = `The name of the CronJob has ${length} characters; at most ${CRON_JOB_LIMIT} leave room for the time that its Jobs get behind it.`;
  report({ at, cause: 'invalid', message, path: name.path });
}

function reportJobName(spec: NodeView, name: NodeView, report: Report): void {
  const { text = '' } = name;
  const completions = spec.field('completions').integer ?? 0;
  const host = `${text}-${completions - 1}`;
  if (spec.isOpen) return;
  if (text.length > 63 && spec.field('manualSelector').isAbsent) {
    const message = `The name of the Job has ${text.length} characters; at most 63 are allowed, because its pods get it as a label.`;
    report({ at: name, cause: 'invalid', message, path: `${spec.path}.template.labels` });
  } else if (spec.field('completionMode').text === 'Indexed' && completions > 0 && checkDnsLabel(host) !== undefined) {
    const message = `The pods of this indexed Job are called up to ${quoteText(host)}, which ${checkDnsLabel(host) ?? ''}.`;
    report({ at: name, cause: 'invalid', message });
  }
}
