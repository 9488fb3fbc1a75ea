import { checkDnsLabel } from '#core/kubernetes/names.ts';
import { reportMalformed } from '#core/kubernetes/rules/fields.ts';
import type { Fix } from '#core/lint/finding.ts';
import { removeEntry } from '#core/lint/fixes/edits.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

export const namespace: ObjectRule = {
  id: 'META03',
  title: 'A namespace is malformed, or given to what has none',
  severity: 'error',
  source: 'k8s.io/apiserver pkg/registry/rest EnsureObjectNamespaceMatchesRequestNamespace, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A namespace is a DNS label, because it is part of the DNS names of Services. With another text no namespace of that name can exist, and
the server answers that it is not found. Objects of cluster-wide kinds have no namespace: the server drops it without a word, and two
such objects that differ in it only are one.`,
  subject: 'object',
  check: ({ kind, metadata, text }, report) => {
    const view = metadata.field('namespace');
    if (kind.scope === 'Namespaced') reportMalformed(view, 'namespace', checkDnsLabel, report);
    else if (view.isPresent && view.text !== '') {
      report({
        at: view,
        severity: 'hint',
        cause: 'forbidden',
        message: `A ${kind.kind} belongs to the whole cluster; the API server drops its namespace.`,
        fixes: () => removal(metadata, view, text),
      });
    }
  },
};

/** Only where the namespace is written in this very object: an anchor may serve others too. */
function removal(metadata: NodeView, { entry }: NodeView, text: string): readonly Fix[] {
  const { written } = metadata;
  if (!entry || written?.kind !== 'map' || !written.entries.includes(entry)) return [];
  const fix = removeEntry(text, entry, 'Remove the namespace');
  return fix ? [fix] : [];
}
