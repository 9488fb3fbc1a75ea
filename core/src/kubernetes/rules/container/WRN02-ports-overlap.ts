import { servingContainers } from '#core/kubernetes/rules/container/containers.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

interface Port {
  readonly view: NodeView;
  readonly number: number;
  readonly protocol: string;
  readonly hostPort: number;
  readonly hostIP: string;
}

export const portsOverlap: PodRule = {
  id: 'WRN02',
  title: 'A port of the pod is declared twice, or has an address but no port of the node',
  severity: 'warning',
  source: 'k8s.io/kubernetes pkg/api/pod warnings of the API server, 1.34',
  fixable: false,
  refusedBy: 'nobody',
  why: `All containers of a pod share one network, so two that listen on one port cannot both run; most often the second is a copy. \`kubectl apply\`
merges ports by number and protocol and loses one of them. A \`hostIP\` means nothing without a \`hostPort\`.`,
  subject: 'pod',
  check: (pod, report) => {
    const seen: Port[] = [];
    const isOnHost = pod.spec.field('hostNetwork').boolean === true;
    for (const container of servingContainers(pod)) {
      for (const port of container.field('ports').items.flatMap((view) => readPort(view, isOnHost) ?? [])) {
        checkPort(port, seen, report);
        seen.push(port);
      }
    }
  },
};

function checkPort(port: Port, seen: readonly Port[], report: Report): void {
  const { view, hostIP, hostPort, number, protocol } = port;
  if (hostIP !== '' && hostPort === 0) {
    const message = `The address ${hostIP} has no effect, because this port has no hostPort.`;
    report({ at: view.field('hostIP'), path: view.path, cause: 'invalid', message });
  }
  const other = seen.find((earlier) => overlaps(port, earlier));
  if (!other) return;
  report({
    at: view.field('containerPort'),
    path: view.path,
    cause: 'duplicate',
    message: `Port ${number}/${protocol} ${describeClash(view, other.view)}.`,
    related: [{ at: other.view.field('containerPort'), message: 'It stands here first' }],
  });
}

function describeClash(one: NodeView, other: NodeView): string {
  return one.parent === other.parent
    ? 'stands twice in this container; kubectl apply keeps one of the two'
    : 'is declared by two containers of this pod; they share one network, so only one can listen on it';
}

/** Two of the same host port and address are an error already. */
function overlaps(a: Port, b: Port): boolean {
  if (a.number !== b.number || a.protocol !== b.protocol) return false;
  if (a.hostPort === 0 || b.hostPort === 0) return true;
  return a.hostPort === b.hostPort && a.hostIP !== b.hostIP && (a.hostIP === '' || b.hostIP === '');
}

/** On the network of the node every port is a host port. */
function readPort(view: NodeView, isOnHost: boolean): Port | undefined {
  const number = view.field('containerPort').integer;
  const protocol = view.field('protocol').text;
  const hostPort = view.field('hostPort').isAbsent ? 0 : view.field('hostPort').integer;
  const hostIP = view.field('hostIP').isAbsent ? '' : view.field('hostIP').text;
  if (number === undefined || protocol === undefined || hostPort === undefined || hostIP === undefined)
    return undefined;
  return { view, number, protocol: protocol || 'TCP', hostPort: hostPort || (isOnHost ? number : 0), hostIP };
}
