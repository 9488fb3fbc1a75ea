import { ClusterProblem } from '#core/live/ports.ts';
import { isObject } from '../json.ts';

/**
 * The token of the old provider `oidc`, as long as it is valid. It is not renewed here: the answer may replace the refresh
 * token, and whoever does not store that in the kubeconfig locks out kubectl.
 * @param now milliseconds since 1970
 */
export function readOidcToken(
  user: string,
  provider: { readonly name: string; readonly config: Readonly<Record<string, string>> },
  now: number,
): string {
  if (provider.name !== 'oidc') throw new ClusterProblem('login', noLongerSupported(user, provider.name));
  const token = provider.config['id-token'];
  if (token === undefined)
    throw new ClusterProblem('login', `The user ${user} has no OIDC token yet. ${renewByKubectl}`);
  const expiry = expiryOf(token);
  if (expiry !== undefined && expiry <= now) {
    const when = new Date(expiry).toISOString();
    throw new ClusterProblem('login', `The OIDC token of the user ${user} expired at ${when}. ${renewByKubectl}`);
  }
  return token;
}

const renewByKubectl =
  'Run any kubectl command with this context, which renews the token in the kubeconfig; the change is noticed.';

const noLongerSupported = (user: string, name: string): string =>
  `The user ${user} logs in with the provider ${name}, which Kubernetes no longer supports. ` +
  'Let the tool of your cloud write the kubeconfig again, which then names a login plugin.';

/** From a JSON web token; in milliseconds since 1970. */
export function expiryOf(token: string): number | undefined {
  const [, payload = ''] = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const expiry = isObject(claims) ? claims['exp'] : undefined;
    return typeof expiry === 'number' ? expiry * 1000 : undefined;
  } catch {
    return undefined;
  }
}
