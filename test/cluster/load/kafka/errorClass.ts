import { protocolErrorsCodesById } from '@platformatic/kafka';

/** The name that Kafka gives to an error code of its protocol. */
export const protocolErrorName = (code: number): string => protocolErrorsCodesById[code] ?? `ERROR_${code}`;

/** Errors of the operating system and of the resolver, in words. */
const systemErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  EPIPE: 'connection lost',
  ETIMEDOUT: 'connect timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'name unknown',
  ENODATA: 'name unknown',
  ESERVFAIL: 'name server failed',
  ETIMEOUT: 'name server timeout',
};

/** The class of what a client threw: the protocol's own name, or the way in which the connection failed. */
export function classifyKafkaError(error: unknown): string {
  for (const one of chain(error)) {
    const known = classifyOne(one);
    if (known !== undefined) return known;
  }
  return error instanceof Error ? `other: ${error.message.slice(0, 80)}` : 'other';
}

/** Whether a client that keeps trying would try again, as Kafka's own do. */
export function isRetriable(errorClass: string): boolean {
  return !givenUp.has(errorClass) && !errorClass.startsWith('other');
}

const givenUp = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_REQUIRED_ACKS',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
]);

function classifyOne(error: Error): string | undefined {
  if ('apiId' in error && typeof error.apiId === 'string') return error.apiId;
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && code in systemErrors) return systemErrors[code];
  // The library gives these no codes of their own.
  if (error.message.startsWith('Request timed out')) return 'request timeout';
  if (/^Connection .*timed out/.test(error.message)) return 'connect timeout';
  return error.message.startsWith('Connection closed') ? 'connection lost' : undefined;
}

/** An error, what it collects and what caused it: the innermost reasons first, because they say most. */
function chain(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const collected: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [...collected.flatMap(chain), ...chain(error.cause), error];
}
