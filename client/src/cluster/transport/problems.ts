import { ClusterProblem, type ClusterProblemKind, type ProblemCause } from '#core/live/ports.ts';
import { isObject, listAt, objectAt, textAt } from '../json.ts';
import { plainText } from '../plainText.ts';

interface StatusRow {
  readonly kind: ClusterProblemKind;
  /** What the status means, before the server's own words. */
  readonly what: string;
  /** What to do, after them. */
  readonly advice: string;
}

const wait = 'Try again in a while.';

/** HTTP status to problem. Statuses that are not listed are of kind `server`. */
const statuses: Readonly<Record<number, StatusRow>> = {
  400: { kind: 'invalid', what: 'The API server cannot use the request', advice: '' },
  401: {
    kind: 'unauthenticated',
    what: 'The API server does not accept the login',
    advice: 'Log in again with the tool that wrote the kubeconfig.',
  },
  403: {
    kind: 'forbidden',
    what: 'The API server does not allow this',
    advice: 'Ask for the right, or use an account that has it.',
  },
  404: { kind: 'absent', what: 'The API server does not have this', advice: 'It may have been deleted meanwhile.' },
  409: { kind: 'conflict', what: 'Somebody else has changed or owns this', advice: 'Look at the newest state first.' },
  413: { kind: 'invalid', what: 'The object is too large for the API server', advice: '' },
  422: { kind: 'invalid', what: 'The API server refuses the object', advice: '' },
  429: { kind: 'busy', what: 'The API server asks to wait', advice: wait },
};

const otherStatus: StatusRow = { kind: 'server', what: 'The API server failed', advice: wait };

/** What an answer with an error status says. `body` is as it was received. */
export function problemOfAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string | string[] | undefined>> = {},
): ClusterProblem {
  const answer = parseStatus(body);
  const retryAfterMs = retryAfterOf(headers['retry-after'], answer);
  const isBusy = status === 503 && retryAfterMs !== undefined;
  const { kind, what, advice } = (isBusy ? statuses[429] : statuses[status]) ?? otherStatus;
  const words = plainText(textAt(answer, 'message') ?? (isObject(answer) ? '' : firstWords(body)), 1000);
  return new ClusterProblem(kind, sentences(`${what} (${status})`, words, advice), {
    status,
    causes: causesOf(answer),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const sentences = (what: string, words: string, advice: string): string =>
  [words === '' ? `${what}.` : `${what}: ${words.replace(/[.\s]*$/, '')}.`, advice]
    .filter((text) => text !== '')
    .join(' ');

function parseStatus(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A proxy's page of HTML says nothing that helps. */
const firstWords = (body: string): string => (/^\s*</.test(body) ? '' : body.slice(0, 300));

const causesOf = (answer: unknown): readonly ProblemCause[] =>
  listAt(objectAt(answer, 'details'), 'causes').map((cause) => ({
    field: plainText(textAt(cause, 'field') ?? '', 300),
    message: plainText(textAt(cause, 'message') ?? '', 1000),
    reason: plainText(textAt(cause, 'reason') ?? '', 100),
  }));

/** From the header, or from the Status object, both in seconds. */
function retryAfterOf(header: string | string[] | undefined, answer: unknown): number | undefined {
  const inBody = objectAt(answer, 'details')['retryAfterSeconds'];
  const seconds = typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : inBody;
  return typeof seconds === 'number' && seconds >= 0 ? seconds * 1000 : undefined;
}

/** A Status object that came as an event, as the last channel of a stream, or as an answer. */
export function problemOfStatus(status: unknown): ClusterProblem {
  const code = isObject(status) ? status['code'] : undefined;
  return problemOfAnswer(typeof code === 'number' ? code : 500, JSON.stringify(status ?? {}));
}
