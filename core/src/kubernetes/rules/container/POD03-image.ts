import { isMissing } from '#core/kubernetes/rules/fields.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const image: PodRule = {
  id: 'POD03',
  title: 'A container has no image, or blanks around its name',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateContainerCommon and validateContainerOnlyForPod, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Without an image there is nothing to run. Blanks around the name pass in a template, because some tools use a blank as a mark to replace,
but the pods made from it are refused.`,
  subject: 'pod',
  check: ({ containers, isTemplate }, report) => {
    for (const { view } of containers) {
      const name = view.field('image');
      const { text } = name;
      if (isMissing(name)) {
        report({ at: name, cause: 'required', message: 'This container has no image.' });
      } else if (text !== undefined && text !== text.trim() && !(isTemplate && text.trim() === '')) {
        reportBlanks(name, text, isTemplate, report);
      }
    }
  },
};

function reportBlanks(at: NodeView, text: string, isTemplate: boolean, report: Report): void {
  const { content } = at;
  const trimmed = text.trim();
  report({
    at,
    cause: 'invalid',
    message: `The image ${quoteText(text)} has blanks around its name.`,
    ...(isTemplate ? { refused: 'later' } : {}),
    fixes: () =>
      content?.kind === 'scalar' && trimmed !== '' ? [replaceScalar(content, trimmed, 'Remove the blanks')] : [],
  });
}
