import type { PodRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const envNameTwice: PodRule = {
  id: 'WRN01',
  title: 'An environment variable hides an earlier one of the same name',
  severity: 'warning',
  source: 'k8s.io/kubernetes pkg/api/pod warnings of the API server, 1.34',
  fixable: false,
  refusedBy: 'nobody',
  why: `Of two variables with one name the later one holds, which makes the earlier one look set when it is not. Worse, \`kubectl apply\` merges the
list by name and may drop either. A later one that extends the earlier, as in \`$(OPTS) -more\`, is fine.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      const first = new Map<string, NodeView>();
      for (const variable of view.field('env').items) {
        const { text } = variable.field('name');
        const earlier = text === undefined ? undefined : first.get(text);
        if (text === undefined || text === '') continue;
        if (!earlier) first.set(text, variable.field('name'));
        else if (hidesEarlier(variable, `$(${text})`)) {
          report({
            at: variable.field('name'),
            path: variable.path,
            cause: 'duplicate',
            message: `The variable ${quoteText(text)} is set twice; this one hides the earlier, and kubectl apply may drop either.`,
            related: [{ at: earlier, message: 'It is set here first' }],
          });
        }
      }
    }
  },
};

/** Not when it is made of the earlier value, and not when a program fills in what it is. */
function hidesEarlier(variable: NodeView, reference: string): boolean {
  const value = variable.field('value');
  if (variable.field('valueFrom').isPresent) return true;
  if (value.isAbsent) return true;
  const { text } = value;
  return text !== undefined && (text === reference || !text.includes(reference));
}
