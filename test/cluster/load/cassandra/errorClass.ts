import { errors, types } from 'cassandra-driver';

/** Codes of the CQL protocol, in words. */
const responseCodes: ReadonlyMap<number, string> = new Map([
  [types.responseErrorCodes.unavailableException, 'unavailable'],
  [types.responseErrorCodes.overloaded, 'overloaded'],
  [types.responseErrorCodes.isBootstrapping, 'bootstrapping'],
  [types.responseErrorCodes.writeTimeout, 'write timeout'],
  [types.responseErrorCodes.readTimeout, 'read timeout'],
  [types.responseErrorCodes.readFailure, 'read failure'],
  [types.responseErrorCodes.writeFailure, 'write failure'],
  [types.responseErrorCodes.unprepared, 'unprepared'],
  [types.responseErrorCodes.unauthorized, 'unauthorized'],
  [types.responseErrorCodes.badCredentials, 'bad credentials'],
  [types.responseErrorCodes.serverError, 'server error'],
  [types.responseErrorCodes.protocolError, 'protocol error'],
  [types.responseErrorCodes.invalid, 'invalid'],
]);

/**
 * The class of what the driver threw. `unavailable` means that the coordinator knew too few replicas to be up and did
 * not even try: the one that a careful restart must never cause.
 */
export function classifyCqlError(error: unknown): string {
  if (error instanceof errors.NoHostAvailableError) return `no host (${innerClasses(error.innerErrors)})`;
  if (error instanceof errors.ResponseError) {
    return responseCodes.get(error.code) ?? `response 0x${error.code.toString(16)}`;
  }
  if (error instanceof errors.OperationTimedOutError) return 'client timeout';
  if (error instanceof errors.BusyConnectionError) return 'busy connection';
  if (error instanceof errors.AuthenticationError) return 'bad credentials';
  if (!(error instanceof Error)) return 'other';
  return isLostConnection(error) ? 'connection lost' : `other: ${error.message.slice(0, 80)}`;
}

function isLostConnection(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^E(CONN|PIPE|HOSTUN|NETUN|TIMEDOUT)/.test(code)) return true;
  return /socket (was )?closed|socket hang up|connection (is )?(closed|not ready)|not connected/i.test(error.message);
}

/** Why the hosts that were tried did not serve, each reason once. */
function innerClasses(inner: unknown): string {
  const reasons = typeof inner === 'object' && inner !== null ? Object.values(inner).map(classifyCqlError) : [];
  return reasons.length === 0 ? 'none tried' : [...new Set(reasons)].toSorted().join(', ');
}
