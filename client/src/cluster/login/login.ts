import { readFile } from 'node:fs/promises';
import { ClusterProblem } from '#core/live/ports.ts';
import type { ImpersonationEntry, UserEntry } from '../kubeconfig/entries.ts';
import { codeOf } from '../kubeconfig/loadKubeconfig.ts';
import type { Credential, Login } from './credential.ts';
import type { PluginLogin } from './pluginLogin.ts';
import { readOidcToken } from './oidcToken.ts';

/**
 * The login of one entry under `users`. Of several ways in one entry the first counts: token, password, plugin; a client
 * certificate goes with any of them. Files are read again for every request, because somebody else renews them.
 */
export function createLogin(name: string, user: UserEntry, plugin: PluginLogin | undefined, now: () => number): Login {
  const stored = hasOwnSecret(user) ? undefined : plugin;
  return {
    current: () => readCredential(name, user, stored, now),
    async renew(refused) {
      if (stored !== undefined && !(await stored.renew(authorizationOf(refused)))) return undefined;
      const fresh = await readCredential(name, user, stored, now);
      return isSame(fresh, refused) ? undefined : fresh;
    },
  };
}

const hasOwnSecret = ({ token, tokenFile, username }: UserEntry): boolean =>
  token !== undefined || tokenFile !== undefined || username !== undefined;

async function readCredential(
  name: string,
  user: UserEntry,
  plugin: PluginLogin | undefined,
  now: () => number,
): Promise<Credential> {
  const issued = await plugin?.current();
  const token = issued?.token ?? (await tokenOf(name, user, now));
  const cert = issued?.cert ?? (await pemOf(name, user.certData, user.certFile));
  const key = issued?.key ?? (await pemOf(name, user.keyData, user.keyFile));
  const authorization = token === undefined ? basicOf(user) : `Bearer ${token}`;
  return {
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(user.impersonation === undefined ? {} : impersonationHeaders(user.impersonation)),
    },
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}

async function tokenOf(name: string, user: UserEntry, now: () => number): Promise<string | undefined> {
  if (user.tokenFile !== undefined) return (await readLoginFile(name, user.tokenFile)).trim();
  if (user.token !== undefined) return user.token;
  if (user.username !== undefined || user.authProvider === undefined) return undefined;
  return readOidcToken(name, user.authProvider, now());
}

async function pemOf(name: string, data: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  return file === undefined ? undefined : readLoginFile(name, file);
}

async function readLoginFile(name: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'it is not there' : `it cannot be read (${codeOf(error) ?? 'unknown'})`;
    throw new ClusterProblem(
      'login',
      `The user ${name} logs in with the file ${file}, and ${why}. Log in again, or correct the path in the kubeconfig.`,
      { cause: error },
    );
  }
}

function basicOf({ username, password }: UserEntry): string | undefined {
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}

function impersonationHeaders({ user, uid, groups, extra }: ImpersonationEntry): Credential['headers'] {
  const headers: Record<string, string | string[]> = { 'impersonate-user': user };
  if (uid !== undefined) headers['impersonate-uid'] = uid;
  if (groups.length > 0) headers['impersonate-group'] = [...groups];
  for (const [key, values] of Object.entries(extra)) {
    headers[`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`] = [...values];
  }
  return headers;
}

const authorizationOf = ({ headers, cert }: Credential): string => {
  const value = headers['authorization'];
  return typeof value === 'string' ? value : (cert ?? '');
};

const isSame = (one: Credential, other: Credential): boolean =>
  authorizationOf(one) === authorizationOf(other) && one.cert === other.cert;
