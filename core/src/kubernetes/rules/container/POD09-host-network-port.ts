import { portNumberProblem } from '#core/kubernetes/rules/container/portNumbers.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';

export const hostNetworkPort: PodRule = {
  id: 'POD09',
  title: 'A host port differs from its container port although the pod uses the network of the node',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validatePodHostNetworkDeps, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `With \`hostNetwork: true\` the container listens on the node itself: nothing stands between that could lead one port to another. Leave the
host port out, or write the same number.`,
  subject: 'pod',
  check: ({ containers, spec }, report) => {
    const hostNetwork = spec.field('hostNetwork');
    if (hostNetwork.boolean !== true) return;
    for (const { view } of containers.filter(({ list }) => list === 'containers')) {
      for (const port of view.field('ports').items) {
        const hostPort = port.field('hostPort');
        const [host, inside] = [hostPort.integer, port.field('containerPort').integer];
        if (host === undefined || inside === undefined || host === inside) continue;
        if (portNumberProblem(host) !== undefined || portNumberProblem(inside) !== undefined) continue;
        report({
          at: hostPort,
          cause: 'invalid',
          message: `The host port ${host} is not the container port ${inside}, as it must be with hostNetwork.`,
          related: [{ at: hostNetwork, message: 'The pod uses the network of the node' }],
        });
      }
    }
  },
};
