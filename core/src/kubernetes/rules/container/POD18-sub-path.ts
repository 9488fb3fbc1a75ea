import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const subPath: PodRule = {
  id: 'POD18',
  title: 'A subPath leads out of its volume, or there are two',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateVolumeMounts, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A \`subPath\` is a path inside the volume, so it is relative and has no \`..\` in it. It is either written out or, as \`subPathExpr\`, made of
environment variables.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      const mounts = view.field('volumeMounts');
      for (const mount of mounts.items) {
        const [path, expression] = [mount.field('subPath'), mount.field('subPathExpr')];
        checkPath(path, `${mounts.path}.subPath`, report);
        checkPath(expression, `${mounts.path}.subPathExpr`, report);
        if (!path.text || !expression.text) continue;
        const message = 'This mount has subPath and subPathExpr; only one can hold.';
        report({ at: expression, cause: 'invalid', message, related: [{ at: path, message: 'The other one' }] });
      }
    }
  },
};

function checkPath(view: NodeView, path: string, report: Report): void {
  const { text, content } = view;
  if (text === undefined) return;
  const name = `The ${String(view.step)} ${quoteText(text)}`;
  const relative = text.replace(/^\/+/, '');
  if (text.split('/').includes('..')) {
    report({ at: view, path, cause: 'invalid', message: `${name} must not contain "..".` });
  } else if (text.startsWith('/')) {
    const fixes = () =>
      content?.kind === 'scalar' && relative !== '' ? [replaceScalar(content, relative, `Change to ${relative}`)] : [];
    report({ at: view, path, cause: 'invalid', message: `${name} must not begin with "/".`, fixes });
  }
}
