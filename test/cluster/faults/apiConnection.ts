import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { inCluster, kubeconfigOf, type Cluster } from '../bed/cluster.ts';
import { until } from '../bed/commands.ts';
import { asArray, asObject, parseJsonObject, type Json } from '../bed/json.ts';
import { runningPid, startProcess } from '../bed/native/processes.ts';
import type { Fault } from './fault.ts';

const processName = 'api-proxy';
const portFile = (cluster: Cluster): string => inCluster(cluster, 'faults', 'api-proxy.port');
const controlSocket = (cluster: Cluster): string => inCluster(cluster, 'faults', 'api-proxy.socket');

/** For clients whose connection is to be cut: as the cluster's own, but by way of the proxy. */
const proxiedKubeconfig = (cluster: Cluster): string => inCluster(cluster, 'faults', 'cut-api.kubeconfig');

/** Cuts clients off from an API server that goes on serving everybody else, as a lost VPN does. */
export const cutApi: Fault = {
  name: 'cut-api',
  target: 'none',
  summary:
    'cuts the connection of clients that use the kubeconfig of api-proxy; --mode hang (default) or reset; --seconds N restores by itself',
  async apply({ cluster }, _, { seconds, mode = 'hang' }) {
    if (mode !== 'hang' && mode !== 'reset') throw new Error('--mode is hang or reset.');
    await ensureApiProxy(cluster);
    await order(cluster, `cut ${mode}`);
    if (seconds === undefined) return { kubeconfig: proxiedKubeconfig(cluster) };
    await sleep(seconds * 1000);
    await order(cluster, 'restore');
    return undefined;
  },
  undo: ({ cluster }) => order(cluster, 'restore'),
};

/** Starts the proxy, unless it runs, and writes the kubeconfig that goes through it. `down` ends it with the bed. */
export async function ensureApiProxy(cluster: Cluster): Promise<string> {
  const file = proxiedKubeconfig(cluster);
  if (runningPid(cluster, processName) !== undefined && existsSync(file)) return file;
  await mkdir(path.dirname(file), { recursive: true });
  await rm(portFile(cluster), { force: true });
  const script = path.join(import.meta.dirname, 'apiProxy.ts');
  const api = [cluster.host, String(cluster.apiPort)];
  startProcess(cluster, processName, process.execPath, [script, portFile(cluster), controlSocket(cluster), ...api]);
  const port = await until('the proxy to listen', 15, async () => readPort(cluster), 50);
  await writeProxiedKubeconfig(cluster, port);
  return file;
}

async function readPort(cluster: Cluster): Promise<number | undefined> {
  const text = await readFile(portFile(cluster), 'utf8').catch(() => '');
  return text === '' ? undefined : Number(text);
}

async function writeProxiedKubeconfig(cluster: Cluster, port: number): Promise<void> {
  const configuration = parseJsonObject(await readFile(kubeconfigOf(cluster), 'utf8'));
  const through = (one: Json): Json => ({
    ...asObject(one),
    // The certificate is for the server's own address.
    cluster: {
      ...asObject(asObject(one)['cluster']),
      server: `https://127.0.0.1:${port}`,
      'tls-server-name': cluster.host,
    },
  });
  const clusters = asArray(configuration['clusters']).map(through);
  await writeFile(proxiedKubeconfig(cluster), JSON.stringify({ ...configuration, clusters }), { mode: 0o600 });
}

async function order(cluster: Cluster, text: string): Promise<void> {
  const socket = connect(controlSocket(cluster));
  try {
    socket.write(`${text}\n`);
    await once(socket, 'data', { signal: AbortSignal.timeout(5000) });
  } finally {
    socket.destroy();
  }
}
