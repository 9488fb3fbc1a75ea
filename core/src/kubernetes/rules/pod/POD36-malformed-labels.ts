import { reportLabels } from '#core/kubernetes/rules/labels.ts';
import { reportAnnotations } from '#core/kubernetes/rules/annotations.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';

export const malformedLabels: PodRule = {
  id: 'POD36',
  title: 'A node selector, or a label or annotation of a pod template, is malformed',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidatePodTemplateSpec and ValidatePodSpec, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Keys of labels are a name of at most 63 characters, with an optional domain and "/" before it; values are such a name or empty.
Keys of annotations have the same form, their values are free, but all together have at most 256 KiB. A node selector selects by labels,
so what could not be a label selects nothing.`,
  subject: 'pod',
  check: ({ template, metadata, spec, isTemplate }, report) => {
    reportLabels(spec.field('nodeSelector'), report);
    if (!isTemplate) return;
    // The server prints these two without `metadata`.
    reportLabels(metadata.field('labels'), report, `${template.path}.labels`);
    reportAnnotations(metadata.field('annotations'), report, `${template.path}.annotations`);
  },
};
