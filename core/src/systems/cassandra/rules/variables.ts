import type { NodeView } from '#core/lint/rules/view.ts';

/** The entry of a container's environment with that name; of several the last counts. */
export function findVariable(container: NodeView, name: string): NodeView | undefined {
  return container.field('env').items.findLast((variable) => variable.field('name').text === name);
}

/** The value of a variable as written; undefined when it is absent, comes from elsewhere or refers to other variables. */
export function variableText(container: NodeView, name: string): string | undefined {
  const text = findVariable(container, name)?.field('value').text;
  return text?.includes('$(') ? undefined : text;
}

/** Whether it is certain that a variable is not set. */
export function lacksVariable(container: NodeView, name: string): boolean {
  const env = container.field('env');
  if (container.isOpen || env.isOpen || env.isUnknown || container.field('envFrom').items.length > 0) return false;
  return env.items.every((variable) => {
    const { text } = variable.field('name');
    return text !== undefined && text !== name;
  });
}

/** Whether a variable is the address of the pod. */
export function isOwnAddress(container: NodeView, name: string): boolean {
  const path = findVariable(container, name)?.at('valueFrom', 'fieldRef', 'fieldPath').text;
  return path === 'status.podIP' || path === 'status.podIPs';
}
