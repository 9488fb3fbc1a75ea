/** What the API server answers instead of an object. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: number,
    reason: string,
    message: string,
    details: { causes?: readonly StatusCause[]; retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.causes = details.causes ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** The Status object that carries a refusal. */
export function statusOf(error: ApiError): Readonly<Record<string, unknown>> {
  const hasDetails = error.causes.length > 0 || error.retryAfterSeconds !== undefined;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    reason: error.reason,
    code: error.code,
    ...(hasDetails && {
      details: {
        ...(error.causes.length > 0 && { causes: error.causes }),
        ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
      },
    }),
  };
}

export function notFound(plural: string, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${plural} "${name}" not found`);
}

export function conflict(plural: string, name: string, why: string): ApiError {
  return new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${plural} "${name}": ${why}`);
}

export function invalid(kind: string, name: string, causes: readonly StatusCause[]): ApiError {
  const faults = causes.map(({ field, message }) => `${field}: ${message}`).join(', ');
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${faults}`, { causes });
}
