import type { PodRule } from '#core/lint/rules/rule.ts';

/** Fields of the pod that need the users of the node, and how the server prints them. */
const NEED_HOST_USERS: Readonly<Record<string, string>> = {
  hostNetwork: 'hostNetwork',
  hostPID: 'HostPID',
  hostIPC: 'HostIPC',
};

export const hostUsersFalse: PodRule = {
  id: 'POD37',
  title: 'hostUsers is false in a pod that shares a namespace of its node',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateHostUsers, 1.34',
  since: '1.33',
  fixable: false,
  refusedBy: 'server',
  why: `With hostUsers false the pod has users of its own, which are nobody on the node. That does not go together with the network,
processes or IPC of the node, nor with raw block devices, which cannot be given to other users.`,
  subject: 'pod',
  check: ({ spec, containers }, report) => {
    const hostUsers = spec.field('hostUsers');
    if (hostUsers.boolean !== false || spec.isOpen) return;
    const related = [{ at: hostUsers, message: 'hostUsers is false here' }];
    for (const [name, printed] of Object.entries(NEED_HOST_USERS)) {
      const at = spec.field(name);
      if (at.boolean !== true) continue;
      const message = `${name} is true, but hostUsers is false: a pod with users of its own cannot share it with the node.`;
      report({ at, path: `${spec.path}.${printed}`, cause: 'forbidden', message, related });
    }
    for (const { view } of containers) {
      const at = view.field('volumeDevices');
      if (at.items.length === 0) continue;
      const message = 'Block devices stand here, but hostUsers is false: they cannot be given to the users of the pod.';
      report({ at, cause: 'forbidden', message, related });
    }
  },
};
