import { ClusterProblem, type Clock } from '#core/live/ports.ts';
import type { Log } from '#core/ports.ts';
import type { ClusterEntry, ExecEntry } from '../kubeconfig/entries.ts';
import { withoutSecrets } from '../plainText.ts';
import { execInfo, readExecCredential, whyNotRunnable, type IssuedCredential } from './execCredential.ts';
import { pluginProblem, runPlugin } from './runPlugin.ts';

/** A credential that expires this soon is not used for another request. */
const marginMs = 5_000;
/** A new credential is used this long whatever its expiry says: then the clock of this machine is wrong, not the plugin. */
const leastUseMs = 60_000;
/** Requests within this time share a failure, so that one refusal is not followed by one prompt for each of them. */
const failureLastsMs = 5_000;

/** A login by plugin, shared by all requests and all contexts of one identity. */
export interface PluginLogin {
  current(): Promise<IssuedCredential>;
  /**
   * Logs in again unless that was done since, or so shortly ago that once more would not help.
   * @param refused the header, or the certificate, that the server has refused
   * @returns whether there may be another credential now
   */
  renew(refused: string): Promise<boolean>;
}

export interface PluginOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onLoginMessage: (user: string, text: string) => void;
}

export interface PluginIdentity {
  readonly user: string;
  readonly entry: ExecEntry;
  readonly cluster: ClusterEntry;
  /** Of the cluster, for plugins that want to know it. */
  readonly caPem: () => Promise<string | undefined>;
}

/** The plugins of one directory; equal identities get the same login. */
export function createPluginLogins(options: PluginOptions): (identity: PluginIdentity) => PluginLogin {
  const logins = new Map<string, PluginLogin>();
  return (identity) => {
    const { user, entry, cluster } = identity;
    const key = JSON.stringify([user, entry, entry.wantsClusterInfo ? cluster : undefined]);
    const known = logins.get(key) ?? createPluginLogin(identity, options);
    logins.set(key, known);
    return known;
  };
}

function createPluginLogin(identity: PluginIdentity, options: PluginOptions): PluginLogin {
  const { clock } = options;
  let issued: (IssuedCredential & { readonly since: number }) | undefined;
  let failure: { readonly problem: ClusterProblem; readonly since: number } | undefined;
  let running: Promise<IssuedCredential> | undefined;
  let renewedAt: number | undefined;

  const isUsable = (credential: NonNullable<typeof issued>): boolean =>
    credential.expiry === undefined ||
    credential.expiry - marginMs > clock.now() ||
    isWithin(clock, credential.since, leastUseMs);

  const login = async (): Promise<IssuedCredential> => {
    try {
      issued = { ...(await issue(identity, options)), since: clock.now() };
      failure = undefined;
      return issued;
    } catch (error) {
      if (error instanceof ClusterProblem) failure = { problem: error, since: clock.now() };
      throw error;
    } finally {
      running = undefined;
    }
  };

  const current = (): Promise<IssuedCredential> => {
    if (running !== undefined) return running;
    if (issued !== undefined && isUsable(issued)) return Promise.resolve(issued);
    if (failure !== undefined && isWithin(clock, failure.since, failureLastsMs)) return Promise.reject(failure.problem);
    running = login();
    return running;
  };

  return {
    current,
    async renew(refused) {
      if (issued !== undefined && isCarriedBy(issued, refused)) {
        if (renewedAt !== undefined && isWithin(clock, renewedAt, leastUseMs)) return false;
        renewedAt = clock.now();
        issued = undefined;
      }
      await current();
      return true;
    },
  };
}

/** Also right when the clock of the machine was set back meanwhile. */
const isWithin = (clock: Clock, since: number, milliseconds: number): boolean =>
  Math.abs(clock.now() - since) < milliseconds;

const isCarriedBy = ({ token, cert }: IssuedCredential, refused: string): boolean =>
  refused === (token === undefined ? cert : `Bearer ${token}`);

async function issue(
  { user, entry, cluster, caPem }: PluginIdentity,
  options: PluginOptions,
): Promise<IssuedCredential> {
  const reason = whyNotRunnable(entry);
  if (reason !== undefined) throw pluginProblem({ user, entry }, reason, '');
  const info = execInfo(entry, cluster, entry.wantsClusterInfo ? await caPem() : undefined);
  options.log.info(`Logging in as ${user} with the plugin ${entry.command}.`);
  const output = await runPlugin({
    user,
    entry,
    environment: { ...options.environment, ...entry.env, KUBERNETES_EXEC_INFO: info },
    timeoutMs: options.timeoutMs,
    clock: options.clock,
    signal: options.signal,
    onMessage: (text) => {
      options.log.info(`The login plugin ${entry.command} says: ${withoutSecrets(text)}`);
      options.onLoginMessage(user, text);
    },
  });
  const credential = readExecCredential(output, entry);
  if (typeof credential === 'string') throw pluginProblem({ user, entry }, credential, '');
  return credential;
}
