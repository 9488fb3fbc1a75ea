import { ClusterProblem, type ClusterProblemKind } from '#core/live/ports.ts';
import { codeOf } from '../kubeconfig/loadKubeconfig.ts';
import { plainText } from '../plainText.ts';

interface NetworkRow {
  readonly codes: RegExp;
  readonly kind: ClusterProblemKind;
  /** With the server's address before or inside; `$` stands for it. */
  readonly message: string;
}

/** Error codes of Node and of the HTTP client to problems; the first row that fits counts. */
const rows: readonly NetworkRow[] = [
  {
    codes: /^ECONNREFUSED$/,
    kind: 'unreachable',
    message: 'Nothing answers at $: the connection is refused. See whether the cluster runs and the address is right.',
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/,
    kind: 'unreachable',
    message: 'The name of $ is not known here. See whether you are in the right network or VPN.',
  },
  {
    codes: /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|NO_ANSWER)$/,
    kind: 'unreachable',
    message: '$ does not answer in time. See whether you are in the right network or VPN.',
  },
  {
    codes: /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN)$/,
    kind: 'unreachable',
    message: 'There is no way to $ from here. See whether you are in the right network or VPN.',
  },
  {
    codes: /^PROXY_REFUSED$/,
    kind: 'unreachable',
    message: 'The proxy does not connect to $. See the proxy of the kubeconfig and of the environment.',
  },
  {
    codes: /^CERT_HAS_EXPIRED$/,
    kind: 'certificate',
    message:
      'The certificate of $ has expired. Renew it on the server; if it is valid, set the clock of this computer.',
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    kind: 'certificate',
    message:
      'The certificate of $ is not valid yet. Set the clock of this computer, or see who issued the certificate.',
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    kind: 'certificate',
    message: 'The certificate of $ is for another name. Correct the address, or set tls-server-name in the kubeconfig.',
  },
  {
    codes: /SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|CERT_CHAIN_TOO_LONG|INVALID_CA/,
    kind: 'certificate',
    message:
      'The certificate of $ is signed by an authority that is not trusted. See certificate-authority in the kubeconfig.',
  },
  {
    codes: /^(ERR_OSSL_|ERR_CRYPTO_|UNREADABLE_CERTIFICATE)/,
    kind: 'certificate',
    message: 'The certificate or key that the kubeconfig has for $ cannot be read. Let it be written again.',
  },
  {
    codes: /ALERT_(BAD_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERT|NO_CERT)|ALERT_CERT/,
    kind: 'certificate',
    message:
      '$ does not accept the certificate of the kubeconfig. Log in again with the tool that wrote the kubeconfig.',
  },
  {
    codes: /^(ERR_SSL_|EPROTO)/,
    kind: 'unreachable',
    message: '$ does not speak TLS as expected. See whether the address and its port are those of the API server.',
  },
  {
    codes: /^ANSWER_TOO_LARGE$/,
    kind: 'server',
    message: 'The answer of $ is larger than is safe to read. Ask for less at once.',
  },
];

/** Of whatever has no code at all. */
const unexpected = 'Something unexpected went wrong with $.';
const brokenConnection = 'The connection to $ broke. It may be the network or a restart of the API server; try again.';

/** Whatever a connection failed with, as a problem. `server` is its address, or the host of a proxy. */
export function problemOfFailure(error: unknown, server: string): ClusterProblem {
  if (error instanceof ClusterProblem) return error;
  const code = deepestCode(error);
  const row = rows.find(({ codes }) => code !== undefined && codes.test(code));
  const message = (row?.message ?? (code === undefined ? unexpected : brokenConnection)).replace('$', () =>
    plainText(server, 300),
  );
  const detail = code === undefined ? ` ${plainText(String(error), 300)}` : ` (${code})`;
  return new ClusterProblem(row?.kind ?? (code === undefined ? 'server' : 'unreachable'), `${message}${detail}`, {
    cause: error,
  });
}

/** The code of an error or of what caused it. */
function deepestCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const parts: unknown[] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return deepestCode(error.cause) ?? parts.map(deepestCode).find((code) => code !== undefined) ?? codeOf(error);
}

/** An error with a code of our own from the table above. */
export const failureOf = (
  code: 'NO_ANSWER' | 'PROXY_REFUSED' | 'ANSWER_TOO_LARGE' | 'UNREADABLE_CERTIFICATE',
  text: string,
): Error => Object.assign(new Error(text), { code });
