import { misspeltName } from '#core/kubernetes/rules/reference/nearNames.ts';
import type { Fix } from '#core/lint/finding.ts';
import type { WorkspaceRule } from '#core/lint/rules/rule.ts';
import type { Occurrence } from '#core/workspace/facts.ts';
import { mayBeTarget } from '#core/workspace/referenceTable.ts';
import type { WorkspaceView } from '#core/workspace/view.ts';

/** Objects whose controller makes another one of their own name. */
const MAKERS: Readonly<Record<string, readonly string[]>> = {
  Secret: ['SealedSecret', 'ExternalSecret', 'KafkaUser', 'Certificate', 'VaultStaticSecret', 'OnePasswordItem'],
};

export const misspeltReference: WorkspaceRule = {
  id: 'REF01',
  title: 'A name that does not exist is almost that of an object that does',
  severity: 'warning',
  source: 'the manifests of the workspace',
  fixable: true,
  refusedBy: 'nobody',
  why: `A reference is a name and nothing more, so the API server accepts any. Whether it leads anywhere shows when the pod hangs in
\`ContainerCreating\` or \`CreateContainerConfigError\`. Objects outside the workspace are not known here, therefore only names are reported
that differ by a slip of the keyboard from one that exists.`,
  subject: 'workspace',
  check: (object, workspace, report) => {
    for (const reference of workspace.self.occurrences) {
      if (reference.symbol !== 'object' || reference.role !== 'reference' || reference.path === '') continue;
      const found = findMeant(reference, workspace);
      if (!found) continue;
      const { target, name, path, range, isNeededToStart, isOptional } = reference;
      const waits = isNeededToStart && !isOptional ? ' Pods do not start without it.' : '';
      report({
        at: object.root,
        path,
        range,
        cause: 'notFound',
        message: `There is no ${target} "${name}" in the workspace, but a ${target} "${found.name}".${waits}`,
        fixes: () => [renameTo(reference, found.name)],
        related: [{ object: found, message: `The ${target} ${found.name}` }],
      });
    }
  },
};

function findMeant({ target, name, namespace }: Occurrence, workspace: WorkspaceView) {
  if (workspace.exists(target, name, namespace) || !workspace.isCertain(target)) return undefined;
  if (MAKERS[target]?.some((kind) => workspace.exists(kind, name, namespace))) return undefined;
  const candidates = workspace.ofKind(target).filter(({ group }) => mayBeTarget(target, group));
  const meant = misspeltName(
    name,
    candidates.map((object) => object.name),
  );
  return candidates.find((object) => object.name === meant);
}

/** Whether that one was meant is for the writer to say. */
export function renameTo({ range }: Pick<Occurrence, 'range'>, name: string): Fix {
  return { title: `Change to ${name}`, preferred: false, edits: [{ range, newText: name }] };
}
