import { apiVersionsV0, apiVersionsV3, Connection, ResponseError, type ConnectionOptions } from '@platformatic/kafka';
import {
  ClusterProblem,
  type Forward,
  type ForwardRequest,
  type KafkaAccess,
  type KafkaBrokerAddress,
} from '#core/live/ports.ts';
import type { KafkaApi, KafkaApis } from '#core/systems/kafka/admin.ts';
import { apis, type ApiRow } from '#client/cluster/kafka/apis.ts';
import { problemOf } from '#client/cluster/kafka/problems.ts';

/** Milliseconds. Connecting includes the login; over a tunnel through the API server each takes a few round trips. */
const CONNECT_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 20_000;
const LOOPBACK = '127.0.0.1';
const CLIENT_ID = 'data-clusters';

/** A connection to one broker, through a port of its pod, whatever it advertises. */
export interface Line {
  request<Api extends KafkaApi>(api: Api, request: KafkaApis[Api]['request']): Promise<KafkaApis[Api]['answer']>;
  readonly isOpen: boolean;
  close(): void;
}

export type OpenForward = (request: ForwardRequest) => Promise<Forward>;

/** @throws ClusterProblem */
export async function openLine(address: KafkaBrokerAddress, access: KafkaAccess, open: OpenForward): Promise<Line> {
  const { namespace, pod, port } = address;
  const forward = await open({ namespace, pod, port });
  // The listener on this side takes every connection; that the pod does not is told here.
  let ended: ClusterProblem | undefined;
  const watch = forward.onDidEnd((problem) => {
    ended = problem;
  });
  const who = `${pod}:${port}`;
  const connection = new Connection(CLIENT_ID, optionsFor(address, access));
  // The library tells of a lost connection by an event, which would end the process if nobody listened.
  connection.on('error', () => undefined);
  const close = (): void => {
    watch.stop();
    // At once: closing in order would wait for a broker that may never read again.
    socketOf(connection)?.destroy();
    forward.stop();
  };
  try {
    await dial(connection, forward.localPort);
    const offered = await offeredBy(connection);
    return {
      get isOpen() {
        return connection.isConnected();
      },
      request: (api, request) => ask(connection, offered, apis[api], request, { who, api, whyEnded: () => ended }),
      close,
    };
  } catch (error) {
    close();
    throw ended ?? problemOf(error, who);
  }
}

/** By callback: the promises of the library's own need a newer Node than the command line does. */
function dial(connection: Connection, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    void connection.connect(LOOPBACK, port, (error) => (error ? reject(error) : resolve()));
  });
}

/** Before it is connected there is none, though its type says so. */
function socketOf(connection: Connection): { destroy(): void } | undefined {
  return connection.socket;
}

function optionsFor({ nodeId }: KafkaBrokerAddress, { tls, credentials }: KafkaAccess): ConnectionOptions {
  return {
    connectTimeout: CONNECT_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    ...(tls
      ? {
          tls: {
            servername: tls.serverNameOf(nodeId),
            ...(tls.ca === undefined ? {} : { ca: tls.ca }),
            ...(tls.cert === undefined ? {} : { cert: tls.cert }),
            ...(tls.key === undefined ? {} : { key: tls.key }),
          },
        }
      : {}),
    ...(credentials ? { sasl: credentials } : {}),
  };
}

/** Lowest and highest version by the number of the request. */
type Offered = ReadonlyMap<number, readonly [lowest: number, highest: number]>;

/** Each broker is asked for itself: in the middle of an upgrade they differ. */
async function offeredBy(connection: Connection): Promise<Offered> {
  const { apiKeys } = await askVersions(connection);
  return new Map(apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, [minVersion, maxVersion]]));
}

/** Brokers before 2.4 answer a version they do not know with an error in the oldest form. */
async function askVersions(connection: Connection): Promise<{
  readonly apiKeys: readonly { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }[];
}> {
  try {
    return await apiVersionsV3.api.async(connection, CLIENT_ID, '1');
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    return apiVersionsV0.api.async(connection, CLIENT_ID, '1');
  }
}

async function ask<Request, Answer>(
  connection: Connection,
  offered: Offered,
  { key, versions }: ApiRow<Request, Answer>,
  request: Request,
  {
    who,
    api,
    whyEnded,
  }: { readonly who: string; readonly api: string; readonly whyEnded: () => ClusterProblem | undefined },
): Promise<Answer> {
  const [lowest, highest] = offered.get(key) ?? [1, 0];
  const version = versions.find((one) => one.version >= lowest && one.version <= highest);
  if (!version) {
    const known = versions.map((one) => one.version).join(', ');
    const reason =
      lowest > highest ? 'does not offer it' : `offers versions ${lowest} to ${highest}, and we know ${known}`;
    throw new ClusterProblem('absent', `${who} cannot be asked for ${api}: it ${reason}`);
  }
  try {
    return await version.ask(connection, request);
  } catch (error) {
    throw whyEnded() ?? problemOf(error, who);
  }
}
