import { ClusterProblem, type ClusterProblemKind } from '#core/live/ports.ts';
import { codeOf } from '../kubeconfig/loadKubeconfig.ts';
import { plainText } from '../plainText.ts';
import { Unanswered } from './wire.ts';

/** The node answers that it takes another version of the protocol only. */
export class UnusualVersion extends Error {
  readonly version: number;

  constructor(version: number) {
    super(`The node wants version ${version} of the protocol.`);
    this.name = 'UnusualVersion';
    this.version = version;
  }
}

/** By error code, the first that matches. */
const ROWS: readonly { readonly when: RegExp; readonly kind: ClusterProblemKind; readonly words: string }[] = [
  {
    when: /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE|NO_CERT)|CERTIFICATE_REQUIRED/,
    kind: 'certificate',
    words: 'wants a certificate of a client, and none is known. Give it one, or let nodetool be asked instead',
  },
  {
    when: /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT)/,
    kind: 'certificate',
    words: 'has a certificate that is not accepted. See which authority signed it',
  },
  {
    when: /^(?:EPROTO|ERR_SSL_)/,
    kind: 'server',
    words: 'speaks neither CQL in plain text nor TLS. See whether it is the port of CQL',
  },
];

/** What was thrown while the port was asked, as the problem it is; `who` begins the sentence. No text of ours names a password. */
export function explain(error: unknown, who: string): ClusterProblem {
  if (error instanceof ClusterProblem) return withName(error, who);
  const cause = error instanceof Unanswered ? error.cause : error;
  const code = cause instanceof Error ? (codeOf(cause) ?? '') : '';
  const row = ROWS.find(({ when }) => when.test(code));
  if (row) return new ClusterProblem(row.kind, `${who} ${row.words} (${code}).`, { cause: error });
  return new ClusterProblem('unreachable', `${who} closed the connection without an answer; CQL is not open there.`, {
    cause: error,
  });
}

/** Problems of our own begin in the middle of a sentence; those of the tunnel are whole. */
function withName(problem: ClusterProblem, who: string): ClusterProblem {
  if (!/^[a-z]/.test(problem.message)) return problem;
  const { kind, message, causes, status } = problem;
  const text = `${who}: ${plainText(message, 400)}`;
  return new ClusterProblem(kind, text, { cause: problem, causes, ...(status === undefined ? {} : { status }) });
}
