/** Why a number is no port, as the end of a sentence that begins with the number. */
export function portNumberProblem(port: number): string | undefined {
  return port >= 1 && port <= 65_535 ? undefined : 'must be from 1 to 65535';
}

/** Whether a number fits the field's 32 bits; one that does not never gets past the decoder. */
export function isInt32(value: number): boolean {
  return value >= -(2 ** 31) && value < 2 ** 31;
}
