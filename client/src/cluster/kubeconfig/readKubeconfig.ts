import path from 'node:path';
import { parse } from 'yaml';
import type { JsonObject } from '#core/live/ports.ts';
import type { ClusterEntry, ContextEntry, ExecEntry, ImpersonationEntry, Kubeconfig, UserEntry } from './entries.ts';
import { isObject, listAt, objectAt, textAt, textsAt } from '../json.ts';

/** Where a cluster's settings for login plugins are kept, by convention of the client libraries. */
const execExtension = 'client.authentication.k8s.io/exec';

/**
 * One file's text as entries. Entries without a name are left out, of equal names the first one counts, and files that
 * are named relatively lie beside this one.
 * @throws an Error whose message is one sentence when the text is no kubeconfig
 */
export function readKubeconfig(text: string, file: string): Kubeconfig {
  const content = parseText(text);
  const at = (name: string): string => path.resolve(path.dirname(file), name);
  return {
    current: textAt(content, 'current-context'),
    contexts: namedEntries(content, 'contexts', 'context', readContext),
    clusters: namedEntries(content, 'clusters', 'cluster', (entry) => readCluster(entry, at)),
    users: namedEntries(content, 'users', 'user', (entry) => readUser(entry, at)),
    problems: [],
  };
}

function parseText(text: string): JsonObject {
  let content: unknown;
  try {
    content = parse(text, { logLevel: 'silent', uniqueKeys: false, maxAliasCount: 100 });
  } catch (error) {
    throw new Error(`It is no YAML: ${firstLine(error)}`, { cause: error });
  }
  if (content === null || content === undefined) return {};
  if (!isObject(content)) throw new Error('It holds no kubeconfig.');
  return content;
}

/** Without the excerpt that follows, which may show a token. */
const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.replace(/:$/, '.') ?? '';

function namedEntries<T>(
  content: JsonObject,
  list: string,
  inner: string,
  readEntry: (entry: JsonObject) => T,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const one of listAt(content, list)) {
    const name = textAt(one, 'name');
    if (name !== undefined && !found.has(name)) found.set(name, readEntry(objectAt(one, inner)));
  }
  return found;
}

const readContext = (entry: JsonObject): ContextEntry => ({
  cluster: textAt(entry, 'cluster') ?? '',
  user: textAt(entry, 'user') ?? '',
  namespace: textAt(entry, 'namespace') ?? 'default',
});

function readCluster(entry: JsonObject, at: (name: string) => string): ClusterEntry {
  const extension = listAt(entry, 'extensions').find((one) => textAt(one, 'name') === execExtension);
  return {
    server: (textAt(entry, 'server') ?? '').replace(/\/+$/, ''),
    isInsecure: entry['insecure-skip-tls-verify'] === true,
    refusesCompression: entry['disable-compression'] === true,
    ...optional('caData', textAt(entry, 'certificate-authority-data')),
    ...optional('caFile', mapped(textAt(entry, 'certificate-authority'), at)),
    ...optional('serverName', textAt(entry, 'tls-server-name')),
    ...optional('proxyUrl', textAt(entry, 'proxy-url')),
    ...optional('execConfig', isObject(extension) ? extension['extension'] : undefined),
  };
}

function readUser(entry: JsonObject, at: (name: string) => string): UserEntry {
  const provider = objectAt(entry, 'auth-provider');
  const providerName = textAt(provider, 'name');
  return {
    ...optional('certData', textAt(entry, 'client-certificate-data')),
    ...optional('certFile', mapped(textAt(entry, 'client-certificate'), at)),
    ...optional('keyData', textAt(entry, 'client-key-data')),
    ...optional('keyFile', mapped(textAt(entry, 'client-key'), at)),
    ...optional('token', textAt(entry, 'token')),
    ...optional('tokenFile', mapped(textAt(entry, 'tokenFile'), at)),
    ...optional('username', textAt(entry, 'username')),
    ...optional('password', textAt(entry, 'password')),
    ...optional('impersonation', readImpersonation(entry)),
    ...optional('exec', readExec(objectAt(entry, 'exec'), at)),
    ...optional(
      'authProvider',
      mapped(providerName, (name) => ({ name, config: textMap(objectAt(provider, 'config')) })),
    ),
  };
}

function readImpersonation(entry: JsonObject): ImpersonationEntry | undefined {
  const user = textAt(entry, 'as');
  if (user === undefined) return undefined;
  const extra = objectAt(entry, 'as-user-extra');
  return {
    user,
    groups: textsAt(entry, 'as-groups'),
    extra: Object.fromEntries(Object.keys(extra).map((key) => [key, textsAt(extra, key)])),
    ...optional('uid', textAt(entry, 'as-uid')),
  };
}

/** A command with a path in it lies beside the file; a bare name is looked for on the PATH. */
function readExec(entry: JsonObject, at: (name: string) => string): ExecEntry | undefined {
  const command = textAt(entry, 'command');
  if (command === undefined) return undefined;
  const variables = listAt(entry, 'env').flatMap((one) => {
    const name = textAt(one, 'name');
    return name === undefined ? [] : [[name, textAt(one, 'value') ?? ''] as const];
  });
  return {
    apiVersion: textAt(entry, 'apiVersion') ?? '',
    command: /[\\/]/.test(command) ? at(command) : command,
    args: textsAt(entry, 'args'),
    env: Object.fromEntries(variables),
    wantsClusterInfo: entry['provideClusterInfo'] === true,
    interactiveMode: textAt(entry, 'interactiveMode') ?? 'IfAvailable',
    ...optional('installHint', textAt(entry, 'installHint')),
  };
}

const textMap = (value: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : [])));

const mapped = <T, R>(value: T | undefined, map: (value: T) => R): R | undefined =>
  value === undefined ? undefined : map(value);

const optional = <K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> => {
  const found: Partial<Record<K, T>> = {};
  if (value !== undefined) found[key] = value;
  return found;
};
