import { stopApiServer } from './apiServer.ts';
import { cutApi } from './apiConnection.ts';
import { pauseProcess, stopProcess } from './brokerProcess.ts';
import { fillDisk } from './disk.ts';
import type { Fault } from './fault.ts';
import { unpullableImage } from './image.ts';
import { stopKubelet } from './kubelet.ts';
import { partitionNode, slowNetwork } from './network.ts';
import { expireToken } from './token.ts';

/** Everything that can be made to go wrong, each with its way back. */
export const faults: readonly Fault[] = [
  stopProcess,
  pauseProcess,
  fillDisk,
  slowNetwork,
  partitionNode,
  stopKubelet,
  stopApiServer,
  cutApi,
  expireToken,
  unpullableImage,
];
