import { isWhole, resourceEntries, type ResourceEntry } from '#core/kubernetes/rules/container/resourceLists.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { Fix } from '#core/lint/finding.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import { viewPod } from '#core/lint/rules/pods.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

const BYTES = ['memory', 'ephemeral-storage', 'storage'];

export const fractionalBytes: ObjectRule = {
  id: 'WRN03',
  title: 'An amount of memory or storage is a fraction of a byte',
  severity: 'warning',
  source: 'k8s.io/kubernetes pkg/api/pod and pkg/api/persistentvolumeclaim warnings of the API server, 1.34',
  fixable: true,
  refusedBy: 'nobody',
  why: `The suffix \`m\` is a thousandth: right for CPU, and a slip for bytes. \`512m\` of memory is half a byte, so the container is killed as soon as it
starts; what was meant is \`512M\` or \`512Mi\`.`,
  subject: 'object',
  check: (object, report) => {
    for (const { name, amount, written, view, path } of amountsOf(object)) {
      if (!BYTES.includes(name) || amount === undefined || isWhole(amount)) continue;
      report({
        at: view,
        path,
        cause: 'invalid',
        message: `${quoteText(written)} of ${name} is a fraction of a byte; ${describeUnit(written)}.`,
        fixes: () => suggestions(view),
      });
    }
  },
};

function describeUnit(written: string): string {
  return written.endsWith('m') ? '"m" is a thousandth, megabytes are "M" or "Mi"' : 'bytes are whole';
}

/** Amounts of the containers, and of the volumes that are claimed. */
function amountsOf(object: ObjectView): readonly ResourceEntry[] {
  const pod = viewPod(object);
  const isClaim = object.groupKind === '/PersistentVolumeClaim';
  return [
    ...(pod?.containers.flatMap(({ view }) => entriesOf(view)) ?? []),
    ...(pod?.claims.flatMap((claim) => entriesOf(claim.field('spec'), claim.path)) ?? []),
    ...(isClaim ? entriesOf(object.spec) : []),
  ];
}

/** The server's path to a claim template lacks its `spec`. */
function entriesOf(holder: NodeView, path = holder.path): readonly ResourceEntry[] {
  return ['limits', 'requests'].flatMap((list) =>
    resourceEntries(holder.at('resources', list)).map((entry) => ({
      ...entry,
      path: `${path}.resources.${list}[${entry.name}]`,
    })),
  );
}

/** Binary or decimal megabytes: only the author knows which. */
function suggestions({ content }: NodeView): readonly Fix[] {
  if (content?.kind !== 'scalar' || !/^\d+m$/.test(content.text)) return [];
  return ['Mi', 'M'].map((suffix) => {
    const text = content.text.replace(/m$/, suffix);
    return { ...replaceScalar(content, text, `Change to ${text}`), preferred: false };
  });
}
