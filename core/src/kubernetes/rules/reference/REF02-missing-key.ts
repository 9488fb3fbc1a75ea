import { renameTo } from '#core/kubernetes/rules/reference/REF01-misspelt-name.ts';
import type { WorkspaceRule } from '#core/lint/rules/rule.ts';
import { nearestName } from '#core/text/distance.ts';

export const missingKey: WorkspaceRule = {
  id: 'REF02',
  title: 'A ConfigMap or Secret does not have the key that is asked of it',
  severity: 'error',
  source:
    'kubelet 1.34: makeEnvironmentVariables (CreateContainerConfigError) and MakePayload of volumes (references non-existent config key)',
  fixable: true,
  refusedBy: 'nobody',
  why: `A container with a variable from a key that is not there stays in \`CreateContainerConfigError\`, and a pod whose volume lists such a key
stays in \`ContainerCreating\`. The API server says nothing, because it does not compare objects. Write \`optional: true\` where the key may be absent.`,
  subject: 'workspace',
  check: (object, workspace, report) => {
    for (const reference of workspace.self.occurrences) {
      const { symbol, role, target, owner, namespace, name, path, range } = reference;
      if (symbol !== 'key' || role !== 'reference' || reference.isOptional) continue;
      const holders = workspace.named(target, owner, namespace);
      const isSure = holders.every((holder) => holder.hasAllKeys && !workspace.isPatched(holder));
      if (holders.length === 0 || !isSure || !workspace.isCertain(target)) continue;
      if (holders.some(({ dataKeys }) => dataKeys.includes(name))) continue;
      const near = nearestName(
        name,
        holders.flatMap(({ dataKeys }) => dataKeys),
      );
      const guess = near === undefined ? '' : ` It has ${near}.`;
      report({
        at: object.root,
        path,
        range,
        cause: 'notFound',
        severity: reference.isNeededToStart ? 'error' : 'warning',
        message: `The ${target} ${owner} has no key "${name}".${guess}${reference.isNeededToStart ? ' The pods never start.' : ''}`,
        ...(near === undefined ? {} : { fixes: () => [renameTo(reference, near)] }),
        related: holders.map((holder) => ({ object: holder, message: `The ${target} ${owner}` })),
      });
    }
  },
};
