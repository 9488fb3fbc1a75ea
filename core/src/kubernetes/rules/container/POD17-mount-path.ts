import { isEmptyText } from '#core/kubernetes/rules/container/emptyText.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const mountPath: PodRule = {
  id: 'POD17',
  title: 'The path of a mount is empty or taken',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateVolumeMounts, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Two volumes cannot be mounted at one path of a container, nor a volume where a block device is. In a copied mount the path is what is most
often left unchanged.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) checkContainer(view, report);
  },
};

function checkContainer(container: NodeView, report: Report): void {
  const taken = new Map<string, { readonly at: NodeView; readonly message: string }>();
  for (const device of container.field('volumeDevices').items) {
    const at = device.field('devicePath');
    if (at.text !== undefined) taken.set(at.text, { at, message: 'A device is at this path' });
  }
  for (const mount of container.field('volumeMounts').items) {
    const path = mount.field('mountPath');
    const { text } = path;
    if (isEmptyText(path)) report({ at: path, cause: 'required', message: 'The path of this mount is empty.' });
    if (text === undefined || text === '') continue;
    const earlier = taken.get(text);
    if (!earlier) taken.set(text, { at: path, message: 'It is taken here first' });
    else {
      const message = `The path ${quoteText(text)} is taken already in this container.`;
      report({ at: path, cause: 'invalid', message, related: [earlier] });
    }
  }
}
