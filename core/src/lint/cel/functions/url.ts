import { AbstainError, ConditionError } from '#core/lint/cel/abstain.ts';
import type { FunctionTable } from '#core/lint/cel/functions/registration.ts';

/** An absolute URI or an absolute path, in the parts that conditions ask for. */
export class UrlValue {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(scheme: string, host: string, path: string, query: string) {
    this.scheme = scheme;
    this.host = host;
    this.path = path;
    this.query = query;
  }
}

const URL_PARTS = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/s;
const HOST = /^(?:[^@]*@)?((?:\[[^\]]*\]|[^:[\]]*)(?::\d*)?)$/;

/** As Go's url.ParseRequestURI: a fragment belongs to the path. What it would have to escape is left alone. */
function readUrl(text: string): UrlValue | undefined {
  if (text === '' || /[\0-\x1f\x7f]/.test(text) || /%(?![\da-fA-F]{2})/.test(text)) return undefined;
  const [, scheme = '', authority, path = '', query = ''] = URL_PARTS.exec(text) ?? [];
  if (scheme === '' && (!text.startsWith('/') || authority !== undefined)) return abstainOn(text);
  const host = authority === undefined ? '' : HOST.exec(authority)?.[1];
  if (host === undefined || /[ <>"\\^`{|}]/.test(host)) return undefined;
  if (!/^[\x21-\x7e]*$/.test(text) || /["<>\\^`{|}#%]/.test(path) || host.includes('%'))
    throw new AbstainError('a URL to escape');
  return new UrlValue(scheme.toLowerCase(), host, path, query);
}

/** A path of two slashes is a host to some releases of Go and a path to others. */
function abstainOn(text: string): undefined {
  if (text.startsWith('//')) throw new AbstainError('a path of two slashes');
}

function parse(text: string): UrlValue {
  const url = readUrl(text);
  if (!url) throw new ConditionError('URL parse error');
  return url;
}

function hostname({ host }: UrlValue): string {
  return /^\[(.*)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, '');
}

function readQuery({ query }: UrlValue): Map<string, string[]> {
  const result = new Map<string, string[]>();
  for (const part of query.split('&').filter((piece) => piece !== '')) {
    const [key = '', ...rest] = part.split('=');
    if (/[%+;]/.test(part)) throw new AbstainError('a query to unescape');
    result.set(key, [...(result.get(key) ?? []), rest.join('=')]);
  }
  return result;
}

const URL_TYPE = 'kubernetes.URL';

export const urlFunctions: FunctionTable = {
  [`url(string): ${URL_TYPE}`]: parse,
  'isURL(string): bool': (text: string) => readUrl(text) !== undefined,
  [`${URL_TYPE}.getScheme(): string`]: ({ scheme }: UrlValue) => scheme,
  [`${URL_TYPE}.getHost(): string`]: ({ host }: UrlValue) => host,
  [`${URL_TYPE}.getHostname(): string`]: hostname,
  [`${URL_TYPE}.getPort(): string`]: ({ host }: UrlValue) => /:(\d*)$/.exec(host)?.[1] ?? '',
  [`${URL_TYPE}.getEscapedPath(): string`]: ({ path }: UrlValue) => path,
  [`${URL_TYPE}.getQuery(): map<string, list<string>>`]: readQuery,
};
