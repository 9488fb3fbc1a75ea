import { protocolErrorsCodesById, ResponseError } from '@platformatic/kafka';
import { ClusterProblem } from '#core/live/ports.ts';
import { problemOfCode } from '#core/systems/kafka/admin.ts';

/** The name that Kafka gives to an error code of its protocol. */
export function nameOfCode(code: number): string {
  return protocolErrorsCodesById[code] ?? `error ${code}`;
}

/** @throws ClusterProblem unless the code is 0 */
export function rejectOnError(code: number, what: string): void {
  if (code !== 0) throw problemOfCode(code, nameOfCode(code), what);
}

/** What the library or Node threw while `who` was asked, as the problem it is. Passwords are in none of these texts. */
export function problemOf(error: unknown, who: string): ClusterProblem {
  if (error instanceof ClusterProblem) return error;
  const all = chain(error);
  const code = all.map(protocolCode).find((one) => one !== undefined);
  if (code !== undefined) return problemOfCode(code, nameOfCode(code), `${who} refuses`);
  const row = ROWS.find(({ when }) => all.some((one) => when.test(`${codeOf(one)} ${one.message}`)));
  const told = all.at(-1)?.message ?? String(error);
  const { kind, words } = row ?? { kind: 'server' as const, words: `cannot be asked: ${told}` };
  return new ClusterProblem(kind, `${who} ${words.replace('%s', told)}`, { cause: error });
}

/** By error code and message, the first that matches. `%s` is the innermost message. */
const ROWS: readonly { readonly when: RegExp; readonly kind: ClusterProblem['kind']; readonly words: string }[] = [
  { when: /^PLT_KFK_AUTHENTICATION /, kind: 'unauthenticated', words: 'does not accept the login' },
  { when: /Broker requires TLS/, kind: 'configuration', words: 'speaks TLS at this port' },
  {
    when: /TLS handshake failed|^EPROTO |wrong version number|^ERR_SSL_WRONG_VERSION/,
    kind: 'configuration',
    words: 'does not speak TLS at this port',
  },
  {
    when: /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|ERR_OSSL|ERR_SSL_TLSV)|certificate/i,
    kind: 'certificate',
    words: 'has a certificate that is not accepted: %s',
  },
  { when: /timed out/i, kind: 'unreachable', words: 'did not answer in time' },
  { when: /ECONNREFUSED/, kind: 'unreachable', words: 'refused the connection' },
  { when: /Connection closed|ECONNRESET|EPIPE|socket hang up/, kind: 'unreachable', words: 'closed the connection' },
  { when: /^PLT_KFK_NETWORK /, kind: 'unreachable', words: 'cannot be reached: %s' },
];

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function protocolCode(error: Error): number | undefined {
  return 'code' in error && error.code === 'PLT_KFK_PROTOCOL' && 'apiCode' in error && typeof error.apiCode === 'number'
    ? error.apiCode
    : undefined;
}

/** An error, what it collects and what caused it, outermost first. */
function chain(error: unknown): readonly Error[] {
  if (!(error instanceof Error)) return [];
  const collected: unknown[] = error instanceof ResponseError || error instanceof AggregateError ? error.errors : [];
  return [error, ...collected.flatMap(chain), ...chain(error.cause)];
}
