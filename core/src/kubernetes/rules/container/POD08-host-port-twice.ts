import { portNumberProblem } from '#core/kubernetes/rules/container/portNumbers.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

interface HostPort {
  readonly view: NodeView;
  /** As the server names it: `TCP/10.0.0.1/9042`. */
  readonly name: string;
  readonly number: number;
  /** Whether it comes from \`hostNetwork\`; in a template the server fills it in only when it makes the pod. */
  readonly isDerived: boolean;
}

export const hostPortTwice: PodRule = {
  id: 'POD08',
  title: 'Two ports of a pod want the same port of the node',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation checkHostPortConflicts, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A port of the node can be bound once for each protocol and address. With \`hostNetwork\` every container port is a port of the node. Init
containers run one by one, so only ports of the same one can clash.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const group of portGroups(pod)) {
      const taken = new Map<string, HostPort>();
      for (const port of group) {
        const earlier = taken.get(port.name);
        if (!earlier) taken.set(port.name, port);
        else {
          report({
            at: port.view,
            cause: 'duplicate',
            message: `Port ${port.number} of the node is taken by two ports of this pod.`,
            ...(pod.isTemplate && (port.isDerived || earlier.isDerived) ? { refused: 'later' } : {}),
            related: [{ at: earlier.view, message: 'It is taken here first' }],
          });
        }
      }
    }
  },
};

/** Host ports of which no two may be the same. */
function portGroups({ containers, spec }: PodView): readonly (readonly HostPort[])[] {
  const isOnHost = spec.field('hostNetwork').boolean === true;
  const portsOf = (view: NodeView): readonly HostPort[] =>
    view.field('ports').items.flatMap((port) => readHostPort(port, isOnHost) ?? []);
  return [
    ...containers.filter(({ list }) => list === 'initContainers').map(({ view }) => portsOf(view)),
    containers.filter(({ list }) => list === 'containers').flatMap(({ view }) => portsOf(view)),
  ];
}

function readHostPort(port: NodeView, isOnHost: boolean): HostPort | undefined {
  const view = port.field('hostPort');
  const isDerived = view.isAbsent || view.integer === 0;
  const number = isDerived ? (isOnHost ? port.field('containerPort').integer : undefined) : view.integer;
  if (number === undefined || portNumberProblem(number) !== undefined) return undefined;
  const protocol = port.field('protocol').text;
  const address = port.field('hostIP').isAbsent ? '' : port.field('hostIP').text;
  if (protocol === undefined || address === undefined) return undefined;
  return { view, name: `${protocol || 'TCP'}/${address}/${number}`, number, isDerived };
}
