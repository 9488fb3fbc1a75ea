import { startControlPlane } from '../bed/native/controlPlane.ts';
import { stopProcess } from '../bed/native/processes.ts';
import type { Fault } from './fault.ts';

/** Whoever watches loses its watch; controllers and kubelets go on with what they know. */
export const stopApiServer: Fault = {
  name: 'stop-api-server',
  target: 'none',
  summary: 'ends the API server for everybody; undo starts it and whatever of the control plane ended with it',
  async apply({ cluster }) {
    await stopProcess(cluster, 'apiserver', 10);
    return {};
  },
  undo: ({ cluster }) => startControlPlane(cluster),
};
