import type { Clock, DirectoryOptions } from '#core/live/ports.ts';
import { openCluster, type OpenCluster } from './api/cluster.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { createHelmPort } from './helm/helmPort.ts';
import { kubeconfigPaths } from './kubeconfig/kubeconfigPaths.ts';
import type { ResolvedContext } from './kubeconfig/summaries.ts';
import type { Credential, Login } from './login/credential.ts';
import { explainRefusal } from './login/explainRefusal.ts';
import { createLogin } from './login/login.ts';
import { createPluginLogins } from './login/pluginLogin.ts';
import { authoritiesOf, ownAuthority } from './transport/authorities.ts';
import type { ConnectPlan } from './transport/connect.ts';
import { createPools } from './transport/pool.ts';
import { proxyTo } from './transport/proxies.ts';
import { createTransport } from './transport/transport.ts';

/** Somebody may have to use a browser meanwhile. */
const usualLoginMs = 120_000;
const connectTimeoutMs = 15_000;
const requestTimeoutMs = 30_000;

/** Makes what a context stands for: a login and a connection. */
export interface Connections {
  connect(context: ResolvedContext, disposed: () => void): OpenCluster;
  loginOf(context: ResolvedContext): Login;
}

export function createConnections(options: DirectoryOptions, clock: Clock, signal: AbortSignal): Connections {
  const { environment, log } = options;
  const pluginOf = createPluginLogins({
    environment,
    clock,
    log,
    signal,
    timeoutMs: options.execTimeoutMs ?? usualLoginMs,
    onLoginMessage: options.onLoginMessage ?? (() => undefined),
  });
  const loginOf = ({ userName, user, cluster }: ResolvedContext): Login => {
    const { exec } = user;
    const caPem = (): Promise<string | undefined> => ownAuthority(cluster);
    const plugin = exec === undefined ? undefined : pluginOf({ user: userName, entry: exec, cluster, caPem });
    return createLogin(userName, user, plugin, () => clock.now());
  };
  return {
    loginOf,
    connect(context, disposed) {
      const { summary, cluster } = context;
      const server = new URL(cluster.server);
      const transport = createTransport({
        server,
        pools: createPools(server, (credential) => planOf(context, credential, environment)),
        login: loginOf(context),
        clock,
        requestTimeoutMs,
        acceptsCompression: !cluster.refusesCompression,
        explainRefusal: (credential) => explainRefusal(credential, clock.now()),
      });
      const chance = options.chance ?? Math.random;
      const kubeconfigs = (): readonly string[] => kubeconfigPaths(options.kubeconfigPaths(), environment);
      const helm = createHelmPort({ context: summary.name, kubeconfigs, environment, clock });
      return openCluster({ context: summary, transport, clock, chance, log, helm }, disposed);
    },
  };
}

async function planOf(
  { cluster }: ResolvedContext,
  { cert, key }: Credential,
  environment: DirectoryOptions['environment'],
): Promise<ConnectPlan> {
  const server = new URL(cluster.server);
  return {
    server,
    proxy: chooseProxy(server, cluster.proxyUrl, environment),
    timeoutMs: connectTimeoutMs,
    tls: {
      ca: cluster.isInsecure || server.protocol !== 'https:' ? undefined : await authoritiesOf(cluster),
      isInsecure: cluster.isInsecure,
      ...(cluster.serverName === undefined ? {} : { serverName: cluster.serverName }),
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
    },
  };
}

function chooseProxy(
  server: URL,
  configured: string | undefined,
  environment: DirectoryOptions['environment'],
): URL | undefined {
  try {
    return proxyTo(server, configured, environment);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ClusterProblem(
      'configuration',
      `The proxy for ${server.host} cannot be used. ${why} Correct its address.`,
      {
        cause: error,
      },
    );
  }
}
