import { ClusterProblem } from '#core/live/ports.ts';
import { plainText } from '../plainText.ts';

const CLOSED = 'closed the connection';

/** By error code and message, the first that matches. `%s` is the innermost message. */
const ROWS: readonly { readonly when: RegExp; readonly kind: ClusterProblem['kind']; readonly words: string }[] = [
  { when: /^ANSWER_TOO_LARGE /, kind: 'server', words: 'answers with more than is safe to read' },
  {
    when: /^(?:NO_ANSWER|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT) /,
    kind: 'unreachable',
    words: 'did not answer in time',
  },
  {
    when: /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERT|NO_CERT)|alert (?:bad certificate|certificate|unknown ca|unsupported certificate)/i,
    kind: 'certificate',
    words: 'does not accept our certificate: %s',
  },
  {
    when: /^(?:ERR_OSSL_|ERR_CRYPTO_)|PEM_read_bio|no start line/,
    kind: 'certificate',
    words: 'cannot be connected to: the certificate, its key or its authority is no PEM that can be read',
  },
  {
    when: /^(?:EPROTO|ERR_SSL_)|wrong version number/,
    kind: 'configuration',
    words: 'does not speak TLS at this port',
  },
  {
    when: /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT)|certificate/i,
    kind: 'certificate',
    words: 'has a certificate that is not accepted: %s',
  },
  { when: /^HPE_/, kind: 'configuration', words: 'does not speak HTTP at this port' },
  { when: /^ECONNREFUSED /, kind: 'unreachable', words: 'refused the connection' },
  { when: /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET) /, kind: 'unreachable', words: CLOSED },
];

/** What the client or Node threw while `who` was asked, as the problem it is. Neither keys nor bodies are in these texts. */
export function problemOfPod(error: unknown, who: string, isTls: boolean): ClusterProblem {
  if (error instanceof ClusterProblem) return error;
  const all = chain(error);
  const row = ROWS.find(({ when }) => all.some((one) => when.test(`${codeOf(one)} ${one.message}`)));
  const told = plainText(all.at(-1)?.message ?? String(error), 200);
  const { kind, words } = row ?? { kind: 'server' as const, words: 'cannot be asked: %s' };
  const guess = isTls && words === CLOSED ? ', as it does when it does not accept our certificate' : '';
  return new ClusterProblem(kind, `${who} ${words.replace('%s', () => told)}${guess}.`, { cause: error });
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** An error and what caused it, outermost first. */
const chain = (error: unknown): readonly Error[] => (error instanceof Error ? [error, ...chain(error.cause)] : []);
