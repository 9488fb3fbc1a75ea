import { kubectl, type Access } from '../../bed/kubectl.ts';

/** What makes a node ready for Kubernetes; everything else of the sample stays as it is, its preStop drain too. */
interface Probe {
  readonly title: string;
  readonly startupProbe: object | null;
  readonly readinessProbe: object | null;
}

const port = { tcpSocket: { port: 'cql' } };

/** By the names that the command line has for them. */
const probes = {
  /** As the sample has it: CQL is open. The bed asks more often until the first answer. */
  tcp: {
    title: 'TCP probe',
    startupProbe: { ...port, periodSeconds: 2, failureThreshold: 300 },
    readinessProbe: { ...port, periodSeconds: 10, timeoutSeconds: 5 },
  },
  /** As the tutorial of Kubernetes has it: the node calls itself up and normal. It is asked for what it says of its own address. */
  'own-status': {
    title: "tutorial's probe",
    startupProbe: null,
    readinessProbe: {
      exec: { command: ['sh', '-c', 'nodetool status | grep -F " $POD_IP " | grep -q "^UN"'] },
      initialDelaySeconds: 15,
      timeoutSeconds: 5,
      periodSeconds: 10,
    },
  },
  /** Ready as soon as its process runs. */
  none: { title: 'no probe', startupProbe: null, readinessProbe: null },
} as const satisfies Record<string, Probe>;

export type ProbeName = keyof typeof probes;

export const probeNames: readonly ProbeName[] = ['tcp', 'own-status', 'none'];
export const isProbe = (name: string): name is ProbeName => Object.hasOwn(probes, name);
export const probeTitle = (name: ProbeName): string => probes[name].title;

/** Changes the template of the bed's ring; where that changes anything, Kubernetes restarts its nodes one after the other. */
export async function setProbe(access: Access, name: ProbeName): Promise<void> {
  const patch = ['patch', 'statefulset', 'cassandra', '--type=json', '-p', JSON.stringify(patchFor(name))];
  await kubectl(access, ['-n', 'cassandra', ...patch]);
}

/** As a JSON patch, which puts each probe in the place of the one before as a whole; null takes it away. */
export function patchFor(name: ProbeName): readonly object[] {
  const { startupProbe, readinessProbe }: Probe = probes[name];
  const container = '/spec/template/spec/containers/0';
  return [
    { op: 'test', path: `${container}/name`, value: 'cassandra' },
    { op: 'add', path: `${container}/startupProbe`, value: startupProbe },
    { op: 'add', path: `${container}/readinessProbe`, value: readinessProbe },
  ];
}
